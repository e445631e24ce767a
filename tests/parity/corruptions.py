"""The 19 corruptions against PyPI's imagecorruptions; makes tests/golden/corruptions/; with --bench, times both.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install imagecorruptions==1.1.2 "setuptools<81"
    cargo build --release -p flipside-shared --example corrupt
    /tmp/venv/bin/python tests/parity/corruptions.py [--bench]

The deterministic ones (and motion blur, whose one random number is found by trying) are compared pixel by pixel. The
random ones are compared by what a distribution is known by: mean, standard deviation, correlation with neighbours and
energy per octave of what they add to a picture, each as the mean over many seeds.

FLIPSIDE_CORRUPT names the built example where it lies elsewhere than in target/.
"""

import math
import os
import subprocess
import sys
import tempfile
import time
import types
from pathlib import Path

import numpy as np
import scipy.ndimage
import skimage.filters
from PIL import Image

# What imagecorruptions 1.1.2 still calls by names that numpy, scipy and scikit-image have dropped since.
np.float_ = np.float64
interpolation = types.ModuleType("scipy.ndimage.interpolation")
interpolation.map_coordinates = scipy.ndimage.map_coordinates
sys.modules["scipy.ndimage.interpolation"] = interpolation
gaussian = skimage.filters.gaussian


def gaussian_of_old(image, sigma=1, multichannel=False, **options):
    return gaussian(image, sigma=sigma, channel_axis=-1 if multichannel else None, **options)


skimage.filters.gaussian = gaussian_of_old

from imagecorruptions import corrupt, get_corruption_names  # noqa: E402
from imagecorruptions import corruptions as reference  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "golden" / "corruptions"
BINARY = os.environ.get("FLIPSIDE_CORRUPT", str(ROOT.parent / "target" / "release" / "examples" / "corrupt"))

EXACT = ["defocus_blur", "zoom_blur", "gaussian_blur", "brightness", "contrast", "saturate", "pixelate",
         "jpeg_compression"]
RANDOM = ["gaussian_noise", "shot_noise", "impulse_noise", "speckle_noise", "glass_blur", "snow", "frost", "fog",
          "elastic_transform", "spatter"]
SEEDS = 24
# Radius and sigma of motion blur.
MOTION = [(10, 3), (15, 5), (15, 8), (15, 12), (20, 15)]


