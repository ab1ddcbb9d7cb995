// Dropout whose mask follows from what a token is, not from the order in which numbers are drawn.
//
// x [T, in] with element (t, j) times 1 / (1 - rate) where a hash of keys[t], seed and j is at or
// above rate, and zero elsewhere (inverted dropout, as torch.nn.Dropout). A recomputed, resumed or
// otherwise batched pass over the same token so meets the same mask, and nothing is kept for
// backward: the gradient goes through the same function.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace tripost::kernels {

// keys int64 [T], each below 2^32; 0 <= rate < 1. On the CPU, contiguous float32 or bfloat16,
// without autograd; reference::dropped_out is the one for other devices.
at::Tensor dropped_out(const at::Tensor& x, const at::Tensor& keys, double rate, uint32_t seed);

// The share of all 32-bit numbers that are dropped, as their count.
inline uint32_t dropped_below(double rate) { return static_cast<uint32_t>(rate * 4294967296.0); }

// Added to a row's hash once for each column: 2^32 divided by the golden ratio, so that a row's
// columns are far apart.
inline constexpr uint32_t kColumnStep = 0x9E3779B9U;

}  // namespace tripost::kernels
