// The passes over one row of logits that sampling needs, with the instruction set that the machine
// has.
//
// Rows are float32, padded to a multiple of kRowPadding with minus infinity (weights: with 0), so
// that no pass has a tail. A NaN or plus infinity among the logits shows as a NaN or 0 in the sum
// of exponentials.
#pragma once

#include <cstdint>
#include <vector>

namespace tripost::kernels {

inline constexpr int64_t kRowPadding = 64;

struct SamplingKernels {
  // bfloat16 bits to float32.
  void (*widen)(const uint16_t* source, int64_t count, float* target);
  // NaNs are passed over.
  float (*largest)(const float* row, int64_t count);
  // The largest of every kRowPadding values.
  void (*block_largest)(const float* row, int64_t count, float* largest);
  // The sum of exp((row[i] - shift) * scale), and each of them in `weights` unless that is null.
  // shift: the largest.
  double (*exponentials)(const float* row, int64_t count, float shift, float scale, float* weights);
  // Smallest i whose weights[0] + ... + weights[i] exceed `target`; the last with any weight when
  // rounding leaves none.
  int64_t (*find)(const float* weights, int64_t count, double target);
};

extern const SamplingKernels kSamplingBaseline, kSamplingAvx2, kSamplingAvx512;
// Those that this machine can run, the best last.
std::vector<const SamplingKernels*> runnable_sampling_kernels();

}  // namespace tripost::kernels
