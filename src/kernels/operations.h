// The fused operations of a Llama-shaped transformer on packed rows, forward and backward.
//
// Every function is differentiable in its activation inputs through autograd and adds weight
// gradients into Parameter::gradient. On CPU each is a hand-written kernel (AVX-512/BF16 or AVX2
// chosen at run time), on CUDA and in tests the plain ATen reference of kernels/reference.h.
// float32 and bfloat16 activations; accumulation is always float32.
//
// Shapes: T tokens packed in one row, D hidden size, H query heads, K key/value heads, E head size,
// F intermediate size, V vocabulary.
#pragma once

#include <ATen/core/Tensor.h>

#include <utility>

#include "kernels/parameter.h"

namespace tripost::kernels {

// ids [T] int64 -> [T, D].
at::Tensor embedding(const at::Tensor& ids, const Parameter& table);

// x [T, in], weight [out, in], bias [out] or nullptr -> [T, out].
at::Tensor linear(const at::Tensor& x, const Parameter& weight, const Parameter* bias = nullptr);

// x [T, D] -> x / sqrt(mean(x^2) + epsilon) * weight (Zhang and Sennrich 2019, eq. 4).
at::Tensor rms_norm(const at::Tensor& x, const Parameter& weight, double epsilon);

// residual + x, and its rms_norm, in one pass: {sum [T, D], normalised [T, D]}.
std::pair<at::Tensor, at::Tensor> add_rms_norm(const at::Tensor& residual, const at::Tensor& x,
                                               const Parameter& weight, double epsilon);

// Rotary embedding in the half-split layout of Hugging Face Llama (Su et al. 2021). x [T, (H + 2K)
// * E] holds queries, keys and values of each token side by side; queries and keys are rotated,
// values pass through. cos, sin: float32 [T, E / 2], gathered for each token's position. Returns
// the same shape.
at::Tensor rope(const at::Tensor& qkv, const at::Tensor& cos, const at::Tensor& sin,
                int64_t num_heads, int64_t num_kv_heads);

// Causal attention inside each packed sequence. qkv [T, (H + 2K) * E] after rope; starts: int32 [S
// + 1] on the CPU, sequence s is rows starts[s]..starts[s+1]-1; scale usually 1/sqrt(E). GQA
// without expanding K and V. With a window (Jiang et al. 2023, section 2) a token sees only the
// last `window` tokens up to itself; 0 is no window. -> [T, H * E].
at::Tensor packed_attention(const at::Tensor& qkv, const at::Tensor& starts, int64_t num_heads,
                            int64_t num_kv_heads, double scale, int64_t window = 0);

// gate_up [T, 2F] (gate first) -> silu(gate) * up [T, F] (Shazeer 2020).
at::Tensor swiglu(const at::Tensor& gate_up);

struct WeightedLoss {
  at::Tensor loss;  // float32 scalar: sum_t weights[t] * CE_t / denominator; call backward() on it
  at::Tensor log_probabilities;  // float32 [T]: log p(targets[t]), no gradient
};

// LM head and weighted cross-entropy in chunks of rows, never the [T, V] logits at once. hidden [T,
// D], head [V, D], targets [T] int64, weights [T] float32 (0 = not trained). Paper section 3.3 with
// the denominator passed in, because it is that of the whole optimisation step, not of this
// micro-batch.
WeightedLoss linear_cross_entropy(const at::Tensor& hidden, const Parameter& head,
                                  const at::Tensor& targets, const at::Tensor& weights,
                                  double denominator);

// One AdamW step over flat buffers (Loshchilov and Hutter 2019, algorithm 2), bias-corrected, one
// pass.
struct AdamW {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.0;
  int64_t step = 1;             // from 1
  double gradient_scale = 1.0;  // multiplies the gradient first: clipping
};
// master, m, v, gradient: float32 [N]; shadow: the compute-dtype copy, [N], written from master
// (may alias master when the compute dtype is float32); decay: uint8 [N], 1 where weight decay
// applies. gradient is set to zero.
void adamw_step(const AdamW& options, at::Tensor& master, at::Tensor& m, at::Tensor& v,
                at::Tensor& gradient, at::Tensor& shadow, const at::Tensor& decay);

// Sum of squares of a float32 tensor in float64; NaN or Inf inside shows in the result.
double squared_norm(const at::Tensor& values);

}  // namespace tripost::kernels
