"""What every family of models is asked for its goldens, and how: pictures, questions, a tokenizer, scores by plain passes.

The scripts beside this one, one for each family, build tiny random checkpoints and write what transformers makes of
these. Needs torch, transformers, pillow, numpy, safetensors, tokenizers.
"""

import hashlib
import json
import math
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden"
# The same for all families.
PICTURES = GOLDEN / "pictures.safetensors"

QUESTIONS = [
    ("plain", "What color is the large cube?", ["red", "green", "as many", "blue"]),
    ("mcq", "Is the red sphere to the left or the right of the cone?", ["left", "right"]),
    ("open", "How many matte objects are there?", ["0", "1", "2", "3", "4"]),
    ("open_with_options", "What shape is the shiny object?", ["cube", "sphere", "cylinder"]),
    ("pope", "Is there a small green cone?", ["Yes", "No"]),
]
LONG_QUESTION = ("plain", " ".join(["Look at every object once more before you answer."] * 12), ["red", "as many blue"])
# Width and height: tall, wide, square, as the model takes it, tiny.
SIZES = [(61, 150), (203, 90), (128, 128), (112, 112), (9, 5)]
# The index of a picture and how often each of its pixels is repeated in both directions, for a large one.
ENLARGED = (2, 7)


def prompt_text(regime, question, options):
    """The wording of arXiv 2602.06652, written down a second time, independently of the Rust code."""
    listed = "".join(f"{chr(65 + i)}. {option}\n" for i, option in enumerate(options))
    return {
        "plain": question,
        "mcq": f"Question: {question}\nOptions:\n{listed}Please select the correct answer from the options above.",
        "open": f"Question: {question}\nPlease answer the question concisely.",
        "open_with_options": f"Question: {question}\nOptions (for your reference; answer freely):\n{listed}"
        "Provide the best answer in your own words.",
        "pope": f"Question: {question}\nAnswer with exactly one word: Yes or No.",
    }[regime]


def pictures():
    """One of each size, with smooth, sharp and noisy parts."""
    rng = np.random.default_rng(7)
    made = []
    for width, height in SIZES:
        y, x = np.mgrid[0:height, 0:width]
        smooth = 127 + 90 * np.sin(x / 11.0 + y / 7.0)
        sharp = np.where((x - width / 2) ** 2 + (y - height / 2) ** 2 < (min(width, height) / 3) ** 2, 230, 40)
        noisy = rng.integers(0, 256, (height, width))
        made.append(np.stack([smooth, sharp, noisy], -1).astype(np.uint8))
    return made


def repeated(picture, times):
    return picture.repeat(times, 0).repeat(times, 1)


def corpus():
    for regime, question, options in QUESTIONS:
        yield prompt_text(regime, question, options)
        yield from options


def byte_tokenizer(special, vocab_size=340):
    """Byte-level BPE, the published kind, small."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size, special_tokens=[AddedToken(token, special=True, normalized=False) for token in special],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False,
    )
    tokenizer.train_from_iterator(corpus(), trainer)
    return tokenizer


def randomise(model):
    """Weights larger than a fresh model's, so that attention and norms matter and a wrong detail shows."""
    for name, weight in model.named_parameters():
        spread = 1.5 / math.sqrt(weight[0].numel()) if weight.dim() > 1 else 0.2
        weight.data = torch.randn_like(weight) * spread + (1.0 if "norm" in name or "ln_q" in name else 0.0)


def save_weights(model, path):
    """Every weight once, in f16, under the name that the library itself writes."""
    model.half().save_pretrained(path)


def user_turn(text):
    return {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": text}]}


@torch.no_grad()
def score(model, processor, picture, text, options, closing=None):
    """s(o) as arXiv 2602.06652 has it: one plain pass for each option. `closing` is the text that ends a turn."""
    def run(rendered):
        inputs = processor(text=[rendered], images=[Image.fromarray(picture)], return_tensors="pt", add_special_tokens=False)
        return inputs, model(**inputs, output_hidden_states=True)

    def render(messages, prompt):
        return processor.apply_chat_template(messages, add_generation_prompt=prompt, tokenize=False)

    asked = render([user_turn(text)], True)
    inputs, outcome = run(asked)
    start = inputs["input_ids"][0]
    context = len(start)
    result = {"prompt_tokens": context, "scores": [], "token_counts": []}
    result["context_state"] = outcome.hidden_states[-1][0, -1]
    result["logits"] = outcome.logits[0, -1]
    states = []
    for option in options:
        answer = {"role": "assistant", "content": [{"type": "text", "text": option}]}
        whole = render([user_turn(text), answer], False)
        if not whole.startswith(asked):
            # A template that opens an answer in another way than it asks for one.
            whole = asked + option + closing
        inputs, outcome = run(whole)
        ids = inputs["input_ids"][0]
        assert ids[:context].equal(start), "the answer changes the prompt's tokens"
        log_probs = outcome.logits[0].double().log_softmax(-1)
        result["scores"].append(sum(log_probs[j - 1, ids[j]].item() for j in range(context, len(ids))))
        result["token_counts"].append(len(ids) - context)
        if closing is not None:
            ending = len(processor.tokenizer(closing, add_special_tokens=False)["input_ids"])
            states.append(outcome.hidden_states[-1][0, context : len(ids) - ending].mean(0))
    if closing is not None:
        result["option_states"] = torch.stack(states)
    return result


def levels(pixels, mean, std):
    """Normalised pixels, channel first, back to bytes."""
    std, mean = (torch.tensor(v)[:, None, None] for v in (std, mean))
    return ((pixels * std + mean) * 255).round().to(torch.uint8)


def weights_hash(folder):
    return hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()


def write(target, tensors, cases, **facts):
    """`golden.safetensors` and `cases.json` beside the checkpoint."""
    target.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, target / "golden.safetensors")
    for file in target.rglob("*.safetensors"):
        file.chmod(0o644)
    (target / "cases.json").write_text(json.dumps({**facts, "cases": cases}, indent=1) + "\n")
    size = sum(file.stat().st_size for file in target.rglob("*") if file.is_file())
    print(target.relative_to(ROOT), "written:", size // 1000, "kB")


def write_goldens(target, model, processor, see, closing):
    """The goldens of one checkpoint. `see(picture)` gives its levels, the tensors that stand for it and their layout."""
    tensors, shown, cases = {}, [], []
    base = pictures()
    save_file({f"picture_{index}": torch.from_numpy(picture) for index, picture in enumerate(base)}, PICTURES)
    for index, (of, times) in enumerate([*((i, 1) for i in range(len(base))), ENLARGED]):
        picture = repeated(base[of], times)
        seen, layout = see(picture)
        tensors |= {f"{name}_{index}": tensor for name, tensor in seen.items()}
        shown.append({"tensor": of, "repeat": times, **layout})
        asked = QUESTIONS if index < 2 else [QUESTIONS[index % len(QUESTIONS)]]
        asked = [*asked, LONG_QUESTION] if index in (0, 4) else asked
        for number, (regime, question, options) in enumerate(asked):
            outcome = score(model, processor, picture, prompt_text(regime, question, options), options, closing)
            key = f"{index}_{number}"
            tensors[f"context_{key}"] = outcome.pop("context_state")
            tensors[f"logits_{key}"] = outcome.pop("logits")
            tensors[f"options_{key}"] = outcome.pop("option_states")
            cases.append({"key": key, "picture": index, "regime": regime, "question": question, "options": options, **outcome})
    write(target, tensors, cases, weights_sha256=weights_hash(target / "checkpoint"), pictures=shown)
