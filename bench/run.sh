#!/usr/bin/env bash
# Every benchmark there is: kernels against plain ATen, shares of the machine's peak, and generation, training, serving,
# packing, memory and start-up, beside transformers and llama.cpp on the same work where they can do it; under an hour on two cores.
# Sets the peers up first, in build-bench/. Writes all to bench/results/<date>-<time>-<host>.txt too, and what the programs say besides
# to build-bench/logs/. Exits with 1 when one failed.
#
# QUICK=1                         small sizes, under three minutes once the peers are there; result in build-bench/
# TRIPOST_PEER_PYTHON=/a/python   an interpreter that has torch and transformers, instead of build-bench/peer
# RECORDS="F.jsonl ..."           for packing: training files, instead of the reference's or, without those, scripted rationales
set -euo pipefail
cd "$(dirname "$0")/.."

logs=build-bench/logs
mkdir -p "$logs" bench/results
if [ -z "${QUICK:-}" ]; then
  { cmake -S . -B build -DTRIPOST_BENCH=ON && cmake --build build -j "$(nproc)" --target bench_kernels bench_share_of_peak; } \
    > "$logs/build.log" || { echo "bench: the build failed: $logs/build.log" >&2; exit 1; }
fi
peer=${TRIPOST_PEER_PYTHON:-build-bench/peer/bin/python}
if [ ! -x "$peer" ]; then
  python3 -m venv build-bench/peer
  build-bench/peer/bin/pip install --quiet torch==2.13.0 transformers
fi
# What needs these two fails by itself, and says so, when they cannot be had.
bench/llama_cpp.sh > "$logs/llama_cpp.log" 2>&1 || echo "llama.cpp could not be built: $logs/llama_cpp.log" >&2
scripts/get_smollm2.sh > "$logs/get_smollm2.log" 2>&1 || echo "SmolLM2 could not be had: $logs/get_smollm2.log" >&2

name=$(date +%F-%H%M%S)-$(hostname).txt
results=bench/results/$name
[ -n "${QUICK:-}" ] && results=build-bench/quick-$name
exec > >(tee "$results")
echo "$(date -u +'%F %T') UTC, $(nproc) cores, $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1), commit $(git rev-parse --short HEAD)," \
  "load $(cut -d' ' -f1-3 /proc/loadavg)"
export HF_HUB_DISABLE_PROGRESS_BARS=1 TRANSFORMERS_VERBOSITY=error

count=0
failures=0
# Runs one, with its standard error in a file of its own.
measure() {
  count=$((count + 1))
  local began=$SECONDS log
  log=$logs/$(printf %02d "$count").log
  echo
  echo "# $*"
  if ! "$@" 2> "$log"; then
    failures=$((failures + 1))
    echo "FAILED: $(tail -n 1 "$log") ($log)"
  fi
  echo "($((SECONDS - began)) s)"
}
compare() { measure "$peer" "$@"; }

shopt -s nullglob
records=(../shared/reference-data/training/*/*world*.jsonl)
[ -n "${RECORDS:-}" ] && read -ra records <<< "$RECORDS"
packing=(bench/packing.py)
[ ${#records[@]} -gt 0 ] && packing+=(--data "${records[@]}")

if [ -n "${QUICK:-}" ]; then
  for size in 0.9M 3.3M; do
    compare bench/generate_against_transformers.py --shape "$size" --prompts 64 --new-tokens 32 --batches 4 64 --small 8 --rounds 2
    compare bench/train_against_transformers.py --shape "$size" --rows 16 --steps 3 --rounds 2 --no-compile
  done
  compare bench/generate_against_llama_cpp.py --prompts 16 --new-tokens 16 --batches 16 --dtypes bfloat16 --rounds 1
  compare bench/serve_against_engine.py --streams 16 --tokens 32 --rounds 1
  compare "${packing[@]}" --records 100 --rounds 1
  compare bench/start_up.py --rounds 3
  echo
  echo "left out of the quick mode: kernels, shares of the peak, transformers at 135M, torch.compile, loss curves, memory, the iteration"
else
  measure build/bench/bench_kernels "$(nproc)"
  measure build/bench/bench_share_of_peak "$(nproc)"
  for size in 0.9M 3.3M; do
    compare bench/generate_against_transformers.py --shape "$size"
    compare bench/train_against_transformers.py --shape "$size"
    compare bench/loss_curve.py --shape "$size"
  done
  compare bench/generate_against_transformers.py --shape 135M --new-tokens 64 --batches 4 64 256 --rounds 2
  compare bench/train_against_transformers.py --shape 135M --rows 4 --steps 3 --rounds 2
  compare bench/generate_against_llama_cpp.py --prompts 256 --batches 64 256 --rounds 2
  compare bench/serve_against_engine.py
  compare bench/serve_against_engine.py --model models/base --tokens 512
  compare "${packing[@]}"
  compare bench/memory.py
  compare bench/start_up.py
  compare bench/iteration_against_transformers.py
fi
echo
echo "$count ran in $((SECONDS / 60)) min $((SECONDS % 60)) s, $failures failed; vLLM is not among them: bench/README.md says why"
echo "written to $results" >&2
[ "$failures" -eq 0 ]
