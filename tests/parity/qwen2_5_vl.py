"""Goldens for the Qwen2.5-VL code, made by Python's transformers in f32.

    python -m venv venv && venv/bin/pip install torch torchvision transformers pillow numpy safetensors
    venv/bin/python tests/parity/qwen2_5_vl.py                       # the two tiny random checkpoints and their goldens
    venv/bin/python tests/parity/qwen2_5_vl.py vlm/models/embedded   # goldens of a trained checkpoint

Made with transformers 5.23 and torch 2.15. Writes tests/golden/qwen2_5_vl/NAME/: cases.json (what was asked and what
came out), golden.safetensors (pictures, pixel levels, vision tokens, hidden states, logits) and, for the random ones,
checkpoint/. vlm/tests/qwen2_5_vl.rs reads them.
"""

import json
import os
import sys
from pathlib import Path

import torch
from PIL import Image
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoProcessor, Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration
from transformers import Qwen2VLImageProcessorPil

from asked import GOLDEN as ALL_GOLDENS
from asked import QUESTIONS, byte_tokenizer, corpus, pictures, prompt_text, randomise, score, weights_hash, write

GOLDEN = ALL_GOLDENS / "qwen2_5_vl"
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>"]

# Short, as in the embedded model: no roles, the image first.
SHORT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{% if message['content'] is string %}{{ message['content'] }}"
    "{% else %}{% for part in message['content'] %}{% if part['type'] == 'image' %}<|vision_start|><|image_pad|><|vision_end|>"
    "{% elif 'text' in part %}{{ part['text'] }}{% endif %}{% endfor %}{% endif %}<|im_end|>{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>{% endif %}"
)
# Long: a default system turn, roles, line breaks after every turn, as instruction-tuned checkpoints have them.
LONG_TEMPLATE = """{% set images = namespace(seen=0) %}
{% for message in messages %}
    {% if loop.first and message['role'] != 'system' %}
<|im_start|>system
You look closely.<|im_end|>
    {% endif %}
<|im_start|>{{ message['role'] }}
    {%- if message['content'] is string %}

{{ message['content'].strip() }}<|im_end|>
    {% else %}

        {%- for part in message['content'] %}
            {%- if part['type'] == 'image' or 'image_url' in part %}
                {%- set images.seen = images.seen + 1 %}
                {%- if images.seen == 1 %}{{ '\\n' }}{% endif %}<|vision_start|><|image_pad|><|vision_end|>
            {%- elif 'text' in part %}
                {%- if message['role'] == 'assistant' %}{{ '\\n' }}{% endif %}{{ part['text'] }}
            {%- endif %}
        {%- endfor %}<|im_end|>
    {% endif %}
{% endfor %}
{% if add_generation_prompt %}
<|im_start|>assistant
{% endif %}"""

EMBEDDED_QUESTIONS = [
    ("plain", "What color is the large object?", ["red", "green", "blue", "yellow"]),
    ("plain", "How many objects are there?", ["0", "1", "2", "3", "4"]),
    ("plain", "Is there a red cube?", ["yes", "no"]),
]


