"""Compares log-probabilities that tripost wrote with those transformers computes from the same folder.

    tripost logprobs --model MODEL_DIR --input texts.jsonl --output logprobs.jsonl
    python scripts/check_transformers.py MODEL_DIR logprobs.jsonl [--tolerance 1e-3]

Each line holds {"ids": [...], "logprobs": [...]}; logprobs[i] is that of ids[i+1] given ids[0..i]. Prints the largest
difference and where it is; exits with 1 when it is over the tolerance, given that transformers computes in float32.
"""

import argparse
import json
import sys

import torch
from transformers import AutoModelForCausalLM


def log_probabilities(model, ids):
    with torch.inference_mode():
        logits = model(torch.tensor([ids])).logits[0, :-1].float()
    return logits.log_softmax(-1).gather(1, torch.tensor(ids[1:])[:, None])[:, 0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("logprobs")
    parser.add_argument("--tolerance", type=float, default=1e-3)
    arguments = parser.parse_args()
    model = AutoModelForCausalLM.from_pretrained(arguments.model, dtype=torch.float32).eval()
    worst, where, tokens, total = 0.0, "nowhere", 0, 0.0
    with open(arguments.logprobs, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            record = json.loads(line)
            ids, ours = record["ids"], torch.tensor(record["logprobs"])
            if len(ours) != max(len(ids) - 1, 0):
                sys.exit(f"{arguments.logprobs}:{number}: {len(ids)} ids need {len(ids) - 1} logprobs, found {len(ours)}")
            if len(ids) < 2:
                continue
            difference = (log_probabilities(model, ids) - ours).abs()
            difference = torch.where(difference.isnan(), torch.inf, difference)  # NaN must not pass as small
            tokens += len(ours)
            total += difference.sum().item()
            if difference.max().item() > worst:
                worst, where = difference.max().item(), f"line {number}, token {difference.argmax().item() + 1}"
    if tokens == 0:
        sys.exit(f"{arguments.logprobs}: no log-probabilities to compare")
    print(f"max difference {worst:.3g} ({where}), mean {total / tokens:.3g}, over {tokens} tokens")
    if worst > arguments.tolerance:
        sys.exit(f"over the tolerance of {arguments.tolerance:g}")


if __name__ == "__main__":
    main()
