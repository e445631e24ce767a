"""Pictures per second, the engine against Python's transformers: same checkpoint, pictures, question, machine.

    cargo build --release -p flipside-vlm --example probe_speed
    venv/bin/python tests/bench/engine_vs_transformers.py [--checkpoint vlm/models/embedded] [--threads 2]

24 perturbed pictures of 448 px with 4 options each, from pixels to option scores, resize and tokenizer included. The
rivals take turns so that a busy machine slows all of them alike; the table has the median round. Transformers is
measured in three ways: as the paper's code asks (one pass for each picture and option), with the options of a picture
as a batch, and with everything in one batch.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIDE_PX = 448
QUESTION = "What color is the large cube?"
OPTIONS = ["red", "green", "blue", "yellow"]


def pictures(count):
    import numpy as np

    rng = np.random.default_rng(3)
    y, x = np.mgrid[0:SIDE_PX, 0:SIDE_PX]
    made = []
    for shift in range(count):
        disc = (x - 150 - 6 * shift) ** 2 + (y - 220) ** 2 < 90**2
        picture = np.stack([120 + 60 * np.sin(x / 50), 120 + 60 * np.cos(y / 40), 90 + 0 * x], -1)
        picture[disc] = [210, 40, 50]
        picture += rng.normal(0, 4, picture.shape)
        made.append(picture.clip(0, 255).astype(np.uint8))
    return made


class Reference:
    """Option scores by transformers."""

    def __init__(self, folder, images, threads):
        import torch
        from PIL import Image
        from transformers import AutoProcessor, Qwen2_5_VLForConditionalGeneration

        torch.set_num_threads(threads)
        self.torch = torch
        self.model = Qwen2_5_VLForConditionalGeneration.from_pretrained(folder, dtype=torch.float32).eval()
        self.processor = AutoProcessor.from_pretrained(folder)
        if self.processor.tokenizer.pad_token_id is None:
            self.processor.tokenizer.pad_token = "<|im_end|>"
        self.processor.tokenizer.padding_side = "right"
        self.images = [Image.fromarray(image) for image in images]
        turn = {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": QUESTION}]}
        render = self.processor.apply_chat_template
        self.prompt = render([turn], add_generation_prompt=True, tokenize=False)
        self.texts = [
            render([turn, {"role": "assistant", "content": [{"type": "text", "text": option}]}], tokenize=False)
            for option in OPTIONS
        ]

    def run(self, pairs_per_pass):
        """Scores of all (picture, option) pairs, so many in a pass."""
        torch = self.torch
        pairs = [(image, text) for image in self.images for text in self.texts]
        scores = []
        with torch.inference_mode():
            context = self.processor(text=[self.prompt], images=[self.images[0]], return_tensors="pt")["input_ids"].shape[1]
            for start in range(0, len(pairs), pairs_per_pass):
                part = pairs[start : start + pairs_per_pass]
                inputs = self.processor(
                    text=[text for _, text in part], images=[image for image, _ in part], return_tensors="pt", padding=True
                )
                ids, seen = inputs["input_ids"][:, context:], inputs["attention_mask"][:, context:]
                logits = self.model(**inputs).logits[:, context - 1 : -1]
                log_probs = logits.log_softmax(-1).gather(2, ids.unsqueeze(2)).squeeze(2)
                scores.extend((log_probs * seen).sum(1).tolist())
        return [scores[i : i + len(OPTIONS)] for i in range(0, len(scores), len(OPTIONS))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", type=Path, default=ROOT / "vlm/models/embedded")
    parser.add_argument("--engine", type=Path, default=ROOT / "target/release/examples/probe_speed")
    parser.add_argument("--pictures", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    args = parser.parse_args()

    images = pictures(args.pictures)
    ways = {"one pass a pair": 1, "options batched": len(OPTIONS), "all batched": args.pictures * len(OPTIONS)}
    times = {name: [] for name in ["engine", *ways]}
    reference = Reference(args.checkpoint, images, args.threads)
    with tempfile.TemporaryDirectory() as job:
        job = Path(job)
        opaque = b"".join(bytes(v) for image in images for v in [_with_alpha(image)])
        (job / "pictures.rgba").write_bytes(opaque)
        (job / "job.json").write_text(
            json.dumps({"side_px": SIDE_PX, "rounds": 3, "question": QUESTION, "options": OPTIONS})
        )
        environment = {**os.environ, "RAYON_NUM_THREADS": str(args.threads)}
        reference.run(len(OPTIONS))
        for _ in range(args.rounds):
            output = subprocess.run([args.engine, args.checkpoint, job], env=environment, check=True, capture_output=True)
            engine = json.loads(output.stdout)
            times["engine"].append(statistics.median(engine["seconds"]))
            for name, pairs in ways.items():
                start = time.perf_counter()
                scores = reference.run(pairs)
                times[name].append(time.perf_counter() - start)
    worst = max(abs(a - b) for ours, theirs in zip(engine["scores"], scores) for a, b in zip(ours, theirs))

    rate = {name: args.pictures / statistics.median(seconds) for name, seconds in times.items()}
    print(f"{args.pictures} pictures x {len(OPTIONS)} options, {args.threads} threads, {args.checkpoint}")
    print(f"{'':<28}{'pictures/s':>12}{'engine is':>12}")
    for name, value in rate.items():
        label = name if name == "engine" else f"transformers, {name}"
        print(f"{label:<28}{value:>12.1f}{rate['engine'] / value:>11.1f}x")
    print(f"largest difference of a score: {worst:.1e}")
    print("load average:", *(f"{load:.1f}" for load in os.getloadavg()))
    fastest = max(value for name, value in rate.items() if name != "engine")
    sys.exit(0 if rate["engine"] >= 3 * fastest else "slower than three times the fastest rival")


def _with_alpha(image):
    import numpy as np

    return np.dstack([image, np.full(image.shape[:2], 255, np.uint8)]).tobytes()


if __name__ == "__main__":
    main()
