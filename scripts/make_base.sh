#!/usr/bin/env bash
# Makes models/base again: corpus, tokenizer, training from scratch. Everything comes from seeds.
#
#   scripts/make_base.sh               on the CPU, many hours
#   DEVICE=cuda scripts/make_base.sh   minutes; needs a build against a CUDA torch
#
# Works in runs/base and goes on there when interrupted. The tokenizer comes out byte for byte on any machine, weights only
# on the same kind of device.
set -euo pipefail
cd "$(dirname "$0")/.."

tripost=build/src/tripost
work=runs/base
device=${DEVICE:-cpu}
micro_batch=4096  # tokens in memory at once; it changes rounding, nothing else
[ "$device" = cpu ] || micro_batch=65536
mkdir -p "$work"
make --no-print-directory build

# Made beside its name and renamed: a file that is there is whole.
corpus() {
  local output=$1
  shift
  [ -f "$output" ] && return
  python3 scripts/make_base_corpus.py --seed 1 --output "$output.part" "$@"
  mv "$output.part" "$output"
}

corpus "$work/tokenizer.txt" --documents 3000 --tokenizer-text
$tripost tokenizer train --input "$work/tokenizer.txt" --vocab-size 1024 --output "$work/tokenizer"

corpus "$work/corpus.jsonl" --documents 420000
$tripost train --data "$work/corpus.jsonl" --init configs/base_model.json --tokenizer "$work/tokenizer" --device "$device" \
  --learning-rate 3e-3 --warmup-ratio 0.03 --final-ratio 0.01 --batch-tokens 65536 --micro-batch-tokens $micro_batch \
  --adam-beta2 0.98 --weight-decay 0.1 --max-length 4096 --normalisation weights --max-steps 2197 --checkpoint-every 500 \
  --output "$work/train"

cp "$work"/train/model/* models/base/
# Every twentieth step is enough for a curve; the first ones show the start.
python3 - "$work/train/metrics.jsonl" > models/base/training_log.jsonl <<'PYTHON'
import json, sys
for line in open(sys.argv[1]):
    step = json.loads(line)["step"]
    if step < 20 or step % 20 == 0:
        print(line, end="")
PYTHON
echo "models/base is made anew; git diff --stat models/base shows what changed"
