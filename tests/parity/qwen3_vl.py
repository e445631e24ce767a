"""Goldens for the Qwen3-VL code, made by Python's transformers in f32.

    venv/bin/python tests/parity/qwen3_vl.py

Made with transformers 5.23 and torch 2.15. Writes tests/golden/qwen3_vl/NAME/, as asked.py has it, for two tiny random
checkpoints: `wide` (head width of its own, features of two inner layers out of order) and `tied` (tied embeddings, one
inner layer). vlm/tests/families/qwen3_vl.rs reads them.
"""

import json

import torch
from PIL import Image
from transformers import PreTrainedTokenizerFast, Qwen2VLImageProcessor, Qwen3VLConfig, Qwen3VLForConditionalGeneration
from transformers import Qwen3VLProcessor, Qwen3VLVideoProcessor

from asked import GOLDEN, byte_tokenizer, levels, randomise, save_weights, write_goldens

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>"]
CLOSING = "<|im_end|>\n"
TEMPLATE = """{%- for message in messages %}
    {{- '<|im_start|>' + message.role + '\\n' }}
    {%- if message.content is string %}
        {{- message.content }}
    {%- else %}
        {%- for part in message.content %}
            {%- if part.type == 'image' or 'image' in part %}
                {{- '<|vision_start|><|image_pad|><|vision_end|>' }}
            {%- elif 'text' in part %}
                {{- part.text }}
            {%- endif %}
        {%- endfor %}
    {%- endif %}
    {{- '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
"""

LAYOUTS = {
    # name: (patch, hidden, head width, taps, side of the learnt positions, tied, pixel bounds)
    "wide": (8, 48, 32, [1, 0], 6, False, (64 * 64, 112 * 112)),
    "tied": (7, 32, 16, [0], 4, True, (56 * 56, 84 * 84)),
}


def build(folder, tokenizer, layout):
    patch, hidden, head, taps, side, tied, pixels = layout
    ids = {name: tokenizer.token_to_id(f"<|{name}|>") for name in ["image_pad", "video_pad", "vision_start", "vision_end"]}
    text = dict(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=hidden, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, head_dim=head, rms_norm_eps=1e-6, max_position_embeddings=2048,
        rope_parameters={"rope_type": "default", "rope_theta": 50000.0, "mrope_interleaved": True,
                         "mrope_section": [8, 4, 4] if head == 32 else [4, 2, 2]},
    )
    vision = dict(
        depth=3, hidden_size=32, intermediate_size=64, num_heads=2, in_channels=3, patch_size=patch, temporal_patch_size=2,
        spatial_merge_size=2, out_hidden_size=hidden, num_position_embeddings=side * side, deepstack_visual_indexes=taps,
    )
    config = Qwen3VLConfig(
        text_config=text, vision_config=vision, image_token_id=ids["image_pad"], video_token_id=ids["video_pad"],
        vision_start_token_id=ids["vision_start"], vision_end_token_id=ids["vision_end"], tie_word_embeddings=tied,
    )
    torch.manual_seed(patch)
    model = Qwen3VLForConditionalGeneration(config)
    randomise(model)
    folder.mkdir(parents=True, exist_ok=True)
    save_weights(model, folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "chat_template.jinja").write_text(TEMPLATE)
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=1))
    preprocessor = {"image_processor_type": "Qwen2VLImageProcessorFast", "patch_size": patch, "temporal_patch_size": 2, "merge_size": 2,
                    "size": {"shortest_edge": pixels[0], "longest_edge": pixels[1]}, "image_mean": [0.5] * 3, "image_std": [0.5] * 3}
    (folder / "preprocessor_config.json").write_text(json.dumps(preprocessor, indent=1))


def main():
    torch.set_num_threads(1)
    for name, layout in LAYOUTS.items():
        folder = GOLDEN / "qwen3_vl" / name / "checkpoint"
        patch = layout[0]
        build(folder, byte_tokenizer(SPECIAL), layout)
        model = Qwen3VLForConditionalGeneration.from_pretrained(folder, dtype=torch.float32).eval()
        images = Qwen2VLImageProcessor.from_pretrained(folder)
        tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
        processor = Qwen3VLProcessor(images, tokenizer, Qwen3VLVideoProcessor(), chat_template=TEMPLATE)

        def see(picture):
            inputs = images(images=[Image.fromarray(picture)], return_tensors="pt")
            grid = inputs["image_grid_thw"]
            with torch.no_grad():
                seen = model.model.visual(inputs["pixel_values"], grid_thw=grid)
            # Every patch repeats its frame: the first is enough.
            pixels = inputs["pixel_values"].view(-1, 3, 2, patch, patch)[:, :, 0]
            print(name, picture.shape, grid.tolist(), len(seen.deepstack_features), "inner layers")
            t, h, w = grid[0].tolist()
            return (
                {"levels": levels(pixels, images.image_mean, images.image_std),
                 "vision": torch.cat([seen.pooler_output, *seen.deepstack_features])},
                {"grid": [t, h // 2, w // 2]},
            )

        write_goldens(folder.parent, model, processor, see, CLOSING)


if __name__ == "__main__":
    main()
