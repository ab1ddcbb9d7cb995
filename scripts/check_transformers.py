"""Compares a model in tripost with the same model in transformers: log-probabilities, and greedy text.

    python scripts/check_transformers.py MODEL [--tripost build/src/tripost] [--tolerance 1e-4] [--texts F.jsonl ...]

Runs `tripost generate` (greedy) and `tripost logprobs` in float32 on prompts of the arithmetic task, or on openings of the
texts in JSONL files ("text" or "question"), and the same with transformers in float32; a .gguf MODEL is converted for it.
Prints the largest difference of a log-probability and how many completions are equal, token for token (so that the likeliest
token is the same at every one of their positions); exits with 1 when a difference is over the tolerance or a completion
differs. Where one does, the two log-probabilities that transformers gives the tokens at the first difference are shown: a tie
within the tolerance is no fault.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def prompt(draw):
    def leaf():
        return f"({draw.randint(-9, 9)} {draw.choice('+-*')} {draw.randint(-9, 9)} {draw.choice('+-*')} {draw.randint(-9, 9)})"

    return f"Q: ({leaf()} {draw.choice('+-*')} {leaf()}) =\nAnswer: Let's think step by step."


def texts_in(files):
    texts = []
    for file in files:
        for line in Path(file).read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            texts.append(record.get("text") or record["question"])
    return texts


def openings(files, draw, count):
    texts = texts_in(files)
    return [text[: draw.randint(20, 120)].rstrip() for text in draw.choices(texts, k=count)]


def run_tripost(arguments, command, inputs, *options):
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "input.jsonl"), Path(folder, "output.jsonl")
        source.write_text("".join(json.dumps(line) + "\n" for line in inputs), encoding="utf-8")
        subprocess.run(
            [arguments.tripost, command, "--model", arguments.model, "--input", source, "--output", target]
            + ["--dtype", "float32", *options],
            check=True,
        )
        return [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]


def load(name, tripost):
    """The model in float32 and its tokenizer; a .gguf file through a folder that tripost makes of it."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = name
        if folder.endswith(".gguf"):
            folder = f"{scratch}/model"
            subprocess.run([tripost, "convert", name, folder, "--dtype", "float32"], check=True)
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
        return model, AutoTokenizer.from_pretrained(folder, padding_side="left")


def log_probabilities(model, ids):
    with torch.inference_mode():
        logits = model(torch.tensor([ids])).logits[0, :-1].float()
    return logits.log_softmax(-1).gather(1, torch.tensor(ids[1:])[:, None])[:, 0]


# The largest difference; infinite where a number is missing or not a number, which must not pass as small.
def compare_log_probabilities(model, tokenizer, texts, lines):
    worst, tokens = 0.0, 0
    for text, line in zip(texts, lines, strict=True):
        ids = tokenizer(text)["input_ids"]
        if line["ids"] != ids or len(line["logprobs"]) != len(ids) - 1:
            print(f"other ids than transformers for {text!r}")
            return float("inf"), tokens
        difference = (log_probabilities(model, ids) - torch.tensor(line["logprobs"])).abs()
        worst = max(worst, torch.where(difference.isnan(), torch.inf, difference).max().item())
        tokens += len(ids) - 1
    return worst, tokens


# Beyond the end of text too: the base says little before it.
def greedy(model, tokenizer, texts, max_new_tokens):
    inputs = tokenizer(texts, return_tensors="pt", return_token_type_ids=False, padding=True)
    with torch.inference_mode():
        output = model.generate(
            **inputs, do_sample=False, max_new_tokens=max_new_tokens, pad_token_id=tokenizer.pad_token_id
        )[:, inputs["input_ids"].shape[1] :]
    return output


def text_of(tokenizer, ids):
    return tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)


# How sure transformers is of its own token where the two part.
def show_difference(model, tokenizer, line, ids):
    prompt = tokenizer(line["prompt"])["input_ids"]
    with torch.inference_mode():
        logits = model(torch.tensor([prompt + ids.tolist()])).logits[0, len(prompt) - 1 : -1].log_softmax(-1)
    for place in range(len(ids)):
        if not line["completion"].startswith(text_of(tokenizer, ids[: place + 1])):
            break
    best = logits[place].topk(2)
    print(f"prompt {line['prompt']!r}\n  tripost      {line['completion']!r}\n  transformers {text_of(tokenizer, ids)!r}\n"
          f"  they part at token {place}: transformers' two likeliest have {best.values[0]:.6f} and {best.values[1]:.6f}")


def count_equal(model, tokenizer, lines, max_new_tokens, batch):
    equal = 0
    lines = sorted(lines, key=lambda line: len(line["prompt"]))
    for start in range(0, len(lines), batch):
        part = lines[start : start + batch]
        for line, ids in zip(part, greedy(model, tokenizer, [line["prompt"] for line in part], max_new_tokens), strict=True):
            if (text_of(tokenizer, ids), len(ids)) == (line["completion"], line["num_tokens"]):
                equal += 1
            else:
                show_difference(model, tokenizer, line, ids)
        print(f"{start + len(part)} compared, {equal} equal", file=sys.stderr, flush=True)
    return equal


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--tripost", default="build/src/tripost")
    parser.add_argument("--tolerance", type=float, default=1e-4)
    parser.add_argument("--prompts", type=int, default=20)
    parser.add_argument("--max-new-tokens", type=int, default=64)
    parser.add_argument("--texts", nargs="*", default=[])
    parser.add_argument("--batch", type=int, default=1, help="prompts that transformers generates together")
    arguments = parser.parse_args()

    draw = random.Random(0)
    if arguments.texts:
        prompts = openings(arguments.texts, draw, arguments.prompts)
    else:
        prompts = [prompt(draw) for _ in range(arguments.prompts)]
    lines = run_tripost(
        arguments,
        "generate",
        [{"prompt": text} for text in prompts],
        *["--ignore-eos", "--max-new-tokens", str(arguments.max_new_tokens)],
    )
    texts = [line["prompt"] + line["completion"] for line in lines]
    scored = run_tripost(arguments, "logprobs", [{"text": text} for text in texts])

    model, tokenizer = load(arguments.model, arguments.tripost)
    model.generation_config.eos_token_id = None
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    worst, tokens = compare_log_probabilities(model, tokenizer, texts, scored)
    equal = count_equal(model, tokenizer, lines, arguments.max_new_tokens, arguments.batch)
    generated = sum(line["num_tokens"] for line in lines)
    print(f"log-probabilities: max difference {worst:.3g} over {tokens} tokens (tolerance {arguments.tolerance:g})")
    print(f"greedy completions: {equal} of {len(prompts)} equal, {generated} tokens")
    sys.exit(0 if worst <= arguments.tolerance and equal == len(prompts) else 1)


if __name__ == "__main__":
    main()
