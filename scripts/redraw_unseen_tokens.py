#!/usr/bin/env python3
"""Gives each token that a model's training never showed an embedding of its own again.

    scripts/redraw_unseen_tokens.py --model DIR --corpus F.jsonl [--seed 1]

A token that never occurs is only ever pushed away, and all such tokens in the same direction: after a hundred million tokens
their embeddings are one vector (cosine 0.99 in our base), and fine-tuning on a task's sentences, whose words are among them,
cannot tell them apart for hundreds of steps. Each gets SHARE of their mean, which keeps them unlikely, plus a draw as wide
as the spread of the embeddings that were trained. The end-of-text token is trained and stays.

Reads and writes bfloat16 safetensors with nothing but the standard library; tokenises with `tripost tokenize`.
"""
import argparse
import json
import math
import pathlib
import random
import struct
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
NAME = "model.embed_tokens.weight"
SHARE = 0.6


def seen_tokens(model, corpus):
    with tempfile.TemporaryDirectory() as folder:
        ids = pathlib.Path(folder) / "ids.jsonl"
        subprocess.run([ROOT / "build/src/tripost", "tokenize", "--model", model, "--input", corpus, "--output", ids], check=True)
        seen = set()
        for line in open(ids):
            seen.update(json.loads(line)["ids"])
    return seen


def from_bfloat16(data):
    return [struct.unpack("<f", b"\0\0" + data[i:i + 2])[0] for i in range(0, len(data), 2)]


def to_bfloat16(value):
    bits = struct.unpack("<I", struct.pack("<f", value))[0]
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16 & 0xFFFF).to_bytes(2, "little")  # to the nearest, ties to even


def mean_of(rows):
    return [sum(column) / len(rows) for column in zip(*rows)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--corpus", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    path = args.model / "model.safetensors"
    data = bytearray(path.read_bytes())
    size = struct.unpack("<Q", data[:8])[0]
    tensor = json.loads(data[8:8 + size])[NAME]
    assert tensor["dtype"] == "BF16"
    tokens, width = tensor["shape"]
    start = 8 + size + tensor["data_offsets"][0]
    row = lambda token: from_bfloat16(data[start + token * width * 2:start + (token + 1) * width * 2])
    end = json.loads((args.model / "config.json").read_text())["eos_token_id"]
    seen = seen_tokens(args.model, args.corpus) | set(end if isinstance(end, list) else [end])
    unseen = [token for token in range(tokens) if token not in seen]
    trained = [row(token) for token in sorted(seen)]
    center, common = mean_of(trained), mean_of([row(token) for token in unseen])
    spread = math.sqrt(sum((x - c) ** 2 for r in trained for x, c in zip(r, center)) / (len(trained) * width))
    rng = random.Random(args.seed)
    for token in unseen:
        values = b"".join(to_bfloat16(SHARE * c + rng.gauss(0, spread)) for c in common)
        data[start + token * width * 2:start + (token + 1) * width * 2] = values
    path.write_bytes(data)
    print(f"{len(unseen)} of {tokens} tokens never occur in {args.corpus}; their embeddings are drawn anew")


if __name__ == "__main__":
    main()
