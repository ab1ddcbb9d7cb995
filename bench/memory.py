#!/usr/bin/env python3
"""Peak memory of training with examples of 1,024 tokens, and of generation per sequence: the largest resident size of tripost.

    python bench/memory.py [--shape 135M]

Training is full, of all weights, as it comes; with --recompute and micro-batches of one example; and of a LoRA adapter. The
memory of a sequence is the difference between runs with many and with few.
"""
import argparse
import pathlib
import tempfile

from transformers import AutoTokenizer

from peer import SHAPES, make_model, prompts_of, tripost_usage, write_lines

LENGTH = 1024
TRAINING = {
    "full, 4 examples a micro-batch": ["--micro-batch-tokens", 4 * LENGTH],
    "full, 1 example a micro-batch": ["--micro-batch-tokens", LENGTH],
    "full, 1 example a micro-batch, --recompute": ["--micro-batch-tokens", LENGTH, "--recompute"],
    "LoRA of rank 16, 1 example a micro-batch": ["--micro-batch-tokens", LENGTH, "--lora-rank", 16],
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", choices=SHAPES, default="135M")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        parameters = make_model(args.shape, work / "model")
        tokenizer = AutoTokenizer.from_pretrained(work / "model")
        texts = prompts_of(tokenizer, 8, LENGTH)
        write_lines(work / "data.jsonl", [{"text": text, "sections": [{"begin": 0, "end": len(text.encode()), "weight": 1.0}], "ends": False}
                                          for text in texts])
        for number, (what, options) in enumerate(TRAINING.items()):
            peak = tripost_usage("train", "--data", work / "data.jsonl", "--model", work / "model", "--output", work / f"run-{number}",
                              "--batch-tokens", 4 * LENGTH, "--max-steps", 2, *options).ru_maxrss
            print(f"train, {args.shape} ({parameters / 1e6:.1f}M), {LENGTH} tokens an example, {what}: {peak / 2**20:.2f} GiB", flush=True)
        peaks = {}
        for count in (16, 64):
            write_lines(work / "prompts.jsonl", [{"prompt": f"{number} {texts[0][:800]}"} for number in range(count)])
            peaks[count] = tripost_usage("generate", "--model", work / "model", "--input", work / "prompts.jsonl", "--output", work / "out.jsonl",
                                      "--max-new-tokens", 16, "--ignore-eos").ru_maxrss
        tokens = len(tokenizer(f"10 {texts[0][:800]}")["input_ids"]) + 16
        shape = SHAPES[args.shape]
        cached = 2 * 2 * shape["num_hidden_layers"] * shape["num_key_value_heads"] * shape["hidden_size"] // shape["num_attention_heads"]
        print(f"generate, {args.shape}: {peaks[64] / 2**20:.2f} GiB with 64 sequences of {tokens} tokens; "
              f"{(peaks[64] - peaks[16]) / 48 / 2**10:.1f} MiB for each more of them, of which keys and values are "
              f"{cached * tokens / 2**20:.1f} ({cached:,} bytes a token)")


if __name__ == "__main__":
    main()
