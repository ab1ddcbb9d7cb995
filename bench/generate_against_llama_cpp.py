#!/usr/bin/env python3
"""Generation beside llama.cpp: the same GGUF file, prompts of the same length, the same number of new tokens, in turns.

    python bench/generate_against_llama_cpp.py [--dtypes float16 bfloat16] [--sequences 64] [--new-tokens 64] [--batches 16 64]

The model is SmolLM2-135M-Instruct (scripts/get_smollm2.sh), written by `tripost convert`. Theirs is llama.cpp's own
llama-batched-bench: sequences decoded together from one prompt each, without sampling, with flash attention; it makes up its
tokens. Each of --batches is timed, and the best of them is theirs. Ours is `tripost generate` on texts, with greedy sampling.
Both count prompt and decoding. Before that, llama-server answers some of the prompts, to compare the greedy texts.
"""
import argparse
import json
import os
import pathlib
import subprocess
import tempfile
import urllib.request

from transformers import AutoTokenizer

from peer import LLAMA_CPP, SMOLLM2, figure, get_peers_of_smollm2, llama_server, prompts_of, run_tripost, summary, write_lines


def generate_ours(model, work, prompts, new_tokens, dtype):
    """(texts, tokens per second)"""
    write_lines(work / "prompts.jsonl", [{"prompt": prompt} for prompt in prompts])
    said = run_tripost("generate", "--model", model, "--input", work / "prompts.jsonl", "--output", work / "out.jsonl",
                       "--max-new-tokens", new_tokens, "--ignore-eos", "--dtype", dtype)
    return [json.loads(line)["completion"] for line in open(work / "out.jsonl")], figure(said, r"\((\d+) tokens/s\)")


def generate_theirs(model, sequences, prompt_tokens, new_tokens, batch):
    done = subprocess.run(
        [LLAMA_CPP / "llama-batched-bench", "-m", model, "-npp", str(prompt_tokens), "-ntg", str(new_tokens), "-npl", str(batch),
         "-c", str(batch * (prompt_tokens + new_tokens)), "-b", "2048", "-ub", "512", "-fa", "on", "-t", str(os.cpu_count()),
         "--output-format", "jsonl"], capture_output=True, text=True, check=True)
    line = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))
    assert line["pl"] == batch and line["tg"] == new_tokens
    # A batch after the other until all are through.
    return sequences * new_tokens / (line["t"] * sequences / batch)


def greedy_theirs(model, prompts, new_tokens):
    texts = []
    with llama_server(model, "-c", "1024", "-np", "1", "-fa", "off", "-ctk", "f32", "-ctv", "f32") as (_, port):
        for prompt in prompts:
            body = json.dumps({"prompt": prompt, "n_predict": new_tokens, "temperature": 0, "ignore_eos": True}).encode()
            request = urllib.request.Request(f"http://127.0.0.1:{port}/completion", body, {"Content-Type": "application/json"})
            texts.append(json.loads(urllib.request.urlopen(request).read())["content"])
    return texts


def agreement(ours, theirs):
    common = [len(os.path.commonprefix([a, b])) / max(len(a), len(b), 1) for a, b in zip(ours, theirs)]
    return sum(a == b for a, b in zip(ours, theirs)), sum(common) / len(common)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=SMOLLM2)
    parser.add_argument("--dtypes", nargs="+", choices=["float16", "bfloat16"], default=["float16", "bfloat16"])
    parser.add_argument("--sequences", type=int, default=64)
    parser.add_argument("--prompt-tokens", type=int, default=200)
    parser.add_argument("--new-tokens", type=int, default=64)
    parser.add_argument("--batches", type=int, nargs="+", default=[16, 64])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--checked", type=int, default=8)
    args = parser.parse_args()
    get_peers_of_smollm2()
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        run_tripost("convert", args.model, work / "model")
        prompts = prompts_of(AutoTokenizer.from_pretrained(work / "model"), args.sequences, args.prompt_tokens)
        files = {dtype: work / f"{dtype}.gguf" for dtype in args.dtypes}
        for dtype, file in files.items():
            run_tripost("convert", args.model, file, "--dtype", dtype)
            some = prompts[:args.checked]
            equal, common = agreement(generate_ours(file, work, some, 32, "float32")[0], greedy_theirs(file, some, 32))
            print(f"{file.name}: {equal} of {len(some)} greedy texts of 32 tokens equal (ours computes in float32), "
                  f"{100 * common:.0f}% of the text up to the first difference")
        ours, theirs = [], {(dtype, batch): [] for dtype in files for batch in args.batches}
        # Weights of either file are bfloat16 in memory.
        for _ in range(args.rounds):
            ours.append(generate_ours(files[args.dtypes[-1]], work, prompts, args.new_tokens, "bfloat16")[1])
            for dtype, batch in theirs:
                theirs[dtype, batch].append(
                    generate_theirs(files[dtype], args.sequences, args.prompt_tokens, args.new_tokens, batch))
    print(f"SmolLM2-135M, {args.sequences} prompts of {args.prompt_tokens} tokens, {args.new_tokens} new ones each, {os.cpu_count()} threads")
    for (dtype, batch), speeds in theirs.items():
        print(summary(f"generate, llama.cpp {dtype} batch {batch}", ours, speeds)[0])


if __name__ == "__main__":
    main()
