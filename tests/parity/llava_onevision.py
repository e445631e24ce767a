"""Goldens for the LLaVA-OneVision code, made by Python's transformers in f32.

    venv/bin/python tests/parity/llava_onevision.py

Made with transformers 5.23 and torch 2.15. Writes tests/golden/llava_onevision/NAME/, as asked.py has it, for two tiny
random checkpoints: `reduced` (more finer features than its most, an older layout of names, tied embeddings) and `plain`.
vlm/tests/families/llava_onevision.rs reads them.
"""

import json

import torch
from PIL import Image
from safetensors.torch import save_file
from transformers import LlavaOnevisionConfig, LlavaOnevisionForConditionalGeneration, LlavaOnevisionImageProcessor
from transformers import LlavaOnevisionProcessor, LlavaOnevisionVideoProcessor, PreTrainedTokenizerFast, Qwen2Config, SiglipVisionConfig

from asked import GOLDEN, byte_tokenizer, levels, randomise, save_weights, write_goldens

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<image>", "<video>"]
CLOSING = "<|im_end|>"
# As the published one: all pictures first, a tag for training, and a blank where an answer opens that a prompt has not.
TEMPLATE = """{% for message in messages %}{{ '<|im_start|>' + message['role'] + ' ' }}
{%- for part in message['content'] | selectattr('type', 'equalto', 'image') %}{{ '<image>' }}{% endfor %}
{%- if message['role'] != 'assistant' %}
{%- for part in message['content'] | selectattr('type', 'equalto', 'text') %}{{ '\\n' + part['text'] }}{% endfor %}
{%- else %}
{%- for part in message['content'] | selectattr('type', 'equalto', 'text') %}
{%- generation %}{{ '\\n' + part['text'] }}{% endgeneration %}{% endfor %}
{%- endif %}{{ '<|im_end|>' }}{% endfor %}
{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"""

LAYOUTS = {
    # name: (tile, patch, most tiles, tiles down and across at most, layer, tied)
    "plain": (32, 8, 9, 3, -1, False),
    "reduced": (30, 7, 2, 3, -2, True),
}


def build(folder, tokenizer, layout):
    tile, patch, most, count, layer, tied = layout
    pinpoints = [[tile * row, tile * column] for row in range(1, count + 1) for column in range(1, count + 1)]
    text = Qwen2Config(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=48, intermediate_size=64, num_hidden_layers=2, num_attention_heads=3,
        num_key_value_heads=1, rms_norm_eps=1e-6, max_position_embeddings=2048, tie_word_embeddings=tied,
        rope_parameters={"rope_type": "default", "rope_theta": 50000.0},
    )
    vision = SiglipVisionConfig(
        hidden_size=32, intermediate_size=64, num_hidden_layers=3, num_attention_heads=2, image_size=tile, patch_size=patch,
        vision_use_head=False,
    )
    config = LlavaOnevisionConfig(
        text_config=text, vision_config=vision, image_token_index=tokenizer.token_to_id("<image>"), vision_feature_layer=layer,
        video_token_index=tokenizer.token_to_id("<video>"), image_grid_pinpoints=pinpoints, vision_aspect_ratio=f"anyres_max_{most}",
    )
    torch.manual_seed(tile)
    model = LlavaOnevisionForConditionalGeneration(config)
    randomise(model)
    folder.mkdir(parents=True, exist_ok=True)
    save_weights(model, folder)
    if tied:
        older = {}
        for name, weight in model.state_dict().items():
            if name == "lm_head.weight":
                continue
            name = name.removeprefix("model.").replace("language_model.", "language_model.model.")
            if name.startswith("vision_tower.") and "vision_model" not in name:
                name = name.replace("vision_tower.", "vision_tower.vision_model.")
            older[name] = weight.contiguous()
        save_file(older, folder / "model.safetensors", {"format": "pt"})
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "chat_template.json").write_text(json.dumps({"chat_template": TEMPLATE}, indent=1))
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=1))
    preprocessor = {"image_processor_type": "LlavaOnevisionImageProcessor", "size": {"height": tile, "width": tile}, "resample": 3,
                    "image_grid_pinpoints": pinpoints, "image_mean": [0.5] * 3, "image_std": [0.5] * 3, "do_pad": True}
    (folder / "preprocessor_config.json").write_text(json.dumps(preprocessor))


def main():
    torch.set_num_threads(1)
    for name, layout in LAYOUTS.items():
        folder = GOLDEN / "llava_onevision" / name / "checkpoint"
        tile, patch, *_ = layout
        build(folder, byte_tokenizer(SPECIAL), layout)
        model = LlavaOnevisionForConditionalGeneration.from_pretrained(folder, dtype=torch.float32).eval()
        images = LlavaOnevisionImageProcessor.from_pretrained(folder)
        tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
        side = tile // patch
        processor = LlavaOnevisionProcessor(
            images, tokenizer, LlavaOnevisionVideoProcessor(), num_image_tokens=side * side, vision_feature_select_strategy="full",
            vision_aspect_ratio=model.config.vision_aspect_ratio, chat_template=TEMPLATE,
        )

        def see(picture):
            inputs = images(images=[Image.fromarray(picture)], return_tensors="pt")
            with torch.no_grad():
                features = model.model.get_image_features(**inputs).pooler_output[0]
            # What fills no patch is not looked at.
            pixels = inputs["pixel_values"][0][..., : side * patch, : side * patch]
            print(name, picture.shape, "squares:", len(pixels), "tokens:", len(features))
            return (
                {"levels": levels(pixels, images.image_mean, images.image_std), "vision": features},
                {"grid": [1, side, side]},
            )

        write_goldens(folder.parent, model, processor, see, CLOSING)


if __name__ == "__main__":
    main()
