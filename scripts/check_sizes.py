#!/usr/bin/env python3
"""Fails when a source file is over 500 lines or a function over 80 (house rules, CONTRIBUTING.md).

Functions are found by universal-ctags, which reads C++ without compiling it. Tables of data are not functions and
generated files are not in git, so nothing is exempt.
"""

import json
import pathlib
import subprocess
import sys

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 80
PATTERNS = ["*.cpp", "*.h", "*.cu", "*.cuh", "*.py", "*.sh"]


def source_files():
    listed = subprocess.run(["git", "ls-files", "--", *PATTERNS], check=True, capture_output=True, text=True)
    return [path for path in listed.stdout.splitlines() if pathlib.Path(path).is_file()]


def long_files(files):
    for path in files:
        lines = len(pathlib.Path(path).read_text(encoding="utf-8").splitlines())
        if lines > MAX_FILE_LINES:
            yield f"{path}: {lines} lines, at most {MAX_FILE_LINES} allowed; split it"


def long_functions(files):
    command = ["ctags", "--output-format=json", "--fields=+ne", "--kinds-C++=f", "--langmap=C++:+.cu.cuh", "-L", "-"]
    tags = subprocess.run(command, input="\n".join(files), check=True, capture_output=True, text=True)
    for line in tags.stdout.splitlines():
        tag = json.loads(line)
        if tag.get("kind") not in ("function", "member", "method") or "end" not in tag:
            continue
        length = tag["end"] - tag["line"] + 1
        if length > MAX_FUNCTION_LINES:
            yield f"{tag['path']}:{tag['line']}: {tag['name']} has {length} lines, at most {MAX_FUNCTION_LINES} allowed"


def main():
    files = source_files()
    complaints = list(long_files(files))
    try:
        complaints += long_functions(files)
    except FileNotFoundError:
        complaints.append("universal-ctags is missing. Run: sudo apt-get install -y universal-ctags")
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
