#!/usr/bin/env python3
"""Generation beside transformers: the same weights, prompts and number of new tokens, in turns.

    python bench/generate_against_transformers.py [--shape 0.9M | --model DIR] [--prompts 128] [--batches 4 64]

Greedy, without stopping, so that both sides do the same work. The texts are compared first in float32; the timed runs are in
bfloat16. Batch 4 is the paper's way; the other batch sizes look for transformers' best.
"""
import argparse
import pathlib
import tempfile
import time

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from peer import SHAPES, figure, make_model, prompts_of, run_tripost, summary, write_lines


def generate_theirs(model, tokenizer, prompts, new_tokens, batch):
    texts, began = [], time.time()
    for first in range(0, len(prompts), batch):
        inputs = tokenizer(prompts[first:first + batch], return_tensors="pt", add_special_tokens=False)
        with torch.inference_mode():
            out = model.generate(**inputs, max_new_tokens=new_tokens, min_new_tokens=new_tokens, do_sample=False)
        texts += tokenizer.batch_decode(out[:, inputs["input_ids"].shape[1]:])
    return texts, len(prompts) * new_tokens / (time.time() - began)


def generate_ours(folder, work, prompts, new_tokens, dtype):
    write_lines(work / "prompts.jsonl", [{"prompt": prompt} for prompt in prompts])
    said = run_tripost("generate", "--model", folder, "--input", work / "prompts.jsonl", "--output", work / "out.jsonl",
                       "--max-new-tokens", new_tokens, "--ignore-eos", "--dtype", dtype)
    import json
    texts = [json.loads(line)["completion"] for line in open(work / "out.jsonl")]
    return texts, figure(said, r"\((\d+) tokens/s\)")


def same_texts(folder, tokenizer, work, prompts, new_tokens):
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    ours, _ = generate_ours(folder, work, prompts, new_tokens, "float32")
    # One by one: the numbers of a batch depend on its size in transformers.
    theirs, _ = generate_theirs(model, tokenizer, prompts, new_tokens, 1)
    return sum(a == b for a, b in zip(ours, theirs))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", choices=SHAPES, default="0.9M")
    parser.add_argument("--model", help="a folder instead of a random model of a shape")
    parser.add_argument("--prompts", type=int, default=128)
    parser.add_argument("--prompt-tokens", type=int, default=200)
    parser.add_argument("--new-tokens", type=int, default=128)
    parser.add_argument("--batches", type=int, nargs="+", default=[4, 64])
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        folder = args.model or work / "model"
        if not args.model:
            make_model(args.shape, folder)
        tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")
        prompts = prompts_of(tokenizer, args.prompts, args.prompt_tokens)
        equal = same_texts(folder, tokenizer, work, prompts[:8], min(64, args.new_tokens))
        print(f"{args.model or args.shape}: {equal} of 8 greedy texts equal in float32; {args.prompts} prompts of "
              f"{args.prompt_tokens} tokens, {args.new_tokens} new ones each, bfloat16, {torch.get_num_threads()} threads")
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16).eval()
        ours, theirs = [], {batch: [] for batch in args.batches}
        for _ in range(args.rounds):
            ours.append(generate_ours(folder, work, prompts, args.new_tokens, "bfloat16")[1])
            for batch in args.batches:
                some = prompts[:max(batch, 16)]  # enough to time; a small batch takes long
                theirs[batch].append(generate_theirs(model, tokenizer, some, args.new_tokens, batch)[1])
        for batch in args.batches:
            print(summary(f"generate, {args.model or args.shape}, transformers batch {batch}", ours, theirs[batch])[0])


if __name__ == "__main__":
    main()
