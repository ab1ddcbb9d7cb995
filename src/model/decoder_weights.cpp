#include "model/decoder_weights.h"

#include <ATen/ops/mm.h>
#include <c10/core/InferenceMode.h>

namespace tripost {
namespace {

// A packed copy is as large as the bfloat16 weights; larger models are not worth so much memory.
constexpr int64_t kMostPackedBytes = int64_t{1} << 30;

DecoderWeight weight_of(const Transformer& model, const Parameter& parameter,
                        const Parameter& bias = {}, const kernels::LowRank* adapter = nullptr) {
  const bool adapted = adapter && !adapter->pieces.empty();
  DecoderWeight weight{parameter.value.t(), bias.value, nullptr, adapted ? adapter : nullptr};
  const int64_t bytes = model.config().num_parameters() * 2;
  if (bytes <= kMostPackedBytes && kernels::PackedWeight::supports(parameter.value)) {
    weight.packed = std::make_unique<kernels::PackedWeight>(parameter.value);
  }
  return weight;
}

}  // namespace

void DecoderWeight::product(const at::Tensor& x, const at::Tensor& target) const {
  at::Tensor out = target;
  if (packed) {
    packed->product(x, target);
  } else {
    at::mm_out(out, x, transposed);
  }
  if (bias.defined()) out.add_(bias);
  if (adapter) kernels::add_low_rank(target, x, *adapter);
}

DecoderWeights::DecoderWeights(Transformer& model) {
  const c10::InferenceMode inference;
  for (const Layer& layer : model.layers()) {
    layers.push_back({weight_of(model, layer.qkv, layer.qkv_bias, &layer.qkv_adapter),
                      weight_of(model, layer.output, layer.output_bias, &layer.output_adapter),
                      weight_of(model, layer.gate_up, layer.gate_up_bias, &layer.gate_up_adapter),
                      weight_of(model, layer.down, layer.down_bias, &layer.down_adapter)});
  }
  head = weight_of(model, model.head());
}

}  // namespace tripost
