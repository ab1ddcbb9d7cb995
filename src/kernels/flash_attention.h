// The one place that calls ATen's private FlashAttention operator, whose signature changes between
// LibTorch versions.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>

namespace tripost::kernels {

// packed_attention (kernels/operations.h) for CUDA tensors in bfloat16, with autograd; grouped
// heads are not expanded.
at::Tensor flash_attention(const at::Tensor& qkv, const at::Tensor& starts, int64_t num_heads,
                           int64_t num_kv_heads, double scale, int64_t window);

// Tokens before a query that a window (0: none) leaves in sight, as the operator counts them.
std::optional<int64_t> flash_window_left(int64_t window);

}  // namespace tripost::kernels
