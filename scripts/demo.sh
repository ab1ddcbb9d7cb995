#!/usr/bin/env bash
# Placeholder until the demo is written: shows what the executable can do.
set -euo pipefail
cd "$(dirname "$0")/.."

exec build/src/tripost --help
