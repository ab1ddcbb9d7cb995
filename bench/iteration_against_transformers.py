#!/usr/bin/env python3
"""One whole TriPosT iteration beside the paper's way in Python: the same model, questions, and training records, in turns.

    python bench/iteration_against_transformers.py [--model models/base] [--problems 550] [--epochs 4] [--rounds 3] [--share 0.1]

Ours: `tripost improve` from a fine-tuned model: rollouts of all questions, verification, editing, training, with start-up (in the
rollouts) and saving; its test, here of two questions, is not counted. Theirs: transformers `generate` at batch 4, sampled at T = 1
up to 512 new tokens, in the faster of bfloat16 and float32, then training on our records at batch 4, padded to the paper's five
buckets (reference-behaviour.md sections 2.5, 7.1), AdamW, bfloat16 where that is fast; their verification and editing are taken as free. Where theirs
would take more than five minutes a round, it runs a share of the questions and of one epoch, evenly drawn, and is scaled up.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from peer import ROOT, TRIPOST, has_fast_bfloat16, run_tripost

BUCKETS = (256, 448, 640, 832, 1024)
BATCH = 4
LONGEST = 300  # seconds of theirs that are run whole
COMMON = ["--task", "multistep_arithmetic", "--test-seen", 1, "--test-unseen", 1, "--test-max-new-tokens", 1]
PHASES = ("rollouts", "verification and editing", "training", "saving")


def run_and_watch(*arguments):
    """(when tripost began, [(when, line)] of what it said, when it ended)"""
    began = time.time()
    process = subprocess.Popen([str(TRIPOST), *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    lines = [(time.time(), line) for line in process.stderr]
    if process.wait() != 0:
        sys.exit(f"tripost {arguments[0]} failed: {''.join(line for _, line in lines).strip()}")
    return began, lines, time.time()


def run_ours(start, output, problems, epochs):
    """Seconds of each phase."""
    began, lines, ended = run_and_watch(
        "improve", "--model", start, "--output", output, "--iterations", 1, "--no-finetune", "--problems", problems, "--max-new-tokens", 512,
        "--train-learning-rate", 1e-4, "--train-epochs", epochs, "--min-records", 1, *COMMON)
    records, tested = (output / "iteration-1" / name for name in ("train.jsonl", "evaluation.jsonl"))
    if not tested.exists():
        sys.exit(f"the iteration was not completed; it said {lines[-1][1].strip()!r}")
    edited = records.stat().st_mtime
    generated = max(at for at, line in lines if line.startswith("generate") and at <= edited)  # the test generates as well
    trained = [json.loads(line)["time"] for line in open(output / "metrics.jsonl")][-1]
    return dict(zip(PHASES, (generated - began, edited - generated, trained - edited, ended - tested.stat().st_mtime)))


def rollout_seconds(model, tokenizer, prompts, new_tokens=512):
    began = time.time()
    for first in range(0, len(prompts), BATCH):
        inputs = tokenizer(prompts[first:first + BATCH], return_tensors="pt", padding=True, padding_side="left", add_special_tokens=False)
        with torch.inference_mode():
            model.generate(**inputs, max_new_tokens=new_tokens, do_sample=True, temperature=1.0, top_k=50)
    return time.time() - began


def faster_model(folder, tokenizer, prompts):
    """For rollouts; the first of each dtype's runs is a warm-up."""
    dtypes = [torch.bfloat16] * has_fast_bfloat16() + [torch.float32]
    models = [AutoModelForCausalLM.from_pretrained(folder, dtype=dtype).eval() for dtype in dtypes]
    return min(models, key=lambda model: [rollout_seconds(model, tokenizer, prompts[:BATCH], 32) for _ in range(3)][-1])


def training_seconds(folder, ids):
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).train()
    autocast = has_fast_bfloat16()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True)
    began = time.time()
    for first in range(0, len(ids), BATCH):
        batch = ids[first:first + BATCH]
        width = next(b for b in BUCKETS if b >= max(map(len, batch)))
        padded = torch.tensor([i + [0] * (width - len(i)) for i in batch])
        with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
            loss = model(input_ids=padded, labels=padded).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return time.time() - began


class Theirs:
    def __init__(self, folder, iteration, epochs):
        self.folder, self.epochs = folder, epochs
        problems = [json.loads(line)["problem"] for line in open(iteration / "trajectories.jsonl")]
        self.prompts = [f"Q: {p['question']}\nAnswer: {p['lead_in']}" for p in problems]
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.tokenizer.pad_token = self.tokenizer.pad_token or self.tokenizer.eos_token
        texts = [json.loads(line)["text"] for line in open(iteration / "train.jsonl")]
        ids = [self.tokenizer(text, add_special_tokens=False)["input_ids"] for text in texts]
        self.num_records = len(ids)
        self.ids = [i for i in ids if len(i) <= BUCKETS[-1]]  # the paper's way drops longer ones
        self.model = faster_model(folder, self.tokenizer, self.prompts)

    def run(self, every):
        """Seconds of each phase, from one in `every` of the questions and, beyond 1, of one epoch."""
        prompts, ids = self.prompts[::every], self.ids[::every] * (self.epochs if every == 1 else 1)
        rollouts = rollout_seconds(self.model, self.tokenizer, prompts) * len(self.prompts) / len(prompts)
        training = training_seconds(self.folder, ids) * self.epochs * len(self.ids) / len(ids)
        return dict(zip(PHASES, (rollouts, 0.0, training, 0.0)))


def describe(who, rounds):
    """The median of all seconds."""
    middle = lambda values: f"{statistics.median(values):.1f} ({min(values):.1f}-{max(values):.1f})"
    sums = [sum(phases.values()) for phases in rounds]
    print(f"{who}: {middle(sums)} s: " + ", ".join(f"{phase} {middle([phases[phase] for phases in rounds])}" for phase in PHASES), flush=True)
    return statistics.median(sums)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=ROOT / "models/base")
    parser.add_argument("--problems", type=int, default=550)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--share", type=float, default=0.1)
    args = parser.parse_args()
    few = round(1 / args.share)
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        run_tripost("improve", "--model", args.model, "--output", work / "ft", "--iterations", 0, "--problems", 550,
                    "--finetune-learning-rate", 4e-4, *COMMON)
        start = work / "ft/model"
        ours = [run_ours(start, work / "run-0", args.problems, args.epochs)]
        theirs = Theirs(start, work / "run-0/iteration-1", args.epochs)
        first = theirs.run(few)
        every = few if sum(first.values()) > LONGEST else 1
        figures = [first if every == few else theirs.run(every)]
        for number in range(1, args.rounds):
            ours.append(run_ours(start, work / f"run-{number}", args.problems, args.epochs))
            figures.append(theirs.run(every))
    scale = "run whole" if every == 1 else f"scaled up from one in {every} of the questions and of one epoch's records"
    print(f"one iteration, {args.problems} questions, {theirs.num_records} records, {args.epochs} epochs, {torch.get_num_threads()} threads; "
          f"medians of {args.rounds} rounds; theirs {scale}, rollouts in {theirs.model.dtype}, "
          f"without the {theirs.num_records - len(theirs.ids)} records of more than {BUCKETS[-1]} tokens")
    mine, paper = describe("ours", ours), describe("the paper's way", figures)
    print(f"ratio {paper / mine:.1f}")


if __name__ == "__main__":
    main()
