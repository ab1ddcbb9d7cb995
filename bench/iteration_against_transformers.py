#!/usr/bin/env python3
"""One whole TriPosT iteration beside the paper's way in Python: the same model, questions, and training records.

    python bench/iteration_against_transformers.py [--model models/base] [--problems 550] [--epochs 4] [--share 0.1]

Ours: `tripost improve` from a fine-tuned model, rollouts of all questions, verification, editing, training; start-up and saving
included. Theirs: transformers `generate` at batch 4, sampled at T = 1 up to 512 new tokens, then training on our records at
batch 4, padded to the paper's five buckets (reference-behaviour.md sections 2.5, 7.1), AdamW, bfloat16; their verification and
editing are taken as free. Theirs runs a share of the questions and of one epoch, evenly drawn, and is scaled up; the share is printed.
"""
import argparse
import json
import pathlib
import tempfile
import time

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from peer import ROOT, run_tripost

BUCKETS = (256, 448, 640, 832, 1024)
BATCH = 4


def ours(model, work, problems, epochs):
    """(seconds, folder of the fine-tuned model, iteration folder)."""
    common = ["--task", "multistep_arithmetic", "--test-seen", 1, "--test-unseen", 1]
    run_tripost("improve", "--model", model, "--output", work / "ft", "--iterations", 0, "--problems", 550,
                "--finetune-learning-rate", 4e-4, *common)
    start = work / "ft/model"
    began = time.time()
    run_tripost("improve", "--model", start, "--output", work / "run", "--iterations", 1, "--no-finetune", "--problems", problems,
                "--max-new-tokens", 512, "--train-learning-rate", 1e-4, "--train-epochs", epochs, "--min-records", 1, *common)
    return time.time() - began, start, work / "run/iteration-1"


def rollout_seconds(model, tokenizer, prompts):
    began = time.time()
    for first in range(0, len(prompts), BATCH):
        inputs = tokenizer(prompts[first:first + BATCH], return_tensors="pt", padding=True, padding_side="left", add_special_tokens=False)
        with torch.inference_mode():
            model.generate(**inputs, max_new_tokens=512, do_sample=True, temperature=1.0, top_k=50)
    return time.time() - began


def training_seconds(folder, tokenizer, texts):
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    ids = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in texts]
    too_long = sum(len(i) > BUCKETS[-1] for i in ids)
    ids = [i for i in ids if len(i) <= BUCKETS[-1]]  # the paper's way drops them
    began = time.time()
    for first in range(0, len(ids), BATCH):
        batch = ids[first:first + BATCH]
        width = next(b for b in BUCKETS if b >= max(map(len, batch)))
        padded = torch.tensor([i + [0] * (width - len(i)) for i in batch])
        with torch.autocast("cpu", torch.bfloat16):
            loss = model(input_ids=padded, labels=padded).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return time.time() - began, too_long


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=ROOT / "models/base")
    parser.add_argument("--problems", type=int, default=550)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--share", type=float, default=0.1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        seconds, folder, iteration = ours(args.model, pathlib.Path(name), args.problems, args.epochs)
        every = max(1, round(1 / args.share))
        problems = [json.loads(line)["problem"] for line in open(iteration / "trajectories.jsonl")][::every]
        texts = [json.loads(line)["text"] for line in open(iteration / "train.jsonl")]
        tokenizer = AutoTokenizer.from_pretrained(folder)
        tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16).eval()
        prompts = [f"Q: {p['question']}\nAnswer: {p['lead_in']}" for p in problems]
        rollouts = rollout_seconds(model, tokenizer, prompts) * args.problems / len(prompts)
        some = texts[::every]
        trained, too_long = training_seconds(folder, tokenizer, some)
        training = trained * args.epochs * len(texts) / len(some)
    print(f"one iteration, {args.problems} questions, {len(texts)} records, {args.epochs} epochs, {torch.get_num_threads()} threads")
    print(f"ours {seconds:.0f} s; the paper's way {rollouts + training:.0f} s ({rollouts:.0f} s rollouts, {training:.0f} s training, "
          f"scaled up from one in {every}; {too_long} of {len(some)} records longer than 1,024 tokens left out there); "
          f"ratio {(rollouts + training) / seconds:.1f}")


if __name__ == "__main__":
    main()
