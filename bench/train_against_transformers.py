#!/usr/bin/env python3
"""A training step beside transformers, eager and compiled: the same weights, the same tokens, AdamW, in turns.

    python bench/train_against_transformers.py [--shape 0.9M | --model DIR] [--rows 32] [--length 448] [--no-compile]

Rows of equal length without padding, so that both sides compute the same; what packing gains on rows of different length comes
on top. transformers runs in bfloat16 autocast over float32 weights, as tripost does, or in float32 where bfloat16 is slow. Every step sees the same rows: their losses
are printed side by side, and the comparison fails where they differ.
"""
import argparse
import json
import pathlib
import sys
import tempfile
import time

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from peer import SHAPES, figure, has_fast_bfloat16, make_model, prompts_of, run_tripost, summary, write_lines

RATE = 1e-4
FAST_BFLOAT16 = has_fast_bfloat16()
WARM_UP = 2  # steps: compilation, and the optimizer's state
# How far losses may be apart, as a share. Before any update only the rounding of one forward pass differs (0.02% at most in trials).
# After the first updates it was up to 0.3%: tripost computes with bfloat16 embeddings and norms, where so small a change shows late,
# autocast with float32 ones. (With all weights rounded in every step, transformers' losses were within 0.02% of ours again.) Other
# rows in a step made 1.2 to 2.5%.
FIRST_TOLERANCE, TOLERANCE = 0.001, 0.01


class Theirs:
    autocast = staticmethod(lambda: torch.autocast("cpu", torch.bfloat16, enabled=FAST_BFLOAT16))

    def __init__(self, folder, compiled):
        self.model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).train()
        self.call = torch.compile(self.model) if compiled else self.model
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=RATE, betas=(0.9, 0.999), weight_decay=0.0, fused=True)

    def step(self, ids):
        with self.autocast():
            loss = self.call(input_ids=ids, labels=ids).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return loss.item()

    def run(self, batches):
        began = time.time()
        losses = [self.step(ids) for ids in batches]
        return losses, sum(ids.numel() for ids in batches) / (time.time() - began)


def run_ours(folder, work, texts, rows, length, steps):
    output = work / f"run-{time.time_ns()}"
    write_lines(work / "data.jsonl", [{"text": text, "sections": [{"begin": 0, "end": len(text.encode()), "weight": 1.0}], "ends": False}
                                      for text in texts])
    said = run_tripost("train", "--data", work / "data.jsonl", "--model", folder, "--output", output, "--learning-rate", RATE,
                       "--schedule", "constant", "--warmup-ratio", 0, "--weight-decay", 0, "--max-steps", steps,
                       "--batch-tokens", rows * length, "--micro-batch-tokens", rows * length)
    lines = [json.loads(line) for line in open(output / "metrics.jsonl")]
    # Seconds between the end of the first step and the end of the last: start-up is not a step.
    seconds = lines[-1]["time"] - lines[0]["time"]
    return [line["loss"] for line in lines], rows * length * (len(lines) - 1) / seconds


def check_losses(name, ours, theirs):
    apart = [abs(a - b) / b for a, b in zip(ours, theirs)]
    print(f"{name}: losses of {len(ours)} steps on the same rows: ours {ours[0]:.4f} to {ours[-1]:.4f}, transformers {theirs[0]:.4f} to "
          f"{theirs[-1]:.4f}; apart by {100 * apart[0]:.3f}% at the first step, at most {100 * max(apart):.3f}%", flush=True)
    if apart[0] > FIRST_TOLERANCE or max(apart) > TOLERANCE:
        sys.exit(f"the losses differ by more than {100 * FIRST_TOLERANCE}% at the first step or {100 * TOLERANCE}% later, so the times "
                 f"say nothing: ours {ours}, theirs {theirs}")


def make_peers(folder, batch, compiled):
    """transformers by name, warmed up."""
    peers = {}
    for name in ["eager"] + ["torch.compile"] * compiled:
        peer = Theirs(folder, name == "torch.compile")
        try:
            peer.run([batch] * WARM_UP)
        except Exception as error:  # a machine without a compiler or Python.h: the eager row remains
            print(f"{name} left out: {type(error).__name__}: {str(error).strip().splitlines()[0]}", flush=True)
            continue
        peers[name] = peer
    return peers


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", choices=SHAPES, default="0.9M")
    parser.add_argument("--model", help="a folder instead of a model of a shape")
    parser.add_argument("--rows", type=int, default=32)
    parser.add_argument("--length", type=int, default=448)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-compile", action="store_true")
    args = parser.parse_args()
    name = args.model or args.shape
    with tempfile.TemporaryDirectory() as place:
        work = pathlib.Path(place)
        folder = args.model or work / "model"
        if not args.model:
            make_model(args.shape, folder)
        tokenizer = AutoTokenizer.from_pretrained(folder)
        texts = prompts_of(tokenizer, args.rows, args.length)
        batch = torch.tensor(tokenizer(texts, add_special_tokens=False)["input_ids"])
        losses, _ = run_ours(folder, work, texts, args.rows, args.length, args.steps)
        check_losses(name, losses, Theirs(folder, False).run([batch] * args.steps)[0])
        print(f"transformers in {'bfloat16 autocast' if FAST_BFLOAT16 else 'float32, because bfloat16 is slow on this processor'}")
        peers = make_peers(folder, batch, not args.no_compile)
        ours, theirs = [], {peer: [] for peer in peers}
        for _ in range(args.rounds):
            ours.append(run_ours(folder, work, texts, args.rows, args.length, args.steps + 1)[1])  # its first step is not timed
            for peer, model in peers.items():
                theirs[peer].append(model.run([batch] * args.steps)[1])
        for peer in peers:
            print(summary(f"train, {name}, {args.rows}x{args.length}, {peer}", ours, theirs[peer])[0])


if __name__ == "__main__":
    main()
