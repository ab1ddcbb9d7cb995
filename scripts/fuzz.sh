#!/usr/bin/env bash
# Fuzzes the parsers that read model text: scripts/fuzz.sh [SECONDS] [TASK]. 60 seconds and all tasks unless said. Builds with
# clang in build/fuzz, keeps what it learnt in build/fuzz/corpus, and fails when it finds a crash, a hang or a broken promise;
# the input then lies in build/fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
compiler=$(compgen -c | grep -E '^clang\+\+(-[0-9]+)?$' | sort -V | tail -n 1) || {
  echo "fuzz: clang is missing. Run: sudo apt-get install -y clang" >&2
  exit 1
}
cmake -S . -B build/fuzz -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=RelWithDebInfo \
  -DCMAKE_CXX_FLAGS_RELWITHDEBINFO="-O1 -gline-tables-only" -DTRIPOST_FUZZ=ON -DTRIPOST_TORCH=OFF -DTRIPOST_TESTS=OFF > /dev/null
cmake --build build/fuzz --target task_fuzz -j "${JOBS:-$(nproc)}"
mkdir -p build/fuzz/corpus
cd build/fuzz
[ $# -lt 2 ] || export TRIPOST_FUZZ_TASK=$2
tests/fuzz/task_fuzz corpus -max_total_time="$seconds" -max_len=20000 -timeout=5 -rss_limit_mb=2048 -print_final_stats=1
