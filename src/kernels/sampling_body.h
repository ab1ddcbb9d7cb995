// The passes of sampling.h, once for every instruction set.
#pragma once

#include "kernels/decode_attention_vector.h"
#include "kernels/sampling.h"

namespace tripost::kernels {
namespace {

void widen(const uint16_t* source, int64_t count, float* target) {
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    store(target + i, from_bfloat16(load<HalfWords>(source + i)));
  for (; i < count; ++i) target[i] = from_bfloat16(source[i]);
}

TRIPOST_INLINE Floats largest_in_block(const float* row) {
  Floats most = load<Floats>(row);
  for (int64_t i = kLanes; i < kRowPadding; i += kLanes) most = larger(load<Floats>(row + i), most);
  return most;
}

float largest(const float* row, int64_t count) {
  Floats most = broadcast(-3.0e38f);
  for (int64_t i = 0; i < count; i += kLanes) most = larger(load<Floats>(row + i), most);
  return largest_of(most);
}

void block_largest(const float* row, int64_t count, float* largest) {
  for (int64_t i = 0; i < count; i += kRowPadding)
    largest[i / kRowPadding] = largest_of(largest_in_block(row + i));
}

double exponentials(const float* row, int64_t count, float shift, float scale, float* weights) {
  const float factor = scale * 1.44269504f;
  Floats sums[2] = {};
  for (int64_t i = 0; i < count; i += 2 * kLanes) {
    for (int64_t part = 0; part < 2; ++part) {
      const int64_t place = i + part * kLanes;
      const Floats power = exp2_nonpositive((load<Floats>(row + place) - shift) * factor);
      sums[part] += power;
      if (weights != nullptr) store(weights + place, power);
    }
  }
  return static_cast<double>(sum_of(sums[0])) + static_cast<double>(sum_of(sums[1]));
}

int64_t find(const float* weights, int64_t count, double target) {
  double before = 0;
  int64_t block = 0, last = 0;
  for (; block < count; block += kRowPadding) {
    Floats sum = load<Floats>(weights + block);
    for (int64_t i = kLanes; i < kRowPadding; i += kLanes) sum += load<Floats>(weights + block + i);
    const double inside = static_cast<double>(sum_of(sum));
    if (inside > 0) last = block;
    if (before + inside > target) break;
    before += inside;
  }
  // The block's own sum was rounded: when its weights one by one stay under the target, its last
  // one is meant.
  int64_t found = last;
  const int64_t start = block < count ? block : last;
  for (int64_t i = start; i < start + kRowPadding; ++i) {
    before += static_cast<double>(weights[i]);
    if (weights[i] > 0) found = i;
    if (weights[i] > 0 && block < count && before > target) return i;
  }
  return found;
}

}  // namespace
}  // namespace tripost::kernels
