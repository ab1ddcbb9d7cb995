// The operations of kernels/operations.h on CPU tensors: LibTorch's GEMM and our kernels, joined to
// autograd.
//
// Same contracts as there. Activations must be float32 or bfloat16. With grad mode off nothing is
// saved.
#pragma once

#include "kernels/operations.h"

namespace tripost::kernels::cpu {

at::Tensor embedding(const at::Tensor& ids, const Parameter& table);
at::Tensor linear(const at::Tensor& x, const Parameter& weight, const Parameter* bias);
at::Tensor rms_norm(const at::Tensor& x, const Parameter& weight, double epsilon);
std::pair<at::Tensor, at::Tensor> add_rms_norm(const at::Tensor& residual, const at::Tensor& x,
                                               const Parameter& weight, double epsilon);
at::Tensor rope(const at::Tensor& qkv, const at::Tensor& cos, const at::Tensor& sin,
                int64_t num_heads, int64_t num_kv_heads);
at::Tensor packed_attention(const at::Tensor& qkv, const at::Tensor& starts, int64_t num_heads,
                            int64_t num_kv_heads, double scale, int64_t window);
at::Tensor swiglu(const at::Tensor& gate_up);
void adamw_step(const AdamW& options, at::Tensor& master, at::Tensor& m, at::Tensor& v,
                at::Tensor& gradient, at::Tensor& shadow, const at::Tensor& decay);
double squared_norm(const at::Tensor& values);

}  // namespace tripost::kernels::cpu
