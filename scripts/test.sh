#!/usr/bin/env bash
# Runs every test of build/ and prints the number passed. Fails when a test fails.
set -uo pipefail
cd "$(dirname "$0")/.."

results=$PWD/build/test-results.xml
log=$PWD/build/test.log
rm -f "$results"
ctest --test-dir build --output-on-failure --output-junit "$results" -j "${JOBS:-$(nproc)}" --progress > "$log" 2>&1
status=$?
[ $status = 0 ] || tr '\r' '\n' < "$log" >&2
count() { sed -n "s/.*[[:space:]]$1=\"\([0-9]*\)\".*/\1/p" "$results" | head -n 1; }
tests=$(grep -c '<testcase ' "$results")
failed=$(count failures) skipped=$(count skipped) disabled=$(count disabled)
passed=$((tests - ${failed:-0} - ${skipped:-0} - ${disabled:-0}))
echo "$passed tests passed, ${failed:-0} failed, ${skipped:-0} skipped"
exit $status
