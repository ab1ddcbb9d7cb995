#include "model/transformer.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>

#include <cassert>
#include <cmath>
#include <numbers>

#include "base/random.h"
#include "kernels/operations.h"
#include "kernels/parallel.h"
#include "model/layer.h"

namespace tripost {
namespace {

// Every parameter begins at a multiple of this, so that vector loads and matrix kernels meet
// aligned rows.
constexpr int64_t kAlignment = 32;

int64_t aligned(int64_t count) { return (count + kAlignment - 1) / kAlignment * kAlignment; }

struct Shaped {
  Parameter* parameter;
  std::string name;
  std::vector<int64_t> shape;
};

void append_layer(std::vector<Shaped>& all, Layer& layer, int64_t index, const ModelConfig& c) {
  const std::string prefix = "model.layers." + std::to_string(index) + ".";
  const int64_t rows = (c.num_heads + 2 * c.num_kv_heads) * c.head_dim;
  all.push_back({&layer.attention_norm, prefix + "input_layernorm.weight", {c.hidden_size}});
  all.push_back({&layer.qkv, prefix + "self_attn.qkv_proj.weight", {rows, c.hidden_size}});
  all.push_back({&layer.output,
                 prefix + "self_attn.o_proj.weight",
                 {c.hidden_size, c.num_heads * c.head_dim}});
  all.push_back({&layer.mlp_norm, prefix + "post_attention_layernorm.weight", {c.hidden_size}});
  all.push_back({&layer.gate_up,
                 prefix + "mlp.gate_up_proj.weight",
                 {2 * c.intermediate_size, c.hidden_size}});
  all.push_back(
      {&layer.down, prefix + "mlp.down_proj.weight", {c.hidden_size, c.intermediate_size}});
}

int64_t elements(const std::vector<int64_t>& shape) {
  int64_t count = 1;
  for (const int64_t size : shape) count *= size;
  return count;
}

// In float32 step by step, as transformers computes it: trained weights expect that rounding.
std::pair<at::Tensor, at::Tensor> rope_tables(const ModelConfig& config) {
  const int64_t half = config.head_dim / 2;
  at::Tensor cos = at::empty({config.max_position_embeddings, half}, at::kFloat);
  at::Tensor sin = at::empty({config.max_position_embeddings, half}, at::kFloat);
  float* cos_data = cos.mutable_data_ptr<float>();
  float* sin_data = sin.mutable_data_ptr<float>();
  std::vector<float> frequency(static_cast<std::size_t>(half));
  for (int64_t i = 0; i < half; ++i) {
    const float exponent = static_cast<float>(2 * i) / static_cast<float>(config.head_dim);
    frequency[i] = 1.0f / std::pow(static_cast<float>(config.rope_theta), exponent);
  }
  kernels::parallel_for(config.max_position_embeddings, 64, [&](int64_t begin, int64_t end) {
    for (int64_t position = begin; position < end; ++position) {
      for (int64_t i = 0; i < half; ++i) {
        const float angle = static_cast<float>(position) * frequency[i];
        cos_data[position * half + i] = std::cos(angle);
        sin_data[position * half + i] = std::sin(angle);
      }
    }
  });
  return {cos, sin};
}

// Standard normals by Box-Muller, each pair seeded by its own place: no thread's share changes what
// it draws.
void fill_normal(float* data, int64_t count, uint64_t seed, double deviation) {
  kernels::parallel_for((count + 1) / 2, 1024, [&](int64_t begin, int64_t end) {
    for (int64_t pair = begin; pair < end; ++pair) {
      Random random(seed_from({seed, static_cast<uint64_t>(pair)}));
      const double radius = deviation * std::sqrt(-2.0 * std::log(1.0 - random.uniform()));
      const double angle = 2.0 * std::numbers::pi * random.uniform();
      data[2 * pair] = static_cast<float>(radius * std::cos(angle));
      if (2 * pair + 1 < count) data[2 * pair + 1] = static_cast<float>(radius * std::sin(angle));
    }
  });
}

}  // namespace

Transformer::Transformer(ModelConfig config, at::Device device, at::ScalarType dtype)
    : config_(std::move(config)), layers_(static_cast<std::size_t>(config_.num_layers)) {
  assert(dtype == at::kFloat || dtype == at::kBFloat16);
  const c10::InferenceMode usable_in_training(false);
  const c10::NoGradGuard no_grad;
  std::vector<Shaped> all;
  const std::vector<int64_t> table = {config_.vocab_size, config_.hidden_size};
  all.push_back({&embedding_, "model.embed_tokens.weight", table});
  for (int64_t i = 0; i < config_.num_layers; ++i) append_layer(all, layers_[i], i, config_);
  all.push_back({&final_norm_, "model.norm.weight", {config_.hidden_size}});
  if (!config_.tie_word_embeddings) all.push_back({&head_, "lm_head.weight", table});

  int64_t total = 0;
  for (const Shaped& shaped : all) total += aligned(elements(shaped.shape));
  values_ = at::empty({total}, at::TensorOptions().device(device).dtype(dtype));
  int64_t offset = 0;
  for (const Shaped& shaped : all) {
    const int64_t count = elements(shaped.shape);
    shaped.parameter->name = shaped.name;
    shaped.parameter->value = values_.narrow(0, offset, count).view(shaped.shape).detach();
    values_.narrow(0, offset + count, aligned(count) - count).zero_();
    offset += aligned(count);
  }
  const auto [cos, sin] = rope_tables(config_);
  rope_cos_ = cos.to(device);
  rope_sin_ = sin.to(device);
}

at::Device Transformer::device() const { return values_.device(); }
at::ScalarType Transformer::dtype() const { return values_.scalar_type(); }

Parameter& Transformer::head() { return config_.tie_word_embeddings ? embedding_ : head_; }

std::vector<Parameter*> Transformer::parameters() {
  std::vector<Parameter*> all = {&embedding_};
  for (Layer& layer : layers_) {
    all.insert(all.end(), {&layer.attention_norm, &layer.qkv, &layer.output, &layer.mlp_norm,
                           &layer.gate_up, &layer.down});
  }
  all.push_back(&final_norm_);
  if (!config_.tie_word_embeddings) all.push_back(&head_);
  return all;
}

at::Tensor Transformer::hidden(const PackedTokens& tokens, bool recompute) {
  const LayerContext context = {at::index_select(rope_cos_, 0, tokens.positions),
                                at::index_select(rope_sin_, 0, tokens.positions),
                                tokens.starts,
                                config_.num_heads,
                                config_.num_kv_heads,
                                config_.head_dim,
                                config_.rms_norm_eps};
  const at::Tensor embedded = kernels::embedding(tokens.ids, embedding_);
  Stream stream = {
      embedded, kernels::rms_norm(embedded, layers_.front().attention_norm, config_.rms_norm_eps)};
  const bool keep_inputs_only = recompute && training_enabled() && c10::GradMode::is_enabled();
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Parameter& next_norm =
        i + 1 < layers_.size() ? layers_[i + 1].attention_norm : final_norm_;
    stream = keep_inputs_only ? recomputed_layer(context, layers_[i], next_norm, stream)
                              : run_layer(context, layers_[i], next_norm, stream);
  }
  return stream.normalised;
}

