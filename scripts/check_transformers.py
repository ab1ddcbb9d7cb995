"""Compares a model folder in tripost with the same folder in transformers: log-probabilities, and greedy text.

    python scripts/check_transformers.py MODEL_DIR [--tripost build/src/tripost] [--tolerance 1e-4]

Runs `tripost generate` (greedy) and `tripost logprobs` in float32 on prompts of the arithmetic task, and the same with
transformers in float32 from MODEL_DIR. Prints the largest difference of a log-probability and how many completions are
equal, token for token; exits with 1 when a difference is over the tolerance or a completion differs.
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
def greedy(model, tokenizer, text, max_new_tokens):
    inputs = tokenizer(text, return_tensors="pt", return_token_type_ids=False)
    with torch.inference_mode():
        output = model.generate(
            **inputs, do_sample=False, max_new_tokens=max_new_tokens, pad_token_id=tokenizer.eos_token_id
        )[0, inputs["input_ids"].shape[1] :]
    return tokenizer.decode(output, skip_special_tokens=True, clean_up_tokenization_spaces=False), len(output)


def count_equal(model, tokenizer, lines, max_new_tokens):
    equal = 0
    for line in lines:
        text, length = greedy(model, tokenizer, line["prompt"], max_new_tokens)
        if (text, length) == (line["completion"], line["num_tokens"]):
            equal += 1
        else:
            print(f"prompt {line['prompt']!r}\n  tripost      {line['completion']!r}\n  transformers {text!r}")
    return equal


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--tripost", default="build/src/tripost")
    parser.add_argument("--tolerance", type=float, default=1e-4)
    parser.add_argument("--prompts", type=int, default=20)
    parser.add_argument("--max-new-tokens", type=int, default=64)
    arguments = parser.parse_args()

    draw = random.Random(0)
    prompts = [prompt(draw) for _ in range(arguments.prompts)]
    lines = run_tripost(
        arguments,
        "generate",
        [{"prompt": text} for text in prompts],
        *["--ignore-eos", "--max-new-tokens", str(arguments.max_new_tokens)],
    )
    texts = [line["prompt"] + line["completion"] for line in lines]
    scored = run_tripost(arguments, "logprobs", [{"text": text} for text in texts])

    model = AutoModelForCausalLM.from_pretrained(arguments.model, dtype=torch.float32).eval()
    model.generation_config.eos_token_id = None
    tokenizer = AutoTokenizer.from_pretrained(arguments.model)
    worst, tokens = compare_log_probabilities(model, tokenizer, texts, scored)
    equal = count_equal(model, tokenizer, lines, arguments.max_new_tokens)
    generated = sum(line["num_tokens"] for line in lines)
    print(f"log-probabilities: max difference {worst:.3g} over {tokens} tokens (tolerance {arguments.tolerance:g})")
    print(f"greedy completions: {equal} of {len(prompts)} equal, {generated} tokens")
    sys.exit(0 if worst <= arguments.tolerance and equal == len(prompts) else 1)


if __name__ == "__main__":
    main()
