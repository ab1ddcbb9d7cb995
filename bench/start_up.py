#!/usr/bin/env python3
"""Seconds until `tripost --help` is through, and until `tripost generate` has started, loaded a model and written one token.

    python bench/start_up.py [--model models/base] [--rounds 10]

Wall time and CPU time, the median and the spread of several runs.
"""
import argparse
import pathlib
import statistics
import tempfile
import time

from peer import ROOT, tripost_usage, write_lines


def seconds_of(*arguments):
    """(wall, CPU)"""
    began = time.time()
    usage = tripost_usage(*arguments)
    return time.time() - began, usage.ru_utime + usage.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=ROOT / "models/base")
    parser.add_argument("--rounds", type=int, default=10)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        write_lines(work / "in.jsonl", [{"prompt": "Q: Evaluate ((1 + 2) * 3).\nAnswer:"}])
        commands = {"--help": ["--help"],
                    "first token of generate": ["generate", "--model", args.model, "--input", work / "in.jsonl", "--output", work / "out.jsonl",
                                                "--max-new-tokens", 1]}
        for what, command in commands.items():
            wall, cpu = zip(*(seconds_of(*command) for _ in range(args.rounds)))
            print(f"start-up, {what:<24} {statistics.median(wall):6.3f} s ({min(wall):.3f}-{max(wall):.3f}), "
                  f"CPU {statistics.median(cpu):.3f} s")


if __name__ == "__main__":
    main()
