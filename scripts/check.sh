#!/usr/bin/env bash
# What must hold before a merge, tests aside: formatting, sizes, and clang-tidy on the files that differ from BASE
# (default: the main branch).
set -uo pipefail
cd "$(dirname "$0")/.."

failed=0
scripts/format.sh --check || failed=1
python3 scripts/check_sizes.py || failed=1

base=$(git merge-base HEAD "${BASE:-main}" 2> /dev/null || git rev-list --max-parents=0 HEAD | tail -n 1)
mapfile -t changed < <(
  { git diff --name-only --diff-filter=d "$base" -- 'src/*.cpp' 'tests/*.cpp'
    git ls-files --others --exclude-standard -- 'src/*.cpp' 'tests/*.cpp'; } | sort -u)
if [ ${#changed[@]} -gt 0 ]; then
  if command -v clang-tidy > /dev/null; then
    printf '%s\n' "${changed[@]}" | xargs -P "$(nproc)" -n 1 clang-tidy -p build --quiet 2> /dev/null || failed=1
  else
    echo "check: clang-tidy is missing. Run: sudo apt-get install -y clang-tidy" >&2
    failed=1
  fi
fi
[ $failed = 0 ] && echo "check: formatting, sizes and clang-tidy (${#changed[@]} changed files) are fine"
exit $failed
