#include "kernels/product.h"

#include <ATen/ops/linear.h>
#include <ATen/ops/mm.h>

#include "kernels/element.h"
#include "kernels/level.h"
#include "kernels/rows.h"

namespace tripost::kernels {
namespace {

bool is_native(const at::Tensor& operand) {
  return operand.scalar_type() != at::kBFloat16 || multiplies_bfloat16(operand.device());
}

at::Tensor wide(const at::Tensor& operand) { return operand.to(at::kFloat); }

at::Tensor wide_product(const at::Tensor& a, const at::Tensor& b) {
  return at::mm(wide(a), wide(b));
}

// Added by our own loop where that can be: ATen converts the whole product first.
void add_rounded(at::Tensor& target, const at::Tensor& product, double scale) {
  if (product.is_cpu() && scale == 1 && target.is_contiguous()) {
    add_into(elements<Bfloat16>(product), mutable_elements<float>(target), product.numel());
  } else {
    target.add_(product, scale);
  }
}

}  // namespace

bool multiplies_bfloat16(at::Device device) {
  return !device.is_cpu() || level() >= Level::kAvx512;
}

at::Tensor product(const at::Tensor& a, const at::Tensor& b) {
  if (is_native(a)) return at::mm(a, b);
  return wide_product(a, b).to(a.scalar_type());
}

void product_into(at::Tensor target, const at::Tensor& a, const at::Tensor& b) {
  if (is_native(a)) {
    at::mm_out(target, a, b);
  } else {
    target.copy_(wide_product(a, b));
  }
}

void add_product(at::Tensor target, const at::Tensor& a, const at::Tensor& b, double scale) {
  const bool same_type = target.scalar_type() == a.scalar_type();
  if (is_native(a) && same_type) {
    target.addmm_(a, b, 1, scale);
  } else if (is_native(a)) {
    add_rounded(target, at::mm(a, b), scale);
  } else if (same_type) {
    target.add_(wide_product(a, b), scale);
  } else {
    target.addmm_(wide(a), wide(b), 1, scale);
  }
}

at::Tensor affine(const at::Tensor& x, const at::Tensor& weight,
                  const std::optional<at::Tensor>& bias) {
  if (is_native(x)) return at::linear(x, weight, bias);
  std::optional<at::Tensor> wide_bias;
  if (bias) wide_bias = wide(*bias);
  return at::linear(wide(x), wide(weight), wide_bias).to(x.scalar_type());
}

}  // namespace tripost::kernels
