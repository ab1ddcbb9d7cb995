#include "kernels/weight.h"

#include <ATen/ops/index_select.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cassert>

namespace tripost::kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// The identity; backward adds what arrives to `gradient` and passes nothing on.
struct Accumulate : torch::autograd::Function<Accumulate> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& value,
                            const at::Tensor& gradient) {
    context->saved_data["gradient"] = gradient;
    return value;
  }

  static variable_list backward(AutogradContext* context, const variable_list& incoming) {
    at::Tensor gradient = context->saved_data["gradient"].toTensor();
    gradient.add_(incoming[0]);
    return {at::Tensor(), at::Tensor()};
  }
};

// Not index_select's own backward, which would sum in the compute dtype.
struct AccumulateRows : torch::autograd::Function<AccumulateRows> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& value,
                            const at::Tensor& gradient, const at::Tensor& ids) {
    context->saved_data["gradient"] = gradient;
    context->saved_data["ids"] = ids;
    return at::index_select(value, 0, ids);
  }

  static variable_list backward(AutogradContext* context, const variable_list& incoming) {
    at::Tensor gradient = context->saved_data["gradient"].toTensor();
    gradient.index_add_(0, context->saved_data["ids"].toTensor(),
                        incoming[0].to(gradient.scalar_type()));
    return {at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

}  // namespace

bool records_gradient(const Parameter& parameter) {
  return c10::GradMode::is_enabled() && parameter.value.requires_grad();
}

at::Tensor accumulating_weight(const Parameter& parameter) {
  if (!records_gradient(parameter)) return parameter.value;
  assert(parameter.gradient.defined() && "a trained parameter has a gradient to add into");
  return Accumulate::apply(parameter.value, parameter.gradient);
}

at::Tensor accumulating_rows(const Parameter& parameter, const at::Tensor& ids) {
  if (!records_gradient(parameter)) return at::index_select(parameter.value, 0, ids);
  return AccumulateRows::apply(parameter.value, parameter.gradient, ids);
}

}  // namespace tripost::kernels
