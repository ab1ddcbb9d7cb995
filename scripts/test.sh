#!/usr/bin/env bash
# Runs every test of build/, one process for each folder's binary, and prints the number passed as its last line. Fails
# when a test fails, when a binary crashes and when nothing ran. What was skipped is named with its reason.
set -uo pipefail
cd "$(dirname "$0")/.."

log=build/Testing/Temporary/LastTest.log  # every binary's whole output, kept by ctest
rm -f "$log"
ctest --test-dir build --output-on-failure --test-output-size-failed 1000000 -j "${JOBS:-$(nproc)}" > build/test.log 2>&1
status=$?
[ $status = 0 ] || cat build/test.log >&2
[ -f "$log" ] || exit 1

count() { grep -c "^\[ *$1 *\] .* ([0-9]* ms)" "$log"; }
passed=$(count OK) failed=$(count FAILED) skipped=$(count SKIPPED)
if [ "$skipped" -gt 0 ]; then
  echo "skipped:"
  awk '/: Skipped$/ { getline reason } /^\[ *SKIPPED \] .* \([0-9]+ ms\)/ { print "  " $4 ": " reason }' "$log"
fi
# A binary that crashed has no failed test to its name.
[ $status = 0 ] || [ "$failed" -gt 0 ] || failed=1
[ "$passed" -gt 0 ] || status=1
echo "$passed passed, $failed failed, $skipped skipped"
exit $status
