#!/usr/bin/env python3
"""Runs `tripost improve` with a small model of our own, behind `tripost serve`, as verifier and improver, end to end.

    scripts/get_smollm2.sh
    scripts/check_own_teacher.py [--tripost build/src/tripost] [--student models/base]
                                 [--teacher models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf]

A student is fine-tuned for a moment on date understanding; then one iteration asks the teacher for feedback and updates, one
asks it for updates on the script's feedback, and one repeats the first from the cache, offline. Prints what came of the calls.
A teacher of this size finds few mistakes: what is checked is the way, not the teaching. About four minutes on two cores.
"""
import argparse
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROBLEMS = 16


class Check:
    failed = 0

    def __call__(self, name, is_right, shown=""):
        print(f"{'ok  ' if is_right else 'FAIL'} {name} {shown}", flush=True)
        Check.failed += not is_right


check = Check()


def improve(args, folder, name, *options):
    command = [
        args.tripost, "improve", "--task", "date_understanding", "--output", str(folder / name), "--problems", str(PROBLEMS),
        "--test-seen", "4", "--test-unseen", "4", "--test-max-new-tokens", "160", "--max-new-tokens", "160", "--min-records", "1",
        "--improve-data-ratio", "0", "--train-max-steps", "2", *options,
    ]
    run = subprocess.run(command, capture_output=True, text=True)
    (folder / f"{name}.log").write_text(run.stdout + run.stderr)
    check(f"{name}: exit code 0", run.returncode == 0, "" if run.returncode == 0 else run.stderr[-600:])
    return run


def report(folder, name):
    """What the iteration made of its attempts and of the teacher's answers, by cause."""
    counts = json.loads((folder / name / "iteration-1/counts.json").read_text())
    outcomes = {k: v for k, v in counts["outcomes"].items() if v}
    print(f"     attempts: {outcomes}")
    for source in ("verifier", "improver"):
        print(f"     {source}: {counts.get(source, 'not asked')}")
    check(f"{name}: every attempt has its outcome", sum(counts["outcomes"].values()) == PROBLEMS)
    asked = sum(counts.get(source, {}).get("asked", 0) for source in ("verifier", "improver"))
    lost = sum(counts.get(source, {}).get("no_answer", 0) for source in ("verifier", "improver"))
    check(f"{name}: every question to the teacher was answered", asked > 0 and lost == 0, f"{asked} asked, {lost} without answer")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tripost", default=str(ROOT / "build/src/tripost"))
    parser.add_argument("--student", default=str(ROOT / "models/base"))
    parser.add_argument("--teacher", default=str(ROOT / "models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"))
    args = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tripost-teacher-"))
    server = subprocess.Popen([args.tripost, "serve", "--model", args.teacher, "--port", "0"], stderr=subprocess.PIPE, text=True)
    try:
        line = server.stderr.readline()
        address = re.match(r"(\S+) at (http://\S+/v1)", line)
        if not address:
            sys.exit(f"tripost serve did not start: {line}{server.stderr.read()}")
        model, url = address.groups()
        improve(args, folder, "student", "--model", args.student, "--iterations", "0", "--finetune-max-steps", "30",
                "--finetune-learning-rate", "6e-4")
        teacher = ["--model", str(folder / "student/model"), "--no-finetune", "--iterations", "1", "--llm-url", url,
                   "--llm-model", model, "--llm-api", "completions", "--llm-max-new-tokens", "96"]
        improve(args, folder, "both", *teacher, "--verifier", "llm", "--improver", "llm")
        report(folder, "both")
        improve(args, folder, "improver", *teacher, "--improver", "llm")
        report(folder, "improver")
        cache = str(folder / "both/llm_cache.sqlite")
        improve(args, folder, "offline", *teacher, "--verifier", "llm", "--improver", "llm", "--offline", "--llm-cache", cache)
        same = [(folder / name / "iteration-1/trajectories.jsonl").read_bytes() for name in ("both", "offline")]
        check("offline repeats the trajectories byte for byte", same[0] == same[1])
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
    print(f"{Check.failed} failed; runs and logs in {folder}")
    sys.exit(Check.failed > 0)


if __name__ == "__main__":
    main()
