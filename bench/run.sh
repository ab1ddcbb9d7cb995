#!/usr/bin/env bash
# Every benchmark there is: kernels against plain ATen, shares of the machine's peak, and generation, training, serving,
# packing, memory and start-up, beside transformers and llama.cpp on the same work where they can do it. Sets the peers up first,
# in build-bench/. Writes all to bench/results/<date>-<host>.txt too.
#
# QUICK=1                         small sizes, under three minutes once the peers are there
# TRIPOST_PEER_PYTHON=/a/python   an interpreter that has torch and transformers, instead of build-bench/peer
# RECORDS="F.jsonl ..."           for packing: training files of the reference, instead of scripted rationales
set -euo pipefail
cd "$(dirname "$0")/.."

python=$(sed -n 's/^TRIPOST_PYTHON:[A-Z]*=//p' build/CMakeCache.txt)
cmake -S . -B build-bench -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE=-O2 -DTRIPOST_BENCH=ON -DTRIPOST_TESTS=OFF \
  -DTRIPOST_PYTHON="$python" > /dev/null
cmake --build build-bench -j "$(nproc)" --target bench_kernels bench_share_of_peak > /dev/null

peer=${TRIPOST_PEER_PYTHON:-build-bench/peer/bin/python}
if [ ! -x "$peer" ]; then
  python3 -m venv build-bench/peer
  build-bench/peer/bin/pip install --quiet torch==2.13.0 transformers
fi
bench/llama_cpp.sh
scripts/get_smollm2.sh > /dev/null

results=bench/results/$(date +%F)-$(hostname).txt
mkdir -p bench/results
exec > >(tee "$results")
echo "$(date -u +'%F %T') UTC, $(nproc) cores, $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1), commit $(git rev-parse --short HEAD)," \
  "load $(cut -d' ' -f1-3 /proc/loadavg)"
export HF_HUB_DISABLE_PROGRESS_BARS=1 TRANSFORMERS_VERBOSITY=error
compare() { echo; echo "# $*"; "$peer" "$@" 2> /dev/null || echo "failed; run it alone to see why"; }

# generate and train beside transformers at one of its sizes, then what else is needed.
beside_transformers() {
  compare bench/generate_against_transformers.py --shape "$1" --batches 4 64 $2
  compare bench/train_against_transformers.py --shape "$1" $3
}
if [ -n "${QUICK:-}" ]; then
  for size in 0.9M 3.4M; do
    beside_transformers "$size" "--prompts 64 --new-tokens 32 --rounds 2" "--rows 32 --steps 3 --rounds 2 --no-compile"
  done
  beside_transformers 135M "--prompts 16 --new-tokens 8 --rounds 1" "--rows 2 --steps 2 --rounds 1 --no-compile"
  compare bench/generate_against_llama_cpp.py --prompts 16 --new-tokens 16 --batches 16 --dtypes bfloat16 --rounds 1
  compare bench/serve_against_engine.py --streams 16 --tokens 32 --rounds 1
  compare bench/packing.py --records 100 --rounds 1 ${RECORDS:+--data $RECORDS}
  compare bench/start_up.py --rounds 3
else
  build-bench/bench/bench_kernels "$(nproc)"
  build-bench/bench/bench_share_of_peak "$(nproc)"
  for size in 0.9M 3.4M; do
    beside_transformers "$size" "--prompts 256 --new-tokens 128" "--rows 32"
  done
  beside_transformers 135M "--prompts 64 --new-tokens 128" "--rows 4 --steps 3"
  for size in 0.9M 3.4M; do compare bench/loss_curve.py --shape "$size"; done
  compare bench/generate_against_llama_cpp.py
  compare bench/serve_against_engine.py
  compare bench/serve_against_engine.py --model models/base --tokens 512
  compare bench/packing.py ${RECORDS:+--data $RECORDS}
  compare bench/memory.py
  compare bench/start_up.py
  compare bench/iteration_against_transformers.py
fi
echo "written to $results" >&2
