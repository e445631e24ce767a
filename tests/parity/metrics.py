"""Makes tests/golden/metrics.json: what NumPy, SciPy, scikit-learn, scikit-image and statsmodels make of our metrics.

    python3 -m venv /tmp/venv
    /tmp/venv/bin/pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 scikit-image==0.26.0 statsmodels==0.15.0 \\
        pillow==13.0.0
    /tmp/venv/bin/python tests/parity/metrics.py

Inputs are written beside the outputs. Pictures are made from a formula in whole numbers that tests/tests/metrics.rs
repeats, or are those of tests/golden/perturb. tests/tests/metrics.rs says how near each number has to come, and why.
"""

import json
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage, spatial, stats
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from sklearn import calibration, metrics
from statsmodels.api import OLS

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
RNG = np.random.default_rng(20260206)


def pattern(width: int, height: int) -> np.ndarray:
    """The formula: a smooth ramp, a product that folds over, an offset per channel."""
    y, x, channel = np.mgrid[0:height, 0:width, 0:3]
    return ((3 * x + 5 * y + x * y // 4 + 40 * channel) % 256).astype(np.uint8)


def luma(image: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(image).convert("L"))


def labels() -> dict:
    truth, predicted = RNG.random(200) < 0.5, RNG.random(200) < 0.4
    predicted |= truth & (RNG.random(200) < 0.5)
    negatives = ~truth
    return {
        "truth": truth.tolist(),
        "predicted": predicted.tolist(),
        "accuracy": metrics.accuracy_score(truth, predicted),
        "precision": metrics.precision_score(truth, predicted),
        "recall": metrics.recall_score(truth, predicted),
        "f1": metrics.f1_score(truth, predicted),
        "false_positive_rate": (predicted & negatives).sum() / negatives.sum(),
        "visual_labels": (some := RNG.integers(0, 4, 25)).tolist(),
        "visual_entropy": stats.entropy(np.bincount(some)),
    }


def predictions() -> dict:
    scores = RNG.normal(0, 2, (120, 4))
    truth = RNG.integers(0, 4, 120)
    probabilities = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    # The edges of bins, which belong to the bin below.
    confidence[:4] = [0.5, 0.7, 1.0, 0.3]
    accuracy, mean_confidence = calibration.calibration_curve(right, confidence, n_bins=10)
    counts = np.bincount(np.searchsorted(np.linspace(0, 1, 11)[1:-1], confidence), minlength=10)
    shares = counts[counts > 0] / len(right)
    return {
        "scores": scores.tolist(),
        "truth": truth.tolist(),
        "entropies": stats.entropy(probabilities, axis=1).tolist(),
        "brier": metrics.brier_score_loss(truth, probabilities, labels=range(4), scale_by_half=False),
        "confidence": confidence.tolist(),
        "right": right.tolist(),
        "ece": (shares * abs(accuracy - mean_confidence)).sum(),
        "mce": abs(accuracy - mean_confidence).max(),
    }


def representation() -> dict:
    a, b = RNG.normal(0, 1, 64).astype(np.float32), RNG.normal(0.2, 1, 64).astype(np.float32)
    p, c = RNG.gamma(1.0, 0.05, 40), RNG.gamma(9.0, 0.03, 30)
    pooled = np.sqrt((39 * p.var(ddof=1) + 29 * c.var(ddof=1)) / 68)
    return {
        "a": a.tolist(),
        "b": b.tolist(),
        "cosine_distance": spatial.distance.cosine(a.astype(float), b.astype(float)),
        "l2": spatial.distance.euclidean(a.astype(float), b.astype(float)),
        "perturbation": p.tolist(),
        "control": c.tolist(),
        "percent": 100 * p.mean() / c.mean(),
        "spread_percent": 100 * p.std(ddof=1) / c.mean(),
        "cohens_d": (p.mean() - c.mean()) / pooled,
    }


def radii(height: int, width: int) -> np.ndarray:
    y, x = np.mgrid[0:height, 0:width].astype(float)
    return np.hypot(y - height // 2, x - width // 2)


def band_masks(radius: np.ndarray, binning: str) -> list[np.ndarray]:
    largest = radius.max()
    edges = {
        "log": np.geomspace(1, largest + 1, 4) - 1,
        "equal": np.linspace(0, largest, 4),
        "percentile": np.percentile(radius, [0, 100 / 3, 200 / 3, 100]),
    }[binning]
    return [radius < edges[1], (radius >= edges[1]) & (radius < edges[2]), radius >= edges[2]]


def spectra(image: np.ndarray) -> np.ndarray:
    return np.fft.fftshift(np.fft.fft2(image / 255.0, axes=(0, 1)), axes=(0, 1))


def kept(image: np.ndarray, low: bool, cutoff: float) -> np.ndarray:
    height, width = image.shape[:2]
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)[None])
    frequency /= frequency.max()
    mask = frequency <= cutoff if low else frequency >= cutoff
    filtered = np.fft.ifft2(np.fft.fft2(image / 127.5 - 1, axes=(0, 1)) * mask[..., None], axes=(0, 1)).real
    return np.floor((np.clip(filtered, -1, 1) + 1) * 127.5 + 0.5).astype(np.uint8)


def spectrum() -> dict:
    plane = RNG.normal(0, 1, (7, 12)) + 1j * RNG.normal(0, 1, (7, 12))
    transformed = np.fft.fft2(plane)
    pairs = []
    for first, second in (("source", "translate_16"), ("source", "scale_restore")):
        read = [np.asarray(Image.open(GOLDEN / "perturb" / f"{name}.png").convert("RGB")) for name in (first, second)]
        f, g = map(spectra, read)
        radius = radii(*f.shape[:2])
        for binning in ("log", "equal", "percentile"):
            masks = band_masks(radius, binning)
            both = [abs((f[m] * g[m].conj()).sum(axis=0)) for m in masks]
            scale = [np.sqrt((abs(f[m]) ** 2).sum(axis=0) * (abs(g[m]) ** 2).sum(axis=0)) for m in masks]
            pairs.append({
                "clean": first,
                "perturbed": second,
                "binning": binning,
                "clean_energy": [(abs(f[m]) ** 2).mean() for m in masks],
                "perturbed_energy": [(abs(g[m]) ** 2).mean() for m in masks],
                "coherence_loss": [(1 - b / s).mean() for b, s in zip(both, scale)],
            })
    image = pattern(23, 18)
    filters = [
        {"low": low, "cutoff": cutoff, "pixels": kept(image, low, cutoff).ravel().tolist()}
        for low, cutoff in ((True, 0.25), (True, 5 / 9), (False, 0.25), (False, 1 / 9))
    ]
    return {
        "plane": [[z.real, z.imag] for z in plane.ravel()],
        "transformed": [[z.real, z.imag] for z in transformed.ravel()],
        "pairs": pairs,
        "filters": filters,
    }


def pictures() -> dict:
    clean = pattern(80, 60)
    edited = clean.copy()
    edited[10:25, 8:30] = (250, 20, 20)
    edited[35:50, 50:70] //= 3
    edited[5, 60] ^= 255
    boxes = [(4, 4, 20, 20), (40, 30, 33, 21), (70, 0, 9, 7)]
    change = abs(clean.astype(int) - edited).sum(axis=2)
    mask = ndimage.median_filter(change, 3, mode="nearest") / 3 / 255 > 0.1
    components, count = ndimage.label(mask, np.ones((3, 3)))

    def edges(image: np.ndarray) -> np.ndarray:
        grey = luma(image).astype(int)
        gradient = [abs(ndimage.sobel(grey, axis, mode="nearest")) for axis in (0, 1)]
        return sum(gradient) > 4 * 26

    edges_clean, edges_edited = edges(clean), edges(edited)
    regions = []
    for index, (rows, columns) in enumerate(ndimage.find_objects(components)):
        inside = components == index + 1
        if inside.sum() * 5000 >= clean.shape[0] * clean.shape[1]:
            regions.append({
                "box": [columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start],
                "pixels": int(inside.sum()),
                "edges_clean": edges_clean[inside].mean(),
                "edges_edited": edges_edited[inside].mean(),
            })
    difference = clean.astype(float) - edited
    return {
        "psnr_db": peak_signal_noise_ratio(clean, edited, data_range=255),
        "l2": np.linalg.norm(difference),
        "max": int(abs(difference).max()),
        "mean": abs(difference).mean(),
        "ssim": structural_similarity(luma(clean), luma(edited)),
        "boxes": boxes,
        "box_ssim": [
            structural_similarity(luma(clean)[y : y + h, x : x + w], luma(edited)[y : y + h, x : x + w])
            for x, y, w, h in boxes
        ],
        "regions": regions,
    }


def statistics() -> dict:
    x = RNG.normal(0, 1, 60)
    y = 0.6 * x + RNG.normal(0, 1, 60)
    tied = np.round(2 * y) / 2
    few, many = RNG.normal(0.4, 1, 14), np.round(RNG.normal(0.15, 1, 90), 1)
    eleven = RNG.normal(0.3, 1, 11)
    permuted = stats.permutation_test(
        (eleven,), np.mean, permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
    )
    groups = RNG.integers(0, 12, 60)
    clustered = OLS(y, np.ones(60)).fit(cov_type="cluster", cov_kwds={"groups": groups})
    skewed = RNG.gamma(1.0, 1.0, 25)
    bootstraps = {
        method: stats.bootstrap((skewed,), np.mean, n_resamples=400, method=method, rng=np.random.default_rng(5))
        for method in ("percentile", "BCa")
    }
    distribution = bootstraps["BCa"].bootstrap_distribution
    assert (distribution == bootstraps["percentile"].bootstrap_distribution).all()
    return {
        "x": x.tolist(),
        "y": y.tolist(),
        "tied": tied.tolist(),
        "pearson": stats.pearsonr(x, y).statistic,
        "spearman": stats.spearmanr(x, y).statistic,
        "spearman_tied": stats.spearmanr(x, tied).statistic,
        "few": few.tolist(),
        "wilcoxon_exact": stats.wilcoxon(few, method="exact").pvalue,
        "many": many.tolist(),
        "wilcoxon_normal": stats.wilcoxon(many, method="asymptotic", correction=False).pvalue,
        "mcnemar": [
            {"first": b, "second": c, "p": stats.binomtest(b, b + c, 0.5).pvalue}
            for b, c in ((3, 12), (40, 61), (700, 655), (0, 9), (5, 5))
        ],
        "eleven": eleven.tolist(),
        "sign_flip": permuted.pvalue,
        "groups": groups.tolist(),
        "clustered_error": clustered.bse[0],
        "skewed": skewed.tolist(),
        "distribution": distribution.tolist(),
        "bootstrap_error": bootstraps["BCa"].standard_error,
        "percentile": list(bootstraps["percentile"].confidence_interval),
        "bca": list(bootstraps["BCa"].confidence_interval),
    }


def main() -> None:
    families = (labels, predictions, representation, spectrum, pictures, statistics)
    golden = {family.__name__: family() for family in families}
    text = json.dumps(golden, indent=0, default=lambda value: value.item())
    (GOLDEN / "metrics.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
