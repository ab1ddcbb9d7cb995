// The chunked LM head and weighted cross-entropy of kernels/operations.h, for both devices.
//
// Gradients are made where the logits are, in the forward pass, for an incoming gradient of 1, as
// in Liger: d_hidden, and the head's gradient summed over chunks in a float32 buffer of its own.
// Backward scales both by the incoming gradient and only then adds the latter to
// Parameter::gradient, so a forward without backward leaves no trace. Rows of weight zero take no
// part in the gradient's products on the CPU. With bfloat16 input the GEMM rounds logits to
// bfloat16; everything after is float32.
#pragma once

#include "kernels/operations.h"

namespace tripost::kernels {

// `rows_per_chunk` 0 chooses by vocabulary and device.
WeightedLoss chunked_linear_cross_entropy(const at::Tensor& hidden, const Parameter& head,
                                          const at::Tensor& targets, const at::Tensor& weights,
                                          double denominator, int64_t rows_per_chunk = 0);

}  // namespace tripost::kernels