at::Tensor Transformer::flat_view(const at::Tensor& flat, const Parameter& parameter) const {
  const int64_t offset = parameter.value.storage_offset() - values_.storage_offset();
  return flat.narrow(0, offset, parameter.value.numel()).view(parameter.value.sizes());
}

void Transformer::enable_training() {
  assert(!training_enabled());
  const c10::InferenceMode usable_in_training(false);
  const c10::NoGradGuard no_grad;
  master_ = dtype() == at::kFloat ? values_ : values_.to(at::kFloat);
  gradients_ = at::zeros({values_.numel()}, values_.options().dtype(at::kFloat));
  for (Parameter* parameter : parameters()) {
    parameter->gradient = flat_view(gradients_, *parameter).detach();
    parameter->value.set_requires_grad(true);
  }
}

at::Tensor Transformer::decay_mask() {
  const c10::NoGradGuard no_grad;
  at::Tensor mask = at::zeros({values_.numel()}, values_.options().dtype(at::kByte));
  for (const Parameter* parameter : parameters()) {
    if (parameter->value.dim() > 1) flat_view(mask, *parameter).fill_(1);
  }
  return mask;
}

void Transformer::initialize(uint64_t seed) {
  const c10::InferenceMode usable_in_training(false);
  const c10::NoGradGuard no_grad;
  const double residual_scale = 1.0 / std::sqrt(2.0 * static_cast<double>(config_.num_layers));
  for (Parameter* parameter : parameters()) {
    at::Tensor fresh = at::empty(parameter->value.sizes(), at::kFloat);
    const bool into_residual =
        parameter->name.ends_with("o_proj.weight") || parameter->name.ends_with("down_proj.weight");
    if (fresh.dim() == 1) {
      fresh.fill_(1.0);
    } else {
      fill_normal(fresh.mutable_data_ptr<float>(), fresh.numel(),
                  seed_from({seed, hash_text(parameter->name)}),
                  config_.initializer_range * (into_residual ? residual_scale : 1.0));
    }
    if (training_enabled()) flat_view(master_, *parameter).copy_(fresh);
    flat_view(values_, *parameter).copy_(fresh);
  }
}

void Transformer::sync_values() {
  if (!training_enabled() || master_.is_same(values_)) return;
  const c10::NoGradGuard no_grad;
  values_.copy_(master_);
}

}  // namespace tripost
