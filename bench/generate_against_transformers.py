#!/usr/bin/env python3
"""Generation beside transformers: the same weights, prompts and number of new tokens, in turns.

    python bench/generate_against_transformers.py [--shape 0.9M | --model DIR] [--prompts 256] [--batches 4 64 128 256]

Greedy, and deaf to the end-of-text token, so that both sides do the same work. The texts are compared first in float32; the
comparison fails when they differ. Ours is timed in bfloat16, theirs in each of --dtypes, since float32 is the faster one there for
small models; what counts is the faster. Batch 4 is the paper's way; the other batch sizes look for transformers' best. A batch
size beyond the number of prompts is left out.
"""
import argparse
import pathlib
import statistics
import sys
import tempfile
import time

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from peer import SHAPES, generate_ours, has_fast_bfloat16, make_model, prompts_of, summary

PAPER_BATCH = 4
COMPARED = 8
# Sums in another order move float32 logits by about 1e-5, so two tokens that close can change places: rare enough in 8 texts of
# 64 tokens for one of them, not for two.
MAY_DIFFER = 1


def open_theirs(folder, dtype):
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype).eval()
    model.generation_config.eos_token_id = None  # what --ignore-eos is for ours
    return model


def generate_theirs(model, tokenizer, prompts, new_tokens, batch):
    """(texts, tokens per second)"""
    texts, began = [], time.time()
    for first in range(0, len(prompts), batch):
        inputs = tokenizer(prompts[first:first + batch], return_tensors="pt", add_special_tokens=False)
        with torch.inference_mode():
            out = model.generate(**inputs, max_new_tokens=new_tokens, do_sample=False)
        made = out[:, inputs["input_ids"].shape[1]:]
        assert made.shape[1] == new_tokens
        texts += tokenizer.batch_decode(made)
    return texts, len(prompts) * new_tokens / (time.time() - began)


def check_texts(name, folder, tokenizer, work, prompts, new_tokens):
    ours, _ = generate_ours(folder, work, prompts, new_tokens, "float32")
    # One by one: the numbers of a batch depend on its size in transformers.
    theirs, _ = generate_theirs(open_theirs(folder, torch.float32), tokenizer, prompts, new_tokens, 1)
    equal = sum(a == b for a, b in zip(ours, theirs))
    distinct = len(set(ours))
    print(f"{name}: {equal} of {len(prompts)} greedy texts of {new_tokens} tokens equal in float32, {distinct} of them distinct, such as "
          f"{ours[0][:60]!r}", flush=True)
    if equal < len(prompts) - MAY_DIFFER:
        different = next((a, b) for a, b in zip(ours, theirs) if a != b)
        sys.exit(f"the texts differ, so the times say nothing: ours {different[0]!r}, theirs {different[1]!r}")


def prompts_for(batch, prompts, small):
    """Enough to time: a small batch takes long."""
    return prompts[:max(batch, small)]


def measure(args, folder, tokenizer, work, prompts):
    """(our speeds, their speeds by batch and dtype)"""
    models = {dtype: open_theirs(folder, getattr(torch, dtype)) for dtype in args.dtypes}
    theirs = {(batch, dtype): [] for batch in args.batches if batch <= len(prompts) for dtype in args.dtypes}
    for batch, dtype in theirs:
        generate_theirs(models[dtype], tokenizer, prompts[:batch], 2, batch)  # warm-up
    ours = []
    for _ in range(args.rounds):
        ours.append(generate_ours(folder, work, prompts, args.new_tokens, "bfloat16")[1])
        for (batch, dtype), speeds in theirs.items():
            some = prompts_for(batch, prompts, args.small)
            speeds.append(generate_theirs(models[dtype], tokenizer, some, args.new_tokens, batch)[1])
    return ours, theirs


def report(args, name, ours, theirs):
    for (batch, dtype), speeds in theirs.items():
        print(summary(f"generate, {name}, batch {batch}, {dtype}", ours, speeds)[0])
    fastest = lambda rows: max(rows, key=lambda row: statistics.median(theirs[row]))
    paper = [row for row in theirs if row[0] == PAPER_BATCH]
    for what, rows in (("the paper's batch", paper), ("best batch", list(theirs))):
        if rows:
            batch, dtype = fastest(rows)
            print(summary(f"generate, {name}, {what}: {batch} in {dtype}", ours, theirs[batch, dtype])[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", choices=SHAPES, default="0.9M")
    parser.add_argument("--model", help="a folder instead of a model of a shape")
    parser.add_argument("--prompts", type=int, default=256)
    parser.add_argument("--prompt-tokens", type=int, default=200)
    parser.add_argument("--new-tokens", type=int, default=128)
    parser.add_argument("--batches", type=int, nargs="+", default=[4, 64, 128, 256])
    parser.add_argument("--dtypes", nargs="+", choices=["bfloat16", "float32"], default=["bfloat16", "float32"], help="of transformers")
    parser.add_argument("--small", type=int, default=16, help="prompts that a smaller batch is timed on")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    name = args.model or args.shape
    if "bfloat16" in args.dtypes and not has_fast_bfloat16():
        print("transformers in float32 alone: this processor has no BF16 instructions, and its bfloat16 would take hours")
        args.dtypes = ["float32"]
    with tempfile.TemporaryDirectory() as place:
        work = pathlib.Path(place)
        folder = args.model or work / "model"
        if not args.model:
            make_model(args.shape, folder)
        tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")
        prompts = prompts_of(tokenizer, max(args.prompts, COMPARED), args.prompt_tokens)
        check_texts(name, folder, tokenizer, work, prompts[:COMPARED], min(64, args.new_tokens))
        prompts = prompts[:args.prompts]
        ours, theirs = measure(args, folder, tokenizer, work, prompts)
    counts = ", ".join(f"{len(prompts_for(batch, prompts, args.small))} at batch {batch}" for batch in dict.fromkeys(row[0] for row in theirs))
    print(f"{name}: {args.prompt_tokens} tokens a prompt, {args.new_tokens} new ones; prompts: {len(prompts)} for ours, for theirs {counts}; "
          f"{torch.get_num_threads()} threads")
    if left_out := [batch for batch in args.batches if batch > len(prompts)]:
        print(f"left out, because there are only {len(prompts)} prompts: batches {' '.join(map(str, left_out))}")
    report(args, name, ours, theirs)


if __name__ == "__main__":
    main()
