"""Goldens for the DINOv2 code, made by Python's transformers in f32.

    venv/bin/python tests/parity/dinov2.py

Made with transformers 5.23 and torch 2.15. Writes tests/golden/dinov2/stretched/: cases.json, golden.safetensors (pixel
levels, features) and a tiny random checkpoint whose positions were learnt on larger pictures than it is shown, as the
published ones' were. vlm/tests/families/dinov2.rs reads them.
"""

import json

import torch
from PIL import Image
from safetensors.torch import save_file
from transformers import BitImageProcessor, Dinov2Config, Dinov2Model

from asked import ENLARGED, GOLDEN, PICTURES, levels, pictures, randomise, repeated, save_weights, weights_hash, write


@torch.no_grad()
def main():
    torch.set_num_threads(1)
    target = GOLDEN / "dinov2" / "stretched"
    folder = target / "checkpoint"
    config = Dinov2Config(hidden_size=32, num_hidden_layers=2, num_attention_heads=2, mlp_ratio=2, image_size=63, patch_size=7)
    torch.manual_seed(1)
    model = Dinov2Model(config)
    randomise(model)
    folder.mkdir(parents=True, exist_ok=True)
    save_weights(model, folder)
    preprocessor = {"image_processor_type": "BitImageProcessor", "resample": 3, "size": {"shortest_edge": 46},
                    "crop_size": {"height": 40, "width": 40}, "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}
    (folder / "preprocessor_config.json").write_text(json.dumps(preprocessor, indent=1))
    model = Dinov2Model.from_pretrained(folder, dtype=torch.float32).eval()
    images = BitImageProcessor.from_pretrained(folder)
    base = pictures()
    save_file({f"picture_{index}": torch.from_numpy(picture) for index, picture in enumerate(base)}, PICTURES)
    shown = [*((index, 1) for index in range(len(base))), ENLARGED]
    pixels = torch.cat([images(images=[Image.fromarray(repeated(base[of], times))], return_tensors="pt")["pixel_values"] for of, times in shown])
    # 40 pixels hold five patches of 7 and a rest that is not looked at.
    tensors = {"levels": levels(pixels, images.image_mean, images.image_std)[..., :35, :35], "features": model(pixels).last_hidden_state}
    write(target, tensors, [], weights_sha256=weights_hash(folder), normalisation=[images.image_mean, images.image_std],
          pictures=[{"tensor": of, "repeat": times, "grid": [1, 5, 5]} for of, times in shown])


if __name__ == "__main__":
    main()
