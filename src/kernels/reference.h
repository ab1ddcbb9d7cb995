// The operations of kernels/operations.h in plain ATen, on any device: what tests compare with and
// what CUDA runs.
//
// Same contracts as there. Gradients come from ATen's own autograd formulas; only the step that
// adds a weight's gradient into Parameter::gradient is ours. linear_cross_entropy materialises all
// logits here: kernels/linear_cross_entropy.h is the chunked one that both devices run.
#pragma once

#include "kernels/low_rank.h"
#include "kernels/operations.h"

namespace tripost::kernels::reference {

at::Tensor embedding(const at::Tensor& ids, const Parameter& table);
at::Tensor linear(const at::Tensor& x, const Parameter& weight, const Parameter* bias = nullptr);
at::Tensor low_rank_linear(const at::Tensor& x, const Parameter& weight, const Parameter* bias,
                           const LowRank& adapter, const at::Tensor& dropout_keys = {});
at::Tensor dropped_out(const at::Tensor& x, const at::Tensor& keys, double rate, uint32_t seed);
at::Tensor rms_norm(const at::Tensor& x, const Parameter& weight, double epsilon);
std::pair<at::Tensor, at::Tensor> add_rms_norm(const at::Tensor& residual, const at::Tensor& x,
                                               const Parameter& weight, double epsilon);
at::Tensor rope(const at::Tensor& qkv, const at::Tensor& cos, const at::Tensor& sin,
                int64_t num_heads, int64_t num_kv_heads);
// On CUDA in bfloat16 this is FlashAttention (kernels/flash_attention.h), otherwise one sequence
// after the other.
at::Tensor packed_attention(const at::Tensor& qkv, const at::Tensor& starts, int64_t num_heads,
                            int64_t num_kv_heads, double scale, int64_t window = 0);
at::Tensor swiglu(const at::Tensor& gate_up);
WeightedLoss linear_cross_entropy(const at::Tensor& hidden, const Parameter& head,
                                  const at::Tensor& targets, const at::Tensor& weights,
                                  double denominator);
void adamw_step(const AdamW& options, at::Tensor& master, at::Tensor& m, at::Tensor& v,
                at::Tensor& gradient, at::Tensor& shadow, const at::Tensor& decay);
double squared_norm(const at::Tensor& values);

}  // namespace tripost::kernels::reference
