#include "kernels/reference.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/bitwise_right_shift.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/repeat_interleave.h>
#include <ATen/ops/rsqrt.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/sqrt.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "kernels/dropout.h"
#include "kernels/flash_attention.h"
#include "kernels/weight.h"

namespace tripost::kernels::reference {
namespace {

// float32 at least; float64, which tests use for numeric differentiation, stays.
at::Tensor widen(const at::Tensor& x) {
  return x.scalar_type() == at::kDouble ? x : x.to(at::kFloat);
}

// True where a token (down) sees another (across): itself and the window - 1 before it.
at::Tensor window_mask(int64_t length, int64_t window, at::Device device) {
  const at::Tensor place = at::arange(length, at::TensorOptions().dtype(at::kLong).device(device));
  const at::Tensor back = place.unsqueeze(1) - place.unsqueeze(0);
  return back.ge(0).logical_and(back.lt(window));
}

// Queries [1, H, n, E] of one sequence attend to keys and values [1, K, n, E].
at::Tensor attend(const at::Tensor& queries, const at::Tensor& keys, const at::Tensor& values,
                  double scale, int64_t window) {
  const int64_t group = queries.size(1) / keys.size(1);
  const int64_t length = queries.size(2);
  const bool masked = window > 0 && window < length;
  std::optional<at::Tensor> mask;
  if (masked) mask = window_mask(length, window, queries.device());
  return at::scaled_dot_product_attention(queries, at::repeat_interleave(keys, group, 1),
                                          at::repeat_interleave(values, group, 1), mask,
                                          /*dropout_p=*/0.0, /*is_causal=*/!masked, scale);
}

// kernels/dropout.cpp's hash of numbers below 2^32, kept in int64.
at::Tensor mixed(at::Tensor x) {
  constexpr int64_t kLow = 0xFFFFFFFF;
  x = ((x ^ at::bitwise_right_shift(x, 16)) * int64_t{0x7FEB352D}) & kLow;
  x = ((x ^ at::bitwise_right_shift(x, 15)) * int64_t{0x846CA68B}) & kLow;
  return x ^ at::bitwise_right_shift(x, 16);
}

}  // namespace

at::Tensor dropped_out(const at::Tensor& x, const at::Tensor& keys, double rate, uint32_t seed) {
  const at::Tensor row = mixed(keys ^ static_cast<int64_t>(seed)).unsqueeze(1);
  const at::Tensor column = at::arange(x.size(1), keys.options()) * int64_t{kColumnStep};
  const at::Tensor kept =
      mixed((row + column) & int64_t{0xFFFFFFFF}) >= int64_t{dropped_below(rate)};
  return x * kept * (1.0 / (1.0 - rate));
}

at::Tensor embedding(const at::Tensor& ids, const Parameter& table) {
  return accumulating_rows(table, ids);
}

at::Tensor linear(const at::Tensor& x, const Parameter& weight, const Parameter* bias) {
  if (bias == nullptr) return at::linear(x, accumulating_weight(weight));
  return at::linear(x, accumulating_weight(weight), accumulating_weight(*bias));
}

// Each piece's outputs are a linear layer of their own.
at::Tensor low_rank_linear(const at::Tensor& x, const Parameter& weight, const Parameter* bias,
                           const LowRank& adapter, const at::Tensor& dropout_keys) {
  const at::Tensor plain = reference::linear(x, weight, bias);
  const at::Tensor a = accumulating_weight(adapter.a), b = accumulating_weight(adapter.b);
  std::vector<at::Tensor> columns;
  int64_t column = 0, rows_before = 0, ranks_before = 0;
  const bool drops = dropout_keys.defined() && adapter.dropout > 0;
  uint32_t seed = adapter.dropout_seed;
  for (const LowRank::Piece& piece : adapter.pieces) {
    const at::Tensor seen = drops ? dropped_out(x, dropout_keys, adapter.dropout, seed++) : x;
    columns.push_back(plain.narrow(1, column, piece.first - column));
    const at::Tensor product =
        at::linear(at::linear(seen, a.narrow(0, ranks_before, adapter.rank())),
                   b.narrow(0, rows_before, piece.rows));
    columns.push_back(plain.narrow(1, piece.first, piece.rows) + product * adapter.scale);
    column = piece.first + piece.rows;
    rows_before += piece.rows;
    ranks_before += adapter.rank();
  }
  columns.push_back(plain.narrow(1, column, plain.size(1) - column));
  return at::cat(columns, 1);
}

at::Tensor rms_norm(const at::Tensor& x, const Parameter& weight, double epsilon) {
  const at::Tensor scale = accumulating_weight(weight);
  const at::Tensor wide = widen(x);
  const at::Tensor inverse = at::rsqrt(wide.square().mean(-1, /*keepdim=*/true) + epsilon);
  return (wide * inverse * widen(scale)).to(x.scalar_type());
}

std::pair<at::Tensor, at::Tensor> add_rms_norm(const at::Tensor& residual, const at::Tensor& x,
                                               const Parameter& weight, double epsilon) {
  const at::Tensor sum = residual + x;
  return {sum, reference::rms_norm(sum, weight, epsilon)};
}

at::Tensor rope(const at::Tensor& qkv, const at::Tensor& cos, const at::Tensor& sin,
                int64_t num_heads, int64_t num_kv_heads) {
  const int64_t tokens = qkv.size(0);
  const int64_t half = cos.size(1);
  const at::Tensor heads = qkv.view({tokens, num_heads + 2 * num_kv_heads, 2 * half});
  const at::Tensor rotated = widen(heads.narrow(1, 0, num_heads + num_kv_heads));
  const at::Tensor first = rotated.narrow(2, 0, half);
  const at::Tensor second = rotated.narrow(2, half, half);
  const at::Tensor c = cos.unsqueeze(1);
  const at::Tensor s = sin.unsqueeze(1);
  const at::Tensor turned = at::cat({first * c - second * s, second * c + first * s}, 2);
  const at::Tensor values = heads.narrow(1, num_heads + num_kv_heads, num_kv_heads);
  return at::cat({turned.to(qkv.scalar_type()), values}, 1).view(qkv.sizes());
}

at::Tensor packed_attention(const at::Tensor& qkv, const at::Tensor& starts, int64_t num_heads,
                            int64_t num_kv_heads, double scale, int64_t window) {
  if (qkv.is_cuda() && qkv.scalar_type() == at::kBFloat16) {
    return flash_attention(qkv, starts, num_heads, num_kv_heads, scale, window);
  }
  const int64_t head_size = qkv.size(1) / (num_heads + 2 * num_kv_heads);
  const at::Tensor heads =
      qkv.view({qkv.size(0), num_heads + 2 * num_kv_heads, head_size}).transpose(0, 1).unsqueeze(0);
  const int32_t* start = starts.const_data_ptr<int32_t>();
  std::vector<at::Tensor> outputs;
  for (int64_t s = 0; s + 1 < starts.numel(); ++s) {
    const int64_t length = start[s + 1] - start[s];
    if (length == 0) continue;
    const at::Tensor sequence = heads.narrow(2, start[s], length);
    const at::Tensor output =
        attend(sequence.narrow(1, 0, num_heads), sequence.narrow(1, num_heads, num_kv_heads),
               sequence.narrow(1, num_heads + num_kv_heads, num_kv_heads), scale, window);
    outputs.push_back(output.squeeze(0).transpose(0, 1).reshape({length, num_heads * head_size}));
  }
  if (outputs.empty()) return qkv.narrow(1, 0, num_heads * head_size);
  return at::cat(outputs, 0);
}

at::Tensor swiglu(const at::Tensor& gate_up) {
  const int64_t width = gate_up.size(1) / 2;
  return at::silu(gate_up.narrow(1, 0, width)) * gate_up.narrow(1, width, width);
}

WeightedLoss linear_cross_entropy(const at::Tensor& hidden, const Parameter& head,
                                  const at::Tensor& targets, const at::Tensor& weights,
                                  double denominator) {
  const at::Tensor logits = widen(at::linear(hidden, accumulating_weight(head)));
  const at::Tensor all = at::log_softmax(logits, -1);
  const at::Tensor chosen = all.gather(1, targets.unsqueeze(1)).squeeze(1);
  return {-(chosen * weights).sum() / denominator, chosen.detach()};
}

void adamw_step(const AdamW& options, at::Tensor& master, at::Tensor& m, at::Tensor& v,
                at::Tensor& gradient, at::Tensor& shadow, const at::Tensor& decay) {
  const c10::NoGradGuard no_grad;
  const double correction1 = 1.0 - std::pow(options.beta1, static_cast<double>(options.step));
  const double correction2 = 1.0 - std::pow(options.beta2, static_cast<double>(options.step));
  const double rate = options.learning_rate;
  if (options.gradient_scale != 1.0) gradient.mul_(options.gradient_scale);
  m.lerp_(gradient, 1.0 - options.beta1);
  v.mul_(options.beta2).addcmul_(gradient, gradient, 1.0 - options.beta2);
  if (options.weight_decay != 0.0) {
    master.addcmul_(master, decay.to(at::kFloat), -rate * options.weight_decay);
  }
  // The gradient is spent: its buffer holds the denominator, so that the step needs no memory of
  // its own.
  at::sqrt_out(gradient, v).mul_(1.0 / std::sqrt(correction2)).add_(options.epsilon);
  master.addcdiv_(m, gradient, -rate / correction1);
  gradient.zero_();
  if (shadow.data_ptr() != master.data_ptr()) shadow.copy_(master);
}

double squared_norm(const at::Tensor& values) {
  // Slices, because the float64 copy of a whole gradient buffer would be twice its size.
  constexpr int64_t kSlice = int64_t{1} << 24;
  const at::Tensor flat = values.detach().reshape({-1});
  at::Tensor total = at::zeros({}, flat.options().dtype(at::kDouble));
  for (int64_t begin = 0; begin < flat.numel(); begin += kSlice) {
    const int64_t count = std::min(kSlice, flat.numel() - begin);
    total += flat.narrow(0, begin, count).to(at::kDouble).square().sum();
  }
  return total.item<double>();
}

}  // namespace tripost::kernels::reference
