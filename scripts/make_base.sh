#!/usr/bin/env bash
# Makes models/base again: corpus, tokenizer, training from scratch. Everything comes from seeds.
#
#   scripts/make_base.sh               on the CPU: many hours for the first stage, six for the others
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
  python3 scripts/make_base_corpus.py --output "$output.part" "$@"
  mv "$output.part" "$output"
}

corpus "$work/tokenizer.txt" --documents 3000 --tokenizer-text
$tripost tokenizer train --input "$work/tokenizer.txt" --vocab-size 1024 --output "$work/tokenizer"

# First stage: every sub-skill, from scratch.
corpus "$work/corpus.jsonl" --documents 420000
$tripost train --data "$work/corpus.jsonl" --init configs/base_model.json --tokenizer "$work/tokenizer" --device "$device" \
  --learning-rate 3e-3 --warmup-ratio 0.03 --final-ratio 0.01 --batch-tokens 65536 --micro-batch-tokens $micro_batch \
  --adam-beta2 0.98 --weight-decay 0.1 --max-length 4096 --normalisation weights --max-steps 2197 --checkpoint-every 500 \
  --output "$work/train"

# go_on STAGE FOLDER OPTION...: a stage goes on from the model in FOLDER, on a corpus of its own, in small batches, which learn
# arithmetic from far fewer tokens.
go_on() {
  local stage=$1 from=$2
  shift 2
  $tripost train --data "$work/corpus_$stage.jsonl" --model "$work/$from/model" --device "$device" \
    --learning-rate 7e-4 --batch-tokens 4096 --micro-batch-tokens 4096 --adam-beta2 0.99 --weight-decay 0.1 --max-length 4096 \
    --normalisation weights --checkpoint-every 500 --output "$work/train_$stage" "$@"
}

# Second stage: more than half of it single operations.
corpus "$work/corpus_2.jsonl" --documents 60000 --seed 2 --stage 2
go_on 2 train --warmup-ratio 0.02 --final-ratio 0.01 --epochs 1

# Third stage: two-digit products and groups of five and six numbers, at a rate that stays up: the fourth brings it down.
corpus "$work/corpus_3.jsonl" --documents 80000 --seed 3 --stage 3
go_on 3 train_2 --warmup-ratio 0.01 --final-ratio 1.0 --max-steps 8582

# Fourth stage: words, dates and orders beside arithmetic.
corpus "$work/corpus_4.jsonl" --documents 50000 --seed 4 --stage 4
go_on 4 train_3 --warmup-ratio 0.02 --final-ratio 0.01 --max-steps 4600

# Fifth stage: calculations of a list worked again, each by itself, before judging it.
corpus "$work/corpus_5.jsonl" --documents 48000 --seed 5 --stage 5
go_on 5 train_4 --warmup-ratio 0.02 --final-ratio 0.01 --max-steps 4400

# Sixth stage: with what was written beside every value.
corpus "$work/corpus_6.jsonl" --documents 25000 --seed 6 --stage 6
go_on 6 train_5 --warmup-ratio 0.02 --final-ratio 0.01 --max-steps 2100

# Seventh stage: saying which values are wrong.
corpus "$work/corpus_7.jsonl" --documents 16000 --seed 7 --stage 7
go_on 7 train_6 --warmup-ratio 0.02 --final-ratio 0.01 --max-steps 1300

# Eighth stage: redoing a list with the value that stands in a note and nowhere else.
corpus "$work/corpus_8.jsonl" --documents 20000 --seed 8 --stage 8
go_on 8 train_7 --warmup-ratio 0.02 --final-ratio 0.01 --max-steps 1600

# Ninth stage: the same behind a line that calculates nothing, and arithmetic and long groups again.
corpus "$work/corpus_9.jsonl" --documents 20000 --seed 9 --stage 9
go_on 9 train_8 --warmup-ratio 0.02 --final-ratio 0.01 --max-steps 1600

# Tenth stage: 512 more tokens for words, dates and orders, then all four tasks alike.
corpus "$work/more_tokens.txt" --documents 2000 --seed 10 --stage 10 --tokenizer-text
corpus "$work/corpus_10.jsonl" --documents 60000 --seed 10 --stage 10
if [ ! -d "$work/more_tokens/model" ]; then
  rm -rf "$work/more_tokens" "$work/more_tokens.part"
  python3 scripts/extend_tokenizer.py --model "$work/train_9/model" --text "$work/more_tokens.txt" --tokens 512 \
    --output "$work/more_tokens.part/model"
  mv "$work/more_tokens.part" "$work/more_tokens"
fi
go_on 10 more_tokens --warmup-ratio 0.02 --final-ratio 0.01 --max-steps 5500

# Eleventh stage: looking up letters and places.
corpus "$work/corpus_11.jsonl" --documents 40000 --seed 11 --stage 11
go_on 11 train_10 --warmup-ratio 0.02 --final-ratio 0.01 --max-steps 2400

# Twelfth stage: logical deduction's longer ways, and the arithmetic that the eleventh wore out.
corpus "$work/corpus_12.jsonl" --documents 66000 --seed 12 --stage 12
go_on 12 train_11 --warmup-ratio 0.02 --final-ratio 0.01 --max-steps 5500

cp "$work"/train_12/model/* models/base/
python3 scripts/redraw_unseen_tokens.py --model models/base --corpus "$work/corpus_12.jsonl"

# What the demo on arithmetic rehearses.
corpus "$work/rehearsal.jsonl" --documents 600 --seed 13 --stage rehearsal --longest 2400
cp "$work/rehearsal.jsonl" models/base/rehearsal.jsonl

# Every so many steps are enough for a curve; the first ones show the start.
log() {
  python3 - "$1" "$2" << 'PYTHON'
import json, sys
for line in open(sys.argv[1]):
    step = json.loads(line)["step"]
    if step < 20 or step % int(sys.argv[2]) == 0:
        print(line, end="")
PYTHON
}
log "$work/train/metrics.jsonl" 20 > models/base/training_log.jsonl
for stage in 2 3 4 5 6 7 8 9 10 11 12; do log "$work/train_$stage/metrics.jsonl" 50 > "models/base/training_log_$stage.jsonl"; done
echo "models/base is made anew; git diff --stat models/base shows what changed"
