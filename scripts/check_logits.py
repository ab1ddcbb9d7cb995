"""Compares a model's float32 logits in tripost with those of transformers, whole rows at every position.

    cmake -S . -B build -DTRIPOST_BENCH=ON && cmake --build build --target logits
    python scripts/check_logits.py MODEL --texts F.jsonl ... [--sequences 1000] [--tolerance 1e-4]

The sequences are openings of the texts in JSONL files ("text" or "question"), from a few tokens to some hundred; a .gguf MODEL
is converted for transformers with `tripost convert`. Prints the largest difference of a logit and at how many positions the
likeliest token is the same; where it is not, transformers' two largest logits are shown. Exits with 1 when a difference is over
the tolerance, or a likeliest token differs whose lead in transformers is over the tolerance.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from check_transformers import load, texts_in


# Mostly short, some long: the logarithm of the number of characters is uniform.
def sequences(tokenizer, texts, count, longest):
    draw = random.Random(1)
    while count > 0:
        text = draw.choice(texts)
        ids = tokenizer(text[: round(2 ** draw.uniform(2, 9))])["input_ids"][:longest]
        if ids:
            count -= 1
            yield ids


def compare(model, ids, ours, tolerance):
    with torch.inference_mode():
        theirs = model(torch.tensor([ids])).logits[0]
    differing = (ours.argmax(-1) != theirs.argmax(-1)).nonzero()[:, 0].tolist()
    bad = 0
    for place in differing:
        best = theirs[place].topk(2).values
        bad += (best[0] - best[1]).item() > tolerance
        print(f"after {ids[: place + 1]}: another likeliest token; transformers' two largest logits are {best.tolist()}")
    difference = (ours - theirs).abs()
    return torch.where(difference.isnan(), torch.inf, difference).max().item(), len(differing), bad


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--texts", nargs="+", required=True)
    parser.add_argument("--logits", default="build/bench/logits")
    parser.add_argument("--tripost", default="build/src/tripost")
    parser.add_argument("--sequences", type=int, default=1000)
    parser.add_argument("--longest", type=int, default=256, help="tokens of a sequence")
    parser.add_argument("--tolerance", type=float, default=1e-4)
    arguments = parser.parse_args()

    model, tokenizer = load(arguments.model, arguments.tripost)
    chosen = list(sequences(tokenizer, texts_in(arguments.texts), arguments.sequences, arguments.longest))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "ids.jsonl")
        source.write_text("".join(json.dumps({"ids": ids}) + "\n" for ids in chosen))
        worst, tokens, differing, bad = 0.0, 0, 0, 0
        with source.open() as lines, subprocess.Popen([arguments.logits, arguments.model], stdin=lines,
                                                      stdout=subprocess.PIPE) as program:
            for number, ids in enumerate(chosen, 1):
                size = 4 * len(ids) * model.config.vocab_size
                data = bytearray(program.stdout.read(size))
                if len(data) != size:
                    sys.exit("the program ended early")
                ours = torch.frombuffer(data, dtype=torch.float32).view(len(ids), -1)
                one, other, wrong = compare(model, ids, ours, arguments.tolerance)
                worst, tokens = max(worst, one), tokens + len(ids)
                differing, bad = differing + other, bad + wrong
                if number % 100 == 0:
                    print(f"{number} sequences, {tokens} positions, {worst:.3g}", file=sys.stderr, flush=True)
    print(f"{len(chosen)} sequences, {tokens} positions of {model.config.vocab_size} logits: largest difference {worst:.3g} "
          f"(tolerance {arguments.tolerance:g}); likeliest token equal at {tokens - differing}")
    sys.exit(0 if worst <= arguments.tolerance and bad == 0 else 1)


if __name__ == "__main__":
    main()
