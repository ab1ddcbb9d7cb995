#!/usr/bin/env bash
# Every benchmark there is, built in build-bench/: kernels against plain ATen, and generation by the engine.
set -euo pipefail
cd "$(dirname "$0")/.."

python=$(sed -n 's/^TRIPOST_PYTHON:[A-Z]*=//p' build/CMakeCache.txt)
cmake -S . -B build-bench -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE=-O2 -DTRIPOST_BENCH=ON -DTRIPOST_TESTS=OFF \
  -DTRIPOST_PYTHON="$python" > /dev/null
cmake --build build-bench -j "$(nproc)" --target bench_kernels bench_generate
build-bench/bench/bench_kernels "$(nproc)"
build-bench/bench/bench_generate