def hard(width, height):
    """Smooth shading, hard edges, thin lines and noise."""
    rng = np.random.default_rng(7)
    y, x = np.mgrid[0:height, 0:width].astype(float)
    picture = np.stack([255 * x / (width - 1), 127 + 127 * np.sin(x / 5.0) * np.cos(y / 9.0),
                        np.where((x // 12 + y // 12) % 2 == 0, 230.0, 20.0)], axis=-1)
    picture[:, width // 3] = 255
    picture[height // 2] = 0
    picture[: height // 4, : width // 4] = rng.integers(0, 256, (height // 4, width // 4, 3))
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def photo(width, height):
    """Falling energy with frequency and a few edges, as in photographs."""
    rng = np.random.default_rng(3)
    y, x = np.mgrid[0:height, 0:width].astype(float)
    picture = np.zeros((height, width, 3))
    for octave in range(1, 6):
        cells = rng.normal(size=(2**octave + 1, 2**octave + 1, 3))
        scale = (height / cells.shape[0], width / cells.shape[1], 1)
        picture += scipy.ndimage.zoom(cells, scale, order=3)[:height, :width] * 34 / 1.7**octave
    picture += np.array([120.0, 105.0, 90.0])
    picture[(x / width - 0.6) ** 2 + (y / height - 0.4) ** 2 < 0.04] += [60.0, 30.0, -20.0]
    picture[(x > 0.1 * width) & (x < 0.35 * width) & (y > 0.55 * height)] -= [40.0, 10.0, 30.0]
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


class Ours:
    """The example program, fed line by line."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen([BINARY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.pictures = {}

    def run(self, picture, kind, severity, seed, repeats=1, timed=False):
        key = picture.tobytes()
        if key not in self.pictures:
            path = f"{self.folder.name}/{len(self.pictures)}.png"
            Image.fromarray(picture).save(path)
            self.pictures[key] = path
        output = "-" if timed else f"{self.folder.name}/out.png"
        print(self.pictures[key], kind, severity, seed, output, repeats, file=self.process.stdin, flush=True)
        elapsed_ms = float(self.process.stdout.readline())
        return elapsed_ms if timed else np.asarray(Image.open(output).convert("RGB"))


def theirs(picture, kind, severity, seed=0):
    np.random.seed(seed)
    return corrupt(picture, severity=severity, corruption_name=kind)


def moved(picture, severity, angle):
    """The reference's motion blur at an angle, put back by its mean displacement in whole pixels."""
    radius, sigma = MOTION[severity - 1]
    width = 2 * radius + 1
    kernel = reference.getMotionBlurKernel(width, sigma)
    mean = round(float((kernel * np.arange(width)).sum()))
    part = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    dx, dy = (-math.ceil(mean * p - 0.5) for p in part)
    margin = 64
    padded = np.pad(picture, ((margin, margin), (margin, margin), (0, 0)), "edge")
    blurred = np.clip(reference._motion_blur(padded, radius=radius, sigma=sigma, angle=angle), 0, 255).astype(np.uint8)
    height, width = picture.shape[:2]
    return blurred[margin + dy:margin + dy + height, margin + dx:margin + dx + width]


def statistics(picture, result):
    """What a random corruption is known by. The same numbers are computed in shared/tests/corruptions.rs."""
    change = result.astype(float) - picture
    grey = change.mean(axis=2)
    mean, deviation = grey.mean(), grey.std()
    centred = grey - mean
    variance = max(centred.var(), 1e-9)
    height, width = grey.shape
    values = [mean, change.std(axis=(0, 1)).mean(), deviation]
    for dx, dy in ((1, 0), (0, 1), (4, 0), (0, 4), (1, 1)):
        values.append((centred[: height - dy, : width - dx] * centred[dy:, dx:]).mean() / variance)
    octave = centred
    for _ in range(5):
        half = octave.reshape(octave.shape[0] // 2, 2, octave.shape[1] // 2, 2).mean(axis=(1, 3))
        values.append((octave.var() - half.var()) / variance)
        octave = half
    return np.array(values)


NAMES = ["mean", "channel_std", "grey_std", "corr_1_0", "corr_0_1", "corr_4_0", "corr_0_4", "corr_1_1",
         "octave_2", "octave_4", "octave_8", "octave_16", "octave_32"]


def compare(ours):
    small, large = hard(80, 56), hard(448, 333)
    natural = photo(448, 320)
    Image.fromarray(small).save(OUT / "hard.png", optimize=True)
    print("| corruption | severity | within one level, small | large | photo | worst |\n|---|---|---|---|---|---|")
    for kind in EXACT:
        sheet = []
        for severity in range(1, 6):
            shares, worst = [], 0
            for picture in (small, large, natural):
                expected = theirs(picture, kind, severity)
                if picture is small:
                    sheet.append(expected)
                gap = np.abs(expected.astype(int) - ours.run(picture, kind, severity, 0))
                shares.append(f"{100 * (gap <= 1).mean():.3f} %")
                worst = max(worst, gap.max())
            print(f"| {kind} | {severity} | {' | '.join(shares)} | {worst} |", flush=True)
        Image.fromarray(np.concatenate(sheet)).save(OUT / f"{kind}.png", optimize=True)
    sheet = []
    for severity in range(1, 6):
        result = ours.run(small, "motion_blur", severity, 0).astype(int)
        gaps = {angle: (np.abs(result - moved(small, severity, angle)) > 1).mean() for angle in np.arange(-45, 45, 0.25)}
        near = min(gaps, key=gaps.get)
        gaps = {angle: (np.abs(result - moved(small, severity, angle)) > 1).mean()
                for angle in np.arange(near - 0.5, near + 0.5, 0.02)}
        angle = min(gaps, key=gaps.get)
        sheet.append(moved(small, severity, angle))
        print(f"| motion_blur, {angle:.2f} degrees | {severity} | {100 * (1 - gaps[angle]):.3f} % | | | |", flush=True)
    Image.fromarray(np.concatenate(sheet)).save(OUT / "motion_blur.png", optimize=True)


def distributions(ours):
    picture = photo(128, 128)
    Image.fromarray(picture).save(OUT / "photo.png", optimize=True)
    lines = ["kind\tseverity\t" + "\t".join(f"{name}\terror" for name in NAMES)]
    for kind in RANDOM:
        for severity in range(1, 6):
            known = np.array([statistics(picture, theirs(picture, kind, severity, seed)) for seed in range(SEEDS)])
            found = np.array([statistics(picture, ours.run(picture, kind, severity, seed)) for seed in range(SEEDS)])
            error = known.std(axis=0) / math.sqrt(SEEDS)
            pairs = "\t".join(f"{mean:.5g}\t{e:.3g}" for mean, e in zip(known.mean(axis=0), error))
            lines.append(f"{kind}\t{severity}\t{pairs}")
            print(kind, severity)
            for row, values in (("  theirs", known.mean(axis=0)), ("  ours  ", found.mean(axis=0)), ("  error ", error)):
                print(row, " ".join(f"{value:8.3f}" for value in values), flush=True)
    (OUT / "statistics.txt").write_text("\n".join(lines) + "\n")


def bench(ours):
    picture = photo(1024, 1024)
    print(f"1024 x 1024, severity 3, one thread, load {os.getloadavg()[0]:.1f}; shortest of several, ms\n")
    print("| corruption | Flipside | imagecorruptions | ratio |\n|---|---|---|---|")
    for kind in get_corruption_names("all"):
        def once():
            begun = time.perf_counter()
            theirs(picture, kind, 3)
            return 1e3 * (time.perf_counter() - begun)
        first = once()
        known = min([first] + [once() for _ in range(4 if first < 2000 else 1)])
        found = ours.run(picture, kind, 3, 0, repeats=10, timed=True)
        print(f"| {kind} | {found:.1f} | {known:.1f} | {known / found:.1f} |", flush=True)


def main():
    import cv2
    cv2.setNumThreads(1)
    OUT.mkdir(parents=True, exist_ok=True)
    ours = Ours()
    if "--bench" in sys.argv:
        bench(ours)
        return
    if "--random" not in sys.argv:
        compare(ours)
    distributions(ours)


if __name__ == "__main__":
    main()
