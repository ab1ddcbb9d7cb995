#include "kernels/operations.h"

#include <ATen/record_function.h>

#include "kernels/cpu.h"
#include "kernels/linear_cross_entropy.h"
#include "kernels/reference.h"

namespace tripost::kernels {
namespace {

// For profilers (bench/profile.h); some nanoseconds when none listens.
constexpr c10::ArrayRef<const c10::IValue> kNoInputs;

}  // namespace

at::Tensor embedding(const at::Tensor& ids, const Parameter& table) {
  if (ids.is_cpu()) return cpu::embedding(ids, table);
  return reference::embedding(ids, table);
}

at::Tensor linear(const at::Tensor& x, const Parameter& weight, const Parameter* bias) {
  if (x.is_cpu()) return cpu::linear(x, weight, bias);
  return reference::linear(x, weight, bias);
}

at::Tensor rms_norm(const at::Tensor& x, const Parameter& weight, double epsilon) {
  RECORD_FUNCTION("tripost::norm", kNoInputs);
  if (x.is_cpu()) return cpu::rms_norm(x, weight, epsilon);
  return reference::rms_norm(x, weight, epsilon);
}

std::pair<at::Tensor, at::Tensor> add_rms_norm(const at::Tensor& residual, const at::Tensor& x,
                                               const Parameter& weight, double epsilon) {
  RECORD_FUNCTION("tripost::norm", kNoInputs);
  if (x.is_cpu()) return cpu::add_rms_norm(residual, x, weight, epsilon);
  return reference::add_rms_norm(residual, x, weight, epsilon);
}

at::Tensor rope(const at::Tensor& qkv, const at::Tensor& cos, const at::Tensor& sin,
                int64_t num_heads, int64_t num_kv_heads) {
  RECORD_FUNCTION("tripost::rope", kNoInputs);
  if (qkv.is_cpu()) return cpu::rope(qkv, cos, sin, num_heads, num_kv_heads);
  return reference::rope(qkv, cos, sin, num_heads, num_kv_heads);
}

at::Tensor packed_attention(const at::Tensor& qkv, const at::Tensor& starts, int64_t num_heads,
                            int64_t num_kv_heads, double scale, int64_t window) {
  RECORD_FUNCTION("tripost::attention", kNoInputs);
  if (qkv.is_cpu()) {
    return cpu::packed_attention(qkv, starts, num_heads, num_kv_heads, scale, window);
  }
  return reference::packed_attention(qkv, starts, num_heads, num_kv_heads, scale, window);
}

at::Tensor swiglu(const at::Tensor& gate_up) {
  RECORD_FUNCTION("tripost::swiglu", kNoInputs);
  if (gate_up.is_cpu()) return cpu::swiglu(gate_up);
  return reference::swiglu(gate_up);
}

WeightedLoss linear_cross_entropy(const at::Tensor& hidden, const Parameter& head,
                                  const at::Tensor& targets, const at::Tensor& weights,
                                  double denominator) {
  RECORD_FUNCTION("tripost::loss", kNoInputs);
  return chunked_linear_cross_entropy(hidden, head, targets, weights, denominator);
}

void adamw_step(const AdamW& options, at::Tensor& master, at::Tensor& m, at::Tensor& v,
                at::Tensor& gradient, at::Tensor& shadow, const at::Tensor& decay) {
  if (master.is_cpu()) {
    cpu::adamw_step(options, master, m, v, gradient, shadow, decay);
  } else {
    reference::adamw_step(options, master, m, v, gradient, shadow, decay);
  }
}

double squared_norm(const at::Tensor& values) {
  if (values.is_cpu()) return cpu::squared_norm(values);
  return reference::squared_norm(values);
}

}  // namespace tripost::kernels