def word_tokenizer():
    """One token a word, as in the embedded model."""
    words = sorted({piece for text in corpus() for piece, _ in pre_tokenizers.Whitespace().pre_tokenize_str(text)})
    vocab = {token: index for index, token in enumerate([*SPECIAL, "<unk>", *words])}
    tokenizer = Tokenizer(models.WordLevel(vocab, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.add_special_tokens(SPECIAL)
    return tokenizer


def build(folder, tokenizer, template, patch, window, pixels, later_layout):
    """A random checkpoint in f16, in the layout that transformers 5 writes or in the published one."""
    ids = {name: tokenizer.token_to_id(f"<|{name}|>") for name in ["image_pad", "video_pad", "vision_start", "vision_end"]}
    text = dict(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, rms_norm_eps=1e-6, max_position_embeddings=4096,
    )
    vision = dict(
        depth=3, hidden_size=64, intermediate_size=80, num_heads=4 if patch == 8 else 2, in_channels=3, patch_size=patch,
        temporal_patch_size=2, spatial_merge_size=2, window_size=window, fullatt_block_indexes=[1], out_hidden_size=64,
    )
    rope = {"rope_type": "default", "type": "default", "mrope_section": [2, 3, 3], "rope_theta": 10000.0}
    tied = patch == 8
    config = Qwen2_5_VLConfig(
        text_config={**text, "rope_parameters": rope}, vision_config=vision, image_token_id=ids["image_pad"],
        video_token_id=ids["video_pad"], vision_start_token_id=ids["vision_start"], vision_end_token_id=ids["vision_end"],
        tie_word_embeddings=tied,
    )
    torch.manual_seed(patch)
    model = Qwen2_5_VLForConditionalGeneration(config)
    randomise(model)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {"tokenizer_class": "Qwen2TokenizerFast" if patch == 14 else "PreTrainedTokenizerFast", "eos_token": "<|im_end|>",
                "pad_token": "<|endoftext|>", "model_max_length": 4096}
    processor = {"image_processor_type": "Qwen2VLImageProcessor", "processor_class": "Qwen2_5_VLProcessor", "patch_size": patch,
                 "temporal_patch_size": 2, "merge_size": 2}
    if later_layout:
        model.half().save_pretrained(folder)
        # The library writes the published names; a checkpoint under its own later names must load as well.
        later = {name: weight.contiguous() for name, weight in model.state_dict().items()}
        save_file(later, folder / "model.safetensors", {"format": "pt"})
        processor["size"] = {"shortest_edge": pixels[0], "longest_edge": pixels[1]}
        (folder / "chat_template.jinja").write_text(template)
    else:
        published = {}
        for name, weight in model.state_dict().items():
            name = name.replace("model.language_model.", "model.").replace("model.visual.", "visual.")
            if not (tied and name == "lm_head.weight"):
                published[name] = weight.half().contiguous()
        save_file(published, folder / "model.safetensors", {"format": "pt"})
        vision["in_chans"] = vision.pop("in_channels")
        flat = {"architectures": ["Qwen2_5_VLForConditionalGeneration"], "model_type": "qwen2_5_vl", "hidden_act": "silu",
                "image_token_id": ids["image_pad"], "video_token_id": ids["video_pad"], "vision_start_token_id": ids["vision_start"],
                "vision_end_token_id": ids["vision_end"], **text, "rope_theta": 10000.0, "tie_word_embeddings": tied,
                "rope_scaling": {"type": "mrope", "mrope_section": [2, 3, 3]}, "vision_config": vision, "torch_dtype": "float16"}
        (folder / "config.json").write_text(json.dumps(flat, indent=1))
        processor |= {"min_pixels": pixels[0], "max_pixels": pixels[1], "image_mean": [0.5] * 3, "image_std": [0.5] * 3}
        (folder / "chat_template.json").write_text(json.dumps({"chat_template": template}, indent=1))
    (folder / "preprocessor_config.json").write_text(json.dumps(processor, indent=1))
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=1))


def golden(name, folder, questions, checkpoint):
    model = Qwen2_5_VLForConditionalGeneration.from_pretrained(folder, dtype=torch.float32).eval()
    processor = AutoProcessor.from_pretrained(folder)
    slow = Qwen2VLImageProcessorPil.from_pretrained(folder)
    std, mean = (torch.tensor(v) for v in (processor.image_processor.image_std, processor.image_processor.image_mean))
    tensors, cases = {}, []
    for index, picture in enumerate(pictures()):
        inputs = processor.image_processor(images=[Image.fromarray(picture)], return_tensors="pt")
        pixels, grid = inputs["pixel_values"], inputs["image_grid_thw"]
        levels = lambda p: ((p.view(len(p), 3, -1) * std[None, :, None] + mean[None, :, None]) * 255).round().to(torch.uint8)
        by_pillow = levels(slow(images=[Image.fromarray(picture)], return_tensors="pt")["pixel_values"])
        print(name, picture.shape, grid.tolist(), "torchvision against Pillow, levels:",
              (levels(pixels).int() - by_pillow.int()).abs().max().item())
        with torch.no_grad():
            vision = model.model.visual(pixels, grid_thw=grid).pooler_output
        tensors[f"picture_{index}"] = torch.from_numpy(picture)
        # Every patch repeats its frame: the first is enough.
        tensors[f"levels_{index}"] = levels(pixels)[:, :, : pixels.shape[1] // 6].contiguous()
        tensors[f"vision_{index}"] = vision.contiguous()
        for asked in range(len(questions)) if index < 2 else [index % len(questions)]:
            regime, question, options = questions[asked]
            outcome = score(model, processor, picture, prompt_text(regime, question, options), options)
            key = f"{index}_{asked}"
            tensors[f"context_{key}"] = outcome.pop("context_state").contiguous()
            tensors[f"logits_{key}"] = outcome.pop("logits").contiguous()
            cases.append({"key": key, "picture": index, "grid": grid[0].tolist(), "regime": regime, "question": question,
                          "options": options, **outcome})
    write(GOLDEN / name, tensors, cases, checkpoint=checkpoint, weights_sha256=weights_hash(folder))


def main():
    torch.set_num_threads(1)
    if len(sys.argv) > 1:
        folder = Path(sys.argv[1]).resolve()
        checkpoint = os.path.relpath(folder, GOLDEN / folder.name)
        golden(folder.name, folder, EMBEDDED_QUESTIONS, checkpoint)
        return
    layouts = {
        "patch14": (byte_tokenizer(SPECIAL), LONG_TEMPLATE, 14, 56, (56 * 56, 112 * 112), True),
        "patch8": (word_tokenizer(), SHORT_TEMPLATE, 8, 64, (112 * 112, 112 * 112), False),
    }
    for name, layout in layouts.items():
        build(GOLDEN / name / "checkpoint", *layout)
        golden(name, GOLDEN / name / "checkpoint", QUESTIONS, "checkpoint")


if __name__ == "__main__":
    main()
