#!/usr/bin/env bash
# The loop on the bundled model, with the settings of configs/demo/TASK.toml (multistep_arithmetic unless TASK says otherwise). An
# interrupted demo goes on where it was; a finished one shows its table again.
set -uo pipefail
cd "$(dirname "$0")/.."

task=${TASK:-multistep_arithmetic}
config=configs/demo/$task.toml
if [ ! -f "$config" ]; then
  echo "demo: there is no TASK=$task; there are: $(cd configs/demo && echo *.toml | sed 's/\.toml//g')" >&2
  exit 2
fi
run=runs/demo
[ "$task" = multistep_arithmetic ] || run=runs/demo-$task
began=$SECONDS
build/src/tripost improve --config "$config" --output "$run"
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
