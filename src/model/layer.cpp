#include "model/layer.h"

#include <ATen/ops/cat.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/custom_class.h>

#include <cmath>
#include <utility>

#include "kernels/operations.h"

namespace tripost {
namespace {

// Rides in the autograd node: what backward needs beside tensors.
struct Rerun : torch::CustomClassHolder {
  Rerun(const LayerContext& context, const Layer& layer, const Parameter& next_norm)
      : context(context), layer(layer), next_norm(next_norm) {}
  LayerContext context;
  const Layer& layer;
  const Parameter& next_norm;
};

at::Tensor linear(const at::Tensor& x, const Parameter& weight, const Parameter& bias,
                  const kernels::LowRank& adapter, const LayerContext& context) {
  if (adapter.pieces.empty()) return kernels::linear(x, weight, if_there(bias));
  return kernels::low_rank_linear(x, weight, if_there(bias), adapter, context.dropout_keys);
}

at::Tensor leaf(const at::Tensor& saved) { return saved.detach().set_requires_grad(true); }

struct RecomputedLayer : torch::autograd::Function<RecomputedLayer> {
  using Context = torch::autograd::AutogradContext;
  using Tensors = torch::autograd::variable_list;

  static Tensors forward(Context* node, const at::Tensor& residual, const at::Tensor& normalised,
                         c10::intrusive_ptr<Rerun> rerun) {
    node->save_for_backward({residual, normalised});
    node->saved_data["rerun"] = c10::IValue::make_capsule(rerun);
    Stream output =
        run_layer(rerun->context, rerun->layer, rerun->next_norm, {residual, normalised});
    return {output.residual, output.normalised};
  }

  static Tensors backward(Context* node, const Tensors& incoming) {
    const auto rerun =
        c10::static_intrusive_pointer_cast<Rerun>(node->saved_data["rerun"].toCapsule());
    const Tensors saved = node->get_saved_variables();
    const Stream input = {leaf(saved[0]), leaf(saved[1])};
    {
      const c10::AutoGradMode record(true);
      const Stream output = run_layer(rerun->context, rerun->layer, rerun->next_norm, input);
      // backward, not grad: weights get their gradients as a side effect of every node being run.
      torch::autograd::backward({output.residual, output.normalised}, incoming);
    }
    return {input.residual.grad(), input.normalised.grad(), at::Tensor()};
  }
};

}  // namespace

at::Tensor normalise_heads(const at::Tensor& qkv, const Layer& layer, int64_t num_heads,
                           int64_t num_kv_heads, double epsilon) {
  if (!layer.query_norm.value.defined()) return qkv;
  const int64_t head_dim = layer.query_norm.value.numel();
  const int64_t queries = num_heads * head_dim, keys = num_kv_heads * head_dim;
  const auto normalised = [&](int64_t first, int64_t width, const Parameter& weight) {
    const at::Tensor heads = qkv.narrow(1, first, width).reshape({-1, head_dim});
    return kernels::rms_norm(heads, weight, epsilon).view({qkv.size(0), width});
  };
  return at::cat({normalised(0, queries, layer.query_norm),
                  normalised(queries, keys, layer.key_norm), qkv.narrow(1, queries + keys, keys)},
                 1);
}

Stream run_layer(const LayerContext& context, const Layer& layer, const Parameter& next_norm,
                 const Stream& input) {
  const double scale = 1.0 / std::sqrt(static_cast<double>(context.head_dim));
  at::Tensor qkv = linear(input.normalised, layer.qkv, layer.qkv_bias, layer.qkv_adapter, context);
  qkv = normalise_heads(qkv, layer, context.num_heads, context.num_kv_heads, context.epsilon);
  qkv = kernels::rope(qkv, context.cos, context.sin, context.num_heads, context.num_kv_heads);
  const at::Tensor attended = kernels::packed_attention(
      qkv, context.starts, context.num_heads, context.num_kv_heads, scale, context.window);
  const auto [middle, mlp_input] = kernels::add_rms_norm(
      input.residual,
      linear(attended, layer.output, layer.output_bias, layer.output_adapter, context),
      layer.mlp_norm, context.epsilon);
  const at::Tensor activated = kernels::swiglu(
      linear(mlp_input, layer.gate_up, layer.gate_up_bias, layer.gate_up_adapter, context));
  auto [residual, normalised] = kernels::add_rms_norm(
      middle, linear(activated, layer.down, layer.down_bias, layer.down_adapter, context),
      next_norm, context.epsilon);
  return {std::move(residual), std::move(normalised)};
}

Stream recomputed_layer(const LayerContext& context, const Layer& layer, const Parameter& next_norm,
                        const Stream& input) {
  const auto outputs = RecomputedLayer::apply(
      input.residual, input.normalised, c10::make_intrusive<Rerun>(context, layer, next_norm));
  return {outputs[0], outputs[1]};
}

}  // namespace tripost
