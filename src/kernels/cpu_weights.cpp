// Operations with a weight: embedding, linear, RMS norm.
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/index_select.h>
#include <torch/csrc/autograd/custom_function.h>

#include <optional>

#include "kernels/cpu.h"
#include "kernels/element.h"
#include "kernels/product.h"
#include "kernels/rows.h"
#include "kernels/weight.h"

namespace tripost::kernels::cpu {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

// An input that may be missing: autograd's Function refuses undefined tensors.
using MaybeTensor = std::optional<at::Tensor>;

// Where to add the parameter's gradient; missing when none is to be made.
MaybeTensor gradient_of(const Parameter& parameter) {
  if (!records_gradient(parameter)) return std::nullopt;
  return parameter.gradient;
}

void keep(AutogradContext* context, const char* name, const MaybeTensor& tensor) {
  if (tensor) context->saved_data[name] = *tensor;
}

at::Tensor kept(const AutogradContext* context, const char* name) {
  const auto found = context->saved_data.find(name);
  return found == context->saved_data.end() ? at::Tensor() : found->second.toTensor();
}

struct Embedding : Function<Embedding> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& table,
                            const at::Tensor& gradient, const at::Tensor& ids) {
    keep(context, "gradient", gradient);
    keep(context, "ids", ids);
    return at::index_select(table, 0, ids);
  }

  static variable_list backward(AutogradContext* context, const variable_list& incoming) {
    const at::Tensor gradient = kept(context, "gradient");
    const at::Tensor ids = kept(context, "ids").contiguous();
    const at::Tensor rows = incoming[0].contiguous();
    with_element(rows, [&](auto element) {
      scatter_add_rows(ids.const_data_ptr<int64_t>(), elements<decltype(element)>(rows),
                       mutable_elements<float>(gradient), rows.size(0), rows.size(1));
    });
    return {at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

struct Linear : Function<Linear> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
                            const MaybeTensor& weight_gradient, const MaybeTensor& bias,
                            const MaybeTensor& bias_gradient) {
    context->save_for_backward({weight_gradient ? x : at::Tensor(), weight});
    keep(context, "weight_gradient", weight_gradient);
    keep(context, "bias_gradient", bias_gradient);
    return affine(x, weight, bias);
  }

  static variable_list backward(AutogradContext* context, const variable_list& incoming) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor d_output = incoming[0].contiguous();
    const at::Tensor weight_gradient = kept(context, "weight_gradient");
    const at::Tensor bias_gradient = kept(context, "bias_gradient");
    at::Tensor d_x;
    if (context->needs_input_grad(0)) d_x = product(d_output, saved[1]);
    if (weight_gradient.defined()) add_product(weight_gradient, d_output.t(), saved[0]);
    if (bias_gradient.defined()) bias_gradient.add_(d_output.sum(0, false, at::kFloat));
    return {d_x, at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

// x, or residual + x where residual is defined, and its norm.
struct Norm : Function<Norm> {
  static variable_list forward(AutogradContext* context, const at::Tensor& x,
                               const MaybeTensor& maybe_residual, const at::Tensor& weight,
                               const MaybeTensor& weight_gradient, double epsilon) {
    const at::Tensor residual = maybe_residual.value_or(at::Tensor());
    const at::Tensor normalised = at::empty_like(x);
    const at::Tensor sum = residual.defined() ? at::empty_like(x) : x;
    const at::Tensor inverse = at::empty({x.size(0)}, x.options().dtype(at::kFloat));
    with_element(x, [&](auto element) {
      using Element = decltype(element);
      norm_forward<Element>(
          {elements<Element>(x), elements<Element>(residual), elements<Element>(weight),
           residual.defined() ? mutable_elements<Element>(sum) : nullptr,
           mutable_elements<Element>(normalised), mutable_elements<float>(inverse), x.size(0),
           x.size(1), static_cast<float>(epsilon)});
    });
    context->save_for_backward({sum, weight, inverse});
    context->set_materialize_grads(false);
    keep(context, "weight_gradient", weight_gradient);
    context->saved_data["has_residual"] = residual.defined();
    if (residual.defined()) return {normalised, sum};
    return {normalised};
  }

  static variable_list backward(AutogradContext* context, const variable_list& incoming) {
    const variable_list saved = context->get_saved_variables();
    const bool has_residual = context->saved_data["has_residual"].toBool();
    const at::Tensor d_sum =
        has_residual && incoming[1].defined() ? incoming[1].contiguous() : at::Tensor();
    at::Tensor d_x = d_sum;  // right when nobody used the norm
    if (incoming[0].defined()) {
      d_x = denormalise(saved, incoming[0].contiguous(), d_sum, kept(context, "weight_gradient"));
    }
    return {d_x, has_residual ? d_x : at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }

  static at::Tensor denormalise(const variable_list& saved, const at::Tensor& d_normalised,
                                const at::Tensor& d_sum, const at::Tensor& weight_gradient) {
    const at::Tensor& x = saved[0];
    at::Tensor d_x = at::empty_like(x);
    with_element(x, [&](auto element) {
      using Element = decltype(element);
      norm_backward<Element>({elements<Element>(x), elements<Element>(saved[1]),
                              elements<float>(saved[2]), elements<Element>(d_normalised),
                              elements<Element>(d_sum), mutable_elements<Element>(d_x),
                              mutable_elements<float>(weight_gradient), x.size(0), x.size(1)});
    });
    return d_x;
  }
};

}  // namespace

at::Tensor embedding(const at::Tensor& ids, const Parameter& table) {
  if (!records_gradient(table)) return at::index_select(table.value, 0, ids);
  return Embedding::apply(table.value, table.gradient, ids);
}

at::Tensor linear(const at::Tensor& x, const Parameter& weight, const Parameter* bias) {
  return Linear::apply(x.contiguous(), weight.value, gradient_of(weight),
                       bias == nullptr ? std::nullopt : MaybeTensor(bias->value),
                       bias == nullptr ? std::nullopt : gradient_of(*bias));
}

at::Tensor rms_norm(const at::Tensor& x, const Parameter& weight, double epsilon) {
  return Norm::apply(x.contiguous(), MaybeTensor(), weight.value, gradient_of(weight), epsilon)[0];
}

std::pair<at::Tensor, at::Tensor> add_rms_norm(const at::Tensor& residual, const at::Tensor& x,
                                               const Parameter& weight, double epsilon) {
  const variable_list both = Norm::apply(x.contiguous(), MaybeTensor(residual.contiguous()),
                                         weight.value, gradient_of(weight), epsilon);
  return {both[1], both[0]};
}

}  // namespace tripost::kernels::cpu
