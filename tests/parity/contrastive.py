"""Goldens for the CLIP and SigLIP code, made by Python's transformers in f32.

    venv/bin/python tests/parity/contrastive.py

Made with transformers 5.23 and torch 2.15. Writes tests/golden/clip/NAME/ and tests/golden/siglip/NAME/: cases.json (texts,
scale and bias), golden.safetensors (pixel levels, embeddings of length 1, logits) and tiny random checkpoints: of CLIP
`later` (a text ends with a token that config.json names) and `first` (with the highest token, as in the first published
files; sizes as plain numbers), of SigLIP one. vlm/tests/families/contrastive.rs reads them.
"""

import json

import torch
from PIL import Image
from safetensors.torch import save_file
from tokenizers import processors
from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel, PreTrainedTokenizerFast
from transformers import SiglipConfig, SiglipImageProcessor, SiglipModel

from asked import ENLARGED, GOLDEN, PICTURES, QUESTIONS, byte_tokenizer, levels, pictures, randomise, repeated, save_weights
from asked import weights_hash, write

TEXTS = ["", "a cube", "A photo of a shiny red cube!", "two cones", *(question for _, question, _ in QUESTIONS)]
BLOCKS = dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2)


def clip(folder, first):
    tokenizer = byte_tokenizer([])
    tokenizer.add_special_tokens(["<|startoftext|>", "<|endoftext|>"])
    start, end = (tokenizer.token_to_id(token) for token in ("<|startoftext|>", "<|endoftext|>"))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<|startoftext|> $A <|endoftext|>", special_tokens=[("<|startoftext|>", start), ("<|endoftext|>", end)]
    )
    # The first files have 2 here, which the tokenizer never wrote.
    text = dict(vocab_size=tokenizer.get_vocab_size(), max_position_embeddings=60, eos_token_id=2 if first else end,
                bos_token_id=0 if first else start, hidden_act="gelu" if first else "quick_gelu", **BLOCKS)
    vision = dict(image_size=30, patch_size=7 if first else 10, hidden_act="gelu" if first else "quick_gelu", **BLOCKS)
    config = CLIPConfig(text_config=text, vision_config=vision, projection_dim=24)
    torch.manual_seed(first)
    model = CLIPModel(config)
    size = {"size": 33, "crop_size": 30} if first else {"size": {"shortest_edge": 30}, "crop_size": {"height": 30, "width": 30}}
    preprocessor = {"image_processor_type": "CLIPImageProcessor", "resample": 3, **size}
    return tokenizer, model, CLIPImageProcessor, preprocessor


def siglip(folder):
    tokenizer = byte_tokenizer(["<pad>", "</s>"])
    end = tokenizer.token_to_id("</s>")
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", end)])
    text = dict(vocab_size=tokenizer.get_vocab_size(), max_position_embeddings=48, projection_size=32, pad_token_id=end, **BLOCKS)
    vision = dict(image_size=32, patch_size=8, **BLOCKS)
    torch.manual_seed(3)
    model = SiglipModel(SiglipConfig(text_config=text, vision_config=vision))
    preprocessor = {"image_processor_type": "SiglipImageProcessor", "resample": 3, "size": {"height": 32, "width": 32},
                    "image_mean": [0.5] * 3, "image_std": [0.5] * 3}
    return tokenizer, model, SiglipImageProcessor, preprocessor


@torch.no_grad()
def golden(target, tokenizer, model, processor_class, preprocessor):
    folder = target / "checkpoint"
    randomise(model)
    model.logit_scale.data.fill_(2.5)
    folder.mkdir(parents=True, exist_ok=True)
    save_weights(model, folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "preprocessor_config.json").write_text(json.dumps(preprocessor, indent=1))
    model = type(model).from_pretrained(folder, dtype=torch.float32).eval()
    images = processor_class.from_pretrained(folder)
    fast = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"), pad_token="</s>" if "siglip" in str(target) else "<|endoftext|>")
    if "siglip" in str(target):
        asked = {"input_ids": fast(TEXTS, padding="max_length", max_length=48, return_tensors="pt")["input_ids"]}
    else:
        asked = fast(TEXTS, padding=True, return_tensors="pt", return_token_type_ids=False)
    base = pictures()
    save_file({f"picture_{index}": torch.from_numpy(picture) for index, picture in enumerate(base)}, PICTURES)
    shown = [*((index, 1) for index in range(len(base))), ENLARGED]
    pixels = torch.cat([images(images=[Image.fromarray(repeated(base[of], times))], return_tensors="pt")["pixel_values"] for of, times in shown])
    outcome = model(pixel_values=pixels, **asked)
    side = model.config.vision_config.image_size // model.config.vision_config.patch_size * model.config.vision_config.patch_size
    tensors = {
        # What fills no patch is not looked at.
        "levels": levels(pixels, images.image_mean, images.image_std)[..., :side, :side],
        "pictures": outcome.image_embeds, "texts": outcome.text_embeds, "logits": outcome.logits_per_image,
    }
    write(target, tensors, [], weights_sha256=weights_hash(folder), texts=TEXTS, normalisation=[images.image_mean, images.image_std],
          pictures=[{"tensor": of, "repeat": times, "grid": [1, 1, 1]} for of, times in shown])


def main():
    torch.set_num_threads(1)
    for name in ("later", "first"):
        target = GOLDEN / "clip" / name
        golden(target, *clip(target, name == "first"))
    golden(GOLDEN / "siglip" / "base", *siglip(GOLDEN / "siglip" / "base"))


if __name__ == "__main__":
    main()
