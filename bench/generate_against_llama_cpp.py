#!/usr/bin/env python3
"""Generation beside llama.cpp: the same weights, prompts and number of new tokens, greedy, in turns.

    python bench/generate_against_llama_cpp.py [--dtypes float16 bfloat16] [--prompts 64] [--new-tokens 64] [--batches 16 64]

The model is SmolLM2-135M-Instruct (scripts/get_smollm2.sh), written by `tripost convert`. Theirs is bench/llama_cpp_generate.cpp:
llama_decode with flash attention, whole prompts in batches of 2,048 tokens, then a token of each sequence at a time; choosing the
token is not counted. Each of --batches sequences is timed. Ours is `tripost generate` in bfloat16, choosing and text included.
How far the texts agree is measured against ours in float32.
"""
import argparse
import os
import pathlib
import subprocess
import tempfile

from transformers import AutoTokenizer

from peer import LLAMA_CPP, SMOLLM2, generate_ours, get_peers_of_smollm2, prompts_of, run_tripost, summary


def generate_theirs(model, ids, tokenizer, new_tokens, batch):
    """(texts, tokens per second)"""
    done = subprocess.run([LLAMA_CPP / "llama_cpp_generate", model, str(new_tokens), str(batch), str(os.cpu_count())], check=True,
                          input="".join(" ".join(map(str, prompt)) + "\n" for prompt in ids), capture_output=True, text=True)
    *lines, seconds = done.stdout.splitlines()
    made = [[int(word) for word in line.split()] for line in lines]
    assert [len(line) for line in made] == [new_tokens] * len(ids)
    return tokenizer.batch_decode(made), len(ids) * new_tokens / float(seconds)


def agreement(ours, theirs):
    common = [len(os.path.commonprefix([a, b])) / max(len(a), len(b), 1) for a, b in zip(ours, theirs)]
    return sum(a == b for a, b in zip(ours, theirs)), sum(c > 0 for c in common), sum(common) / len(common)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=SMOLLM2)
    parser.add_argument("--dtypes", nargs="+", choices=["float16", "bfloat16"], default=["float16", "bfloat16"])
    parser.add_argument("--prompts", type=int, default=64)
    parser.add_argument("--prompt-tokens", type=int, default=200)
    parser.add_argument("--new-tokens", type=int, default=64)
    parser.add_argument("--batches", type=int, nargs="+", default=[16, 64])
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    get_peers_of_smollm2()
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        run_tripost("convert", args.model, work / "model")
        tokenizer = AutoTokenizer.from_pretrained(work / "model")
        prompts = prompts_of(tokenizer, args.prompts, args.prompt_tokens)
        ids = tokenizer(prompts, add_special_tokens=False)["input_ids"]
        files = {dtype: work / f"{dtype}.gguf" for dtype in args.dtypes}
        for dtype, file in files.items():
            run_tripost("convert", args.model, file, "--dtype", dtype)
        ours, theirs = [], {(dtype, batch): [] for dtype in files for batch in args.batches}
        texts = {}
        for _ in range(args.rounds):
            for (dtype, batch), speeds in theirs.items():
                ours.append(generate_ours(files[dtype], work, prompts, args.new_tokens, "bfloat16")[1])
                texts[dtype], speed = generate_theirs(files[dtype], ids, tokenizer, args.new_tokens, batch)
                speeds.append(speed)
        print(f"SmolLM2-135M, {args.prompts} prompts of {args.prompt_tokens} tokens, {args.new_tokens} new ones each, {os.cpu_count()} threads")
        for dtype, file in files.items():
            some = prompts[:16]
            equal, first, common = agreement(generate_ours(file, work, some, args.new_tokens, "float32")[0], texts[dtype])
            print(f"{dtype}: of {len(some)} greedy texts {equal} are equal to the end and {first} at their beginning; "
                  f"{100 * common:.0f}% of the text comes before the first difference")
    for (dtype, batch), speeds in theirs.items():
        print(summary(f"generate, llama.cpp {dtype} batch {batch}", ours, speeds)[0])


if __name__ == "__main__":
    main()
