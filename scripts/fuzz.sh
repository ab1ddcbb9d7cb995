#!/usr/bin/env bash
# Fuzzes the parsers of foreign bytes with libFuzzer under AddressSanitizer and UBSan:
#
#   scripts/fuzz.sh [SECONDS] [TARGET ...]       60 seconds each and all targets unless said
#
# task            what a model wrote, for every task (TRIPOST_FUZZ_TASK=name keeps to one, "user" is a user's)
# reply           replies of LLMs and of users' programs, steps and answers of users' tasks
# safetensors     files of weights
# gguf            files of weights with a tokenizer
# tokenizer_json  tokenizer.json
# tokenizer_model SentencePiece's tokenizer.model
#
# Builds with clang in build/fuzz (safetensors and gguf against the torch of TRIPOST_PYTHON), keeps what it learnt in
# build/fuzz/corpus-TARGET, and fails when it finds a crash, a hang, a large allocation or a broken promise; the input then
# lies in build/fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
shift || true
[ $# -gt 0 ] || set -- task reply safetensors gguf tokenizer_json tokenizer_model
compiler=$(compgen -c | grep -E '^clang\+\+(-[0-9]+)?$' | sort -V | tail -n 1) || {
  echo "fuzz: clang is missing. Run: sudo apt-get install -y clang" >&2
  exit 1
}
data=$PWD/tests/data

# Small real files to start from.
seeds_of() {
  case $1 in
    safetensors) find "$data" -name '*.safetensors' -size -64k ;;
    gguf) find "$data" -name '*.gguf' -size -64k ;;
    tokenizer_json) find "$data" -name tokenizer.json -size -64k ;;
    tokenizer_model) find "$data" -name tokenizer.model ;;
  esac
}

options_of() {
  case $1 in
    task) echo -max_len=20000 -timeout=5 ;;
    reply) echo -max_len=4096 -timeout=5 ;;
    # A file of this size must not make us allocate more than this many MB at once, nor take a second.
    *) echo -max_len=65536 -timeout=2 -malloc_limit_mb=100 ;;
  esac
}

torch=OFF
case " $* " in *" safetensors "* | *" gguf "*) torch=ON ;; esac
cmake -S . -B build/fuzz -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=RelWithDebInfo \
  -DCMAKE_CXX_FLAGS_RELWITHDEBINFO="-O1 -gline-tables-only" -DTRIPOST_FUZZ=ON -DTRIPOST_TORCH=$torch -DTRIPOST_TESTS=OFF \
  ${TRIPOST_PYTHON:+-DTRIPOST_PYTHON="$TRIPOST_PYTHON"} > /dev/null
cmake --build build/fuzz --target "${@/%/_fuzz}" -j "${JOBS:-$(nproc)}"
cd build/fuzz
for target in "$@"; do
  mkdir -p "corpus-$target" "seeds-$target"
  seeds_of "$target" | while read -r file; do cp "$file" "seeds-$target/$(echo "${file#"$data"/}" | tr / -)"; done
  echo "fuzz: $target for $seconds seconds"
  # shellcheck disable=SC2046
  "tests/fuzz/${target}_fuzz" "corpus-$target" "seeds-$target" -max_total_time="$seconds" -rss_limit_mb=2048 -print_final_stats=1 \
    $(options_of "$target")
done
