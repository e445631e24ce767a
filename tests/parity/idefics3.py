"""Goldens for the Idefics3 and SmolVLM code, made by Python's transformers in f32.

    venv/bin/python tests/parity/idefics3.py

Made with transformers 5.23 and torch 2.15. Writes tests/golden/idefics3/NAME/, as asked.py has it, for two tiny random
checkpoints: `tiles` (Idefics3, pictures split into tiles) and `whole` (SmolVLM, pictures squared). SmolVLM's own
processor differs in video alone and wants another package, so Idefics3's prepares for both.
vlm/tests/families/idefics3.rs reads them.
"""

import json

import torch
from PIL import Image
from transformers import Idefics3Config, Idefics3ForConditionalGeneration, Idefics3ImageProcessor, Idefics3Processor
from transformers import PreTrainedTokenizerFast, SmolVLMConfig, SmolVLMForConditionalGeneration

from asked import GOLDEN, byte_tokenizer, levels, randomise, save_weights, write_goldens

SPECIAL = ["<|im_start|>", "<|im_end|>", "<end_of_utterance>", "<fake_token_around_image>", "<image>", "<global-img>"]
SPECIAL += [f"<row_{row}_col_{column}>" for row in (1, 2) for column in (1, 2)]
CLOSING = "<end_of_utterance>\n"
TEMPLATE = """<|im_start|>{% for message in messages %}
{{- message['role'] | capitalize }}{{ ':' if message['content'][0]['type'] == 'image' else ': ' }}
{%- for part in message['content'] %}
{%- if part['type'] == 'image' %}{{ '<image>' }}{% elif part['type'] == 'text' %}{{ part['text'] }}{% endif %}
{%- endfor %}{{ '<end_of_utterance>\\n' }}{% endfor %}
{%- if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}"""

LAYOUTS = {
    # name: (config class, model class, tile side, scale, hidden, patch, preprocessor)
    "tiles": (Idefics3Config, Idefics3ForConditionalGeneration, 48, 2, 64, 8,
              {"size": {"longest_edge": 96}, "max_image_size": {"longest_edge": 48}, "do_image_splitting": True, "resample": 1}),
    "whole": (SmolVLMConfig, SmolVLMForConditionalGeneration, 45, 3, 32, 5,
              {"size": {"longest_edge": 90}, "max_image_size": {"longest_edge": 45}, "do_image_splitting": False, "resample": 1}),
}


def build(folder, tokenizer, layout):
    config_class, model_class, tile, scale, hidden, patch, preprocessor = layout
    heads = hidden // 16
    text = dict(
        model_type="llama", vocab_size=tokenizer.get_vocab_size(), hidden_size=hidden, intermediate_size=96, num_hidden_layers=2,
        num_attention_heads=heads, num_key_value_heads=heads // 2, rms_norm_eps=1e-5, max_position_embeddings=2048,
        rope_parameters={"rope_type": "default", "rope_theta": 100000.0}, tie_word_embeddings=False, pad_token_id=1,
    )
    vision = dict(
        hidden_size=48, intermediate_size=80, num_hidden_layers=2, num_attention_heads=3, image_size=tile, patch_size=patch,
        hidden_act="gelu_pytorch_tanh",
    )
    config = config_class(
        text_config=text, vision_config=vision, image_token_id=tokenizer.token_to_id("<image>"), scale_factor=scale,
        tie_word_embeddings=False, pad_token_id=1,
    )
    torch.manual_seed(tile)
    model = model_class(config)
    randomise(model)
    folder.mkdir(parents=True, exist_ok=True)
    save_weights(model, folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "chat_template.jinja").write_text(TEMPLATE)
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<end_of_utterance>", "pad_token": "<|im_end|>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=1))
    preprocessor = {"image_processor_type": "Idefics3ImageProcessor", "do_resize": True, "do_pad": True, "image_mean": [0.5] * 3,
                    "image_std": [0.5] * 3, **preprocessor}
    (folder / "preprocessor_config.json").write_text(json.dumps(preprocessor, indent=1))


def main():
    torch.set_num_threads(1)
    for name, layout in LAYOUTS.items():
        folder = GOLDEN / "idefics3" / name / "checkpoint"
        _, model_class, tile, scale, _, patch, _ = layout
        build(folder, byte_tokenizer(SPECIAL), layout)
        model = model_class.from_pretrained(folder, dtype=torch.float32).eval()
        images = Idefics3ImageProcessor.from_pretrained(folder)
        tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
        tokens = (tile // patch // scale) ** 2
        processor = Idefics3Processor(images, tokenizer, image_seq_len=tokens, chat_template=TEMPLATE)

        def see(picture):
            inputs = images(images=[Image.fromarray(picture)], return_tensors="pt", return_row_col_info=True)
            with torch.no_grad():
                features = model.model.get_image_features(inputs["pixel_values"], inputs["pixel_attention_mask"]).pooler_output
            pixels = inputs["pixel_values"][0]
            print(name, picture.shape, "tiles:", tuple(pixels.shape), inputs["rows"], inputs["cols"])
            side = tile // patch // scale
            return (
                {"levels": levels(pixels, images.image_mean, images.image_std), "vision": features[0]},
                {"grid": [1, side, side], "tiles": [inputs["rows"][0][0], inputs["cols"][0][0]]},
            )

        write_goldens(folder.parent, model, processor, see, CLOSING)


if __name__ == "__main__":
    main()
