#!/usr/bin/env bash
# clang-format over every source file. --check changes nothing and fails where something would change.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v clang-format > /dev/null || { echo "format: clang-format is missing. Run: sudo apt-get install -y clang-format" >&2; exit 1; }
mode=(-i)
[ "${1:-}" = --check ] && mode=(--dry-run --Werror)
git ls-files -z '*.cpp' '*.h' '*.cu' | xargs -0 -r clang-format "${mode[@]}"
