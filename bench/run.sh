#!/usr/bin/env bash
# Every benchmark there is: kernels against plain ATen, generation by the engine, and both stages beside transformers on the
# same work. Writes the comparisons to bench/results/<date>-<host>.txt too.
#
# QUICK=1                         small sizes, under three minutes
# TRIPOST_PEER_PYTHON=/a/python   an interpreter that has torch and transformers, instead of build-bench/peer
set -euo pipefail
cd "$(dirname "$0")/.."

python=$(sed -n 's/^TRIPOST_PYTHON:[A-Z]*=//p' build/CMakeCache.txt)
cmake -S . -B build-bench -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE=-O2 -DTRIPOST_BENCH=ON -DTRIPOST_TESTS=OFF \
  -DTRIPOST_PYTHON="$python" > /dev/null
cmake --build build-bench -j "$(nproc)" --target bench_kernels bench_generate

peer=${TRIPOST_PEER_PYTHON:-build-bench/peer/bin/python}
if [ ! -x "$peer" ]; then
  python3 -m venv build-bench/peer
  build-bench/peer/bin/pip install --quiet torch==2.13.0 transformers
fi

results=bench/results/$(date +%F)-$(hostname).txt
mkdir -p bench/results
exec > >(tee "$results")
echo "$(date -u +'%F %T') UTC, $(nproc) cores, $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1), commit $(git rev-parse --short HEAD)"

if [ -z "${QUICK:-}" ]; then
  build-bench/bench/bench_kernels "$(nproc)"
  build-bench/bench/bench_generate
fi
export HF_HUB_DISABLE_PROGRESS_BARS=1 TRANSFORMERS_VERBOSITY=error
sizes=(0.9M 3.4M)
[ -n "${QUICK:-}" ] || sizes+=(135M)
for size in "${sizes[@]}"; do
  new=(--prompts 256 --new-tokens 128 --batches 4 64)
  rows=(--rows 32)
  [ "$size" = 135M ] && new=(--prompts 64 --new-tokens 32 --batches 4 64) rows=(--rows 4 --steps 3)
  [ -n "${QUICK:-}" ] && new=(--prompts 64 --new-tokens 32 --batches 4 64 --rounds 2) rows+=(--steps 3 --rounds 2 --no-compile)
  "$peer" bench/generate_against_transformers.py --shape "$size" "${new[@]}" 2> /dev/null
  "$peer" bench/train_against_transformers.py --shape "$size" "${rows[@]}" 2> /dev/null
done
[ -n "${QUICK:-}" ] || "$peer" bench/iteration_against_transformers.py 2> /dev/null
echo "written to $results" >&2
