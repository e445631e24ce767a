"""Makes tests/golden/perturb/: what Pillow and scikit-image make of the paper's perturbations.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install pillow==13.0.0 numpy==2.4.6 scikit-image==0.26.0
    /tmp/venv/bin/python tests/parity/perturb_pillow.py

The input is synthetic: smooth shading, hard edges, thin lines and noise, so that both the flat and the steep
parts of a resampler are met. Each case is one PNG; cases.txt lists them for the test.
"""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from skimage.metrics import structural_similarity

OUT = Path(__file__).resolve().parent.parent / "golden" / "perturb"


def source(width: int, height: int) -> Image.Image:
    rng = np.random.default_rng(7)
    y, x = np.mgrid[0:height, 0:width].astype(float)
    red = 255 * x / (width - 1)
    green = 127 + 127 * np.sin(x / 5.0) * np.cos(y / 9.0)
    blue = np.where((x // 12 + y // 12) % 2 == 0, 230.0, 20.0)
    picture = np.stack([red, green, blue], axis=-1)
    picture[:, width // 3] = 255
    picture[height // 2] = 0
    picture[: height // 4, : width // 4] = rng.integers(0, 256, (height // 4, width // 4, 3))
    return Image.fromarray(np.clip(np.rint(picture), 0, 255).astype(np.uint8), "RGB")


def pad_crop(image: Image.Image, n: int) -> Image.Image:
    if n >= 0:
        return ImageOps.expand(image, n, (0, 0, 0))
    return image.crop((-n, -n, image.width + n, image.height + n))


def scale(image: Image.Image, factor: float) -> Image.Image:
    return image.resize((round(factor * image.width), round(factor * image.height)), Image.Resampling.BICUBIC)


def scale_pad(image: Image.Image, factor: float, fill: tuple[int, int, int]) -> Image.Image:
    small = scale(image, factor)
    canvas = Image.new("RGB", image.size, fill)
    canvas.paste(small, ((image.width - small.width) // 2, (image.height - small.height) // 2))
    return canvas


def rotate(image: Image.Image, angle: float, keep: bool) -> Image.Image:
    return image.rotate(angle, Image.Resampling.BICUBIC, expand=not keep, fillcolor=(255, 255, 255))


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.glob("*.png"):
        old.unlink()
    image = source(150, 101)
    image.save(OUT / "source.png", optimize=True)
    lines = []

    def case(name: str, result: Image.Image, operation: str) -> None:
        result.save(OUT / f"{name}.png", optimize=True)
        lines.append(f"{name}\t{operation}")

    for n in (16, -4):
        shifted = Image.fromarray(np.roll(np.asarray(image), n, axis=1))
        case(f"translate_{n}", shifted, f'{{"op":"translate","dx_px":{n},"dy_px":0}}')
        case(f"pad_crop_{n}", pad_crop(image, n), f'{{"op":"pad_crop","n_px":{n},"fill":"#000000"}}')
    for factor in (0.9, 0.37, 1.6):
        operation = f'{{"op":"scale","factor":{factor},"restore":false}}'
        case(f"scale_{factor}", scale(image, factor), operation)
    restored = scale(image, 0.9).resize(image.size, Image.Resampling.BICUBIC)
    case("scale_restore", restored, '{"op":"scale","factor":0.9,"restore":true}')
    for name, fill, text in (("black", (0, 0, 0), "#000000"), ("white", (255, 255, 255), "#ffffff")):
        case(f"scale_pad_{name}", scale_pad(image, 0.9, fill), f'{{"op":"scale_pad","factor":0.9,"fill":"{text}"}}')
    for angle, keep in ((30, False), (-30, False), (17.3, True), (90, False), (180, False), (-90, False)):
        operation = f'{{"op":"rotate","angle_deg":{angle},"keep_canvas":{str(keep).lower()},"fill":"#ffffff"}}'
        case(f"rotate_{angle}_{'keep' if keep else 'expand'}", rotate(image, angle, keep), operation)
    (OUT / "cases.txt").write_text("\n".join(lines) + "\n")

    grey = np.asarray(image.convert("L"))
    other = np.asarray(Image.open(OUT / "scale_pad_white.png").convert("L"))
    restored = np.asarray(restored.convert("L"))
    (OUT / "ssim.txt").write_text(
        f"scale_pad_white\t{structural_similarity(grey, other)!r}\n"
        f"scale_restore\t{structural_similarity(grey, restored)!r}\n".replace("np.float64(", "").replace(")", "")
    )

    # Pictures that the tests of the decoder cannot build themselves.
    Image.new("CMYK", (16, 16), (0, 127, 255, 0)).save(OUT / "cmyk.jpg", quality=95)
    frames = [Image.new("RGB", (8, 8), colour) for colour in ((200, 0, 0), (0, 0, 200))]
    frames[0].save(OUT / "animated.webp", save_all=True, append_images=frames[1:], lossless=True, duration=100)


if __name__ == "__main__":
    main()
