#!/usr/bin/env bash
# The loop on the bundled model, with the settings of configs/demo.toml. TASK=name runs it on another task. An interrupted
# demo goes on where it was; a finished one shows its table again.
set -uo pipefail
cd "$(dirname "$0")/.."

run=runs/demo${TASK:+-$TASK}
began=$SECONDS
build/src/tripost improve --config configs/demo.toml --output "$run" ${TASK:+--task "$TASK"}
status=$?
case $status in
  0)
    echo "demo: $((SECONDS - began)) s. Open $run/report.html in a browser: table, learning curve, trajectories."
    ;;
  75)
    echo "demo: stopped, everything is saved; the same make command goes on." >&2
    ;;
  *)
    if [ -f "$run/config.toml" ]; then echo "demo: to start anew: rm -r $run" >&2; fi
    ;;
esac
exit $status
