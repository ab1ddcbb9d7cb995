#!/usr/bin/env python3
"""A training step beside transformers, eager and compiled: the same weights, the same tokens, AdamW, in turns.

    python bench/train_against_transformers.py [--shape 0.9M | --model DIR] [--rows 32] [--length 448] [--no-compile]

Rows of equal length without padding, so that both sides compute the same; what packing gains on rows of different length comes
on top. transformers runs in bfloat16 autocast over float32 weights, as tripost does. The losses of the first steps are printed
side by side.
"""
import argparse
import json
import pathlib
import tempfile
import time

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from peer import SHAPES, figure, make_model, prompts_of, run_tripost, summary, write_lines

RATE = 1e-4


class Theirs:
    autocast = staticmethod(lambda: torch.autocast("cpu", torch.bfloat16))

    def __init__(self, folder, compiled):
        self.model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).train()
        self.call = torch.compile(self.model) if compiled else self.model
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=RATE, betas=(0.9, 0.999), weight_decay=0.0)

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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", choices=SHAPES, default="0.9M")
    parser.add_argument("--model", help="a folder instead of a random model of a shape")
    parser.add_argument("--rows", type=int, default=32)
    parser.add_argument("--length", type=int, default=448)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-compile", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        folder = args.model or work / "model"
        if not args.model:
            make_model(args.shape, folder)
        tokenizer = AutoTokenizer.from_pretrained(folder)
        texts = prompts_of(tokenizer, args.rows * args.steps, args.length)
        ids = torch.tensor(tokenizer(texts, add_special_tokens=False)["input_ids"])
        batches = list(ids.split(args.rows))
        peers = {"eager": Theirs(folder, False)}
        if not args.no_compile:
            peers["torch.compile"] = Theirs(folder, True)
            peers["torch.compile"].run(batches[:2])  # compilation is not a step
        ours, theirs = [], {peer: [] for peer in peers}
        for round_number in range(args.rounds):
            losses, speed = run_ours(folder, work, texts, args.rows, args.length, args.steps)
            ours.append(speed)
            for peer, model in peers.items():
                their_losses, speed = model.run(batches)
                theirs[peer].append(speed)
                if round_number == 0 and peer == "eager":
                    print(f"{args.model or args.shape}: mean loss of the first {args.steps} steps: ours {sum(losses) / len(losses):.4f}, "
                          f"transformers {sum(their_losses) / len(their_losses):.4f} (order of rows differs)")
        for peer in peers:
            print(summary(f"train, {args.model or args.shape}, {args.rows}x{args.length}, {peer}", ours, theirs[peer])[0])


if __name__ == "__main__":
    main()
