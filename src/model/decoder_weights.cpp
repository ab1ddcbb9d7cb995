#include "model/decoder_weights.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "kernels/parallel.h"
#include "kernels/product.h"

namespace tripost {
namespace {

// A packed copy is as large as the weights; larger models are not worth so much memory, unless each
// step would have to widen all of them instead.
constexpr int64_t kMostPackedBytes = int64_t{1} << 30;

bool worth_packing(const Transformer& model) {
  const int64_t bytes = model.config().num_parameters() * (model.dtype() == at::kFloat ? 4 : 2);
  return bytes <= kMostPackedBytes ||
         (model.dtype() == at::kBFloat16 && !kernels::multiplies_bfloat16(model.device()));
}

DecoderWeight weight_of(const Transformer& model, const Parameter& parameter,
                        const Parameter& bias = {}, const kernels::LowRank* adapter = nullptr) {
  const bool adapted = adapter && !adapter->pieces.empty();
  DecoderWeight weight{parameter.value.t(), bias.value, nullptr, adapted ? adapter : nullptr};
  if (worth_packing(model) && kernels::PackedWeight::supports(parameter.value)) {
    weight.packed = std::make_unique<kernels::PackedWeight>(parameter.value);
  }
  return weight;
}

// In parts of a fixed size, so that threads share the work and their number changes nothing.
uint64_t checksum(const at::Tensor& values) {
  constexpr int64_t kPart = int64_t{1} << 20;
  const auto* bytes = static_cast<const char*>(values.const_data_ptr());
  const int64_t size = values.numel() * values.element_size();
  std::vector<uint64_t> parts((size + kPart - 1) / kPart);
  kernels::parallel_for(static_cast<int64_t>(parts.size()), 1, [&](int64_t begin, int64_t end) {
    for (int64_t part = begin; part < end; ++part) {
      const int64_t length = std::min(kPart, size - part * kPart);
      parts[part] = XXH3_64bits(bytes + part * kPart, static_cast<std::size_t>(length));
    }
  });
  return XXH3_64bits(parts.data(), parts.size() * sizeof(uint64_t));
}

}  // namespace

void DecoderWeight::product(const at::Tensor& x, const at::Tensor& target) const {
  at::Tensor out = target;
  if (packed) {
    packed->product(x, target);
  } else {
    kernels::product_into(target, x, transposed);
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

uint64_t weights_fingerprint(Transformer& model) {
  if (!model.device().is_cpu()) return 0;
  uint64_t sums[] = {checksum(model.values()), 0};
  if (model.has_adapter()) sums[1] = checksum(model.trained().values);
  return XXH3_64bits(sums, sizeof(sums));
}

}  // namespace tripost
