#!/usr/bin/env python3
"""Kills a small run of the loop at random moments and starts it again, until it ends; then compares it with an undisturbed one.

    scripts/check_resume.py [--kills 10] [--seed 1]

Prints how often it was killed and whether scores and model are the same bytes.
"""
import argparse
import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMMAND = [
    str(ROOT / "build/src/tripost"), "improve", "--task", "multistep_arithmetic", "--model", str(ROOT / "models/base"),
    "--problems", "250", "--iterations", "2", "--test-seen", "20", "--test-unseen", "12", "--test-max-new-tokens", "400",
    "--finetune-max-steps", "100", "--finetune-learning-rate", "6e-4", "--train-max-steps", "8", "--min-records", "1",
    "--finetune-checkpoint-every", "10", "--train-checkpoint-every", "3", "--max-new-tokens", "400",
]


def start(output):
    return subprocess.Popen(COMMAND + ["--output", str(output)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tripost-resume-"))
    began = time.time()
    if start(folder / "whole").wait() != 0:
        sys.exit("the undisturbed run failed")
    duration = time.time() - began
    kills = 0
    while True:
        process = start(folder / "killed")
        try:
            # Fractions of what a whole run takes, so that every stage gets its kill over the restarts.
            process.wait(rng.uniform(0.03, 0.12) * duration if kills < args.kills else None)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
            continue
        if process.returncode != 0:
            sys.exit(f"after {kills} kills the run failed with exit code {process.returncode}")
        break
    same_model = (folder / "whole/model/model.safetensors").read_bytes() == (folder / "killed/model/model.safetensors").read_bytes()
    strip = lambda name: [(r["iteration"], r["subset"], r["n"], r["accuracy_first"], r["accuracy_final"])
                          for r in json.loads((folder / name / "scores.json").read_text())["rows"]]
    same_scores = strip("whole") == strip("killed")
    trained = json.loads((folder / "whole/state.json").read_text())["completed"]
    if trained < 2:
        sys.exit(f"the undisturbed run ended after iteration {trained}: too little data to test what it should")
    print(f"a run of {duration:.0f} s, killed {kills} times: scores {'equal' if same_scores else 'DIFFER'}, "
          f"model {'equal' if same_model else 'DIFFERS'}")
    shutil.rmtree(folder)
    sys.exit(0 if same_model and same_scores else 1)


if __name__ == "__main__":
    main()
