// Matrix products of tensors in their own type, on any device: the one way to a product of
// bfloat16.
//
// LibTorch multiplies bfloat16 on a CPU without BF16 instructions in plain loops, four to sixty
// times slower than float32. There the operands are widened to float32 and the result is rounded
// once. Everywhere else these are LibTorch's own products. Not differentiable. Decoding, whose few
// rows meet the same weight again and again, has kernels/decode_attention_product.h.
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>

namespace tripost::kernels {

// False where bfloat16 saves memory only: on a CPU without BF16 instructions.
bool multiplies_bfloat16(at::Device device);

// a [n, k] times b [k, m].
at::Tensor product(const at::Tensor& a, const at::Tensor& b);
void product_into(at::Tensor target, const at::Tensor& a, const at::Tensor& b);

// target += scale * a b. A float32 target of bfloat16 operands, as gradients are, gets the product
// in float32 where it is made in that, and rounded to bfloat16 elsewhere.
void add_product(at::Tensor target, const at::Tensor& a, const at::Tensor& b, double scale = 1);

// x [n, in] times weight [out, in] transposed, plus bias [out].
at::Tensor affine(const at::Tensor& x, const at::Tensor& weight,
                  const std::optional<at::Tensor>& bias);

}  // namespace tripost::kernels
