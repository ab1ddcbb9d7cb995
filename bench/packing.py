#!/usr/bin/env python3
"""What packing gains over the paper's padding: `tripost train` on the same records, packed, and each filled up to its bucket.

    python bench/packing.py [--data F.jsonl ...] [--model models/base] [--records 400]

--data are records with a "text", such as the reference's training files; without it, scripted rationales of random questions on
arithmetic. Batches of 4 in random order take the smallest of the paper's five buckets that holds their longest record
(reference-behaviour.md section 2.5); records beyond the largest are left out of both. What fills a row has no weight in the loss.
"""
import argparse
import json
import pathlib
import random
import tempfile

from transformers import AutoTokenizer

from peer import ROOT, run_tripost, summary, write_lines

BUCKETS = (256, 448, 640, 832, 1024)
BATCH = 4


def random_question(rng):
    term = lambda: "(" + f" {rng.choice('+-*')} ".join(str(rng.randint(-9, 9)) for _ in range(rng.randint(2, 4))) + ")"
    return f"({' - '.join(term() for _ in range(rng.randint(2, 4)))}) ="


def rationales(work, count):
    rng = random.Random(1)
    write_lines(work / "questions.jsonl", [{"question": random_question(rng)} for _ in range(count)])
    run_tripost("collect", "rationales", "--task", "multistep_arithmetic", "--input", work / "questions.jsonl", "--output", work / "r.jsonl")
    return [work / "r.jsonl"]


def record(text, filling=""):
    weighted = {"begin": 0, "end": len(text.encode()), "weight": 1.0}
    rest = {"begin": len(text.encode()), "end": len((text + filling).encode()), "weight": 0.0}
    return {"text": text + filling, "sections": [weighted, rest] if filling else [weighted], "ends": False}


def padded(records, tokenizer):
    """The records filled up, and the tokens that they hold now. A filling " a" is one token."""
    assert len(tokenizer(" a a a", add_special_tokens=False)["input_ids"]) == 3
    lines, tokens = [], 0
    for first in range(0, len(records), BATCH):
        batch = records[first:first + BATCH]
        width = next(bucket for bucket in BUCKETS if bucket >= max(length for _, length in batch))
        lines += [record(text, " a" * (width - length)) for text, length in batch]
        tokens += width * len(batch)
    return lines, tokens


def seconds_of(model, work, name, lines):
    """For all records, by the speed of the steps after the first: start-up is not a step. Steps hold about as many tokens each."""
    write_lines(work / "data.jsonl", lines)
    run_tripost("train", "--data", work / "data.jsonl", "--model", model, "--output", work / name, "--epochs", 1)
    metrics = [json.loads(line) for line in open(work / name / "metrics.jsonl")]
    return (metrics[-1]["time"] - metrics[0]["time"]) * len(metrics) / (len(metrics) - 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs="+", type=pathlib.Path)
    parser.add_argument("--model", default=ROOT / "models/base")
    parser.add_argument("--records", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    tokenizer = AutoTokenizer.from_pretrained(args.model)
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        texts = [json.loads(line)["text"] for file in args.data or rationales(work, args.records) for line in open(file)]
        random.Random(1).shuffle(texts)
        records = [(text, len(tokenizer(text, add_special_tokens=False)["input_ids"])) for text in texts[:args.records]]
        kept = [r for r in records if r[1] <= BUCKETS[-1]]
        useful = sum(length for _, length in kept)
        full, computed = padded(kept, tokenizer)
        speeds = {"packed": [], "padded": []}
        for number in range(args.rounds):
            for side, lines in (("packed", [record(text) for text, _ in kept]), ("padded", full)):
                speeds[side].append(useful / seconds_of(args.model, work, f"{side}-{number}", lines))
    print(f"{len(kept)} of {len(records)} records, {min(r[1] for r in kept)} to {max(r[1] for r in kept)} tokens, mean "
          f"{useful / len(kept):.0f}; padding to buckets makes {computed / useful:.2f} times as many")
    print(summary("train on useful tokens, packed, against padded", speeds["packed"], speeds["padded"])[0])


if __name__ == "__main__":
    main()
