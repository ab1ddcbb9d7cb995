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

struct Shaped {
  Parameter* parameter;
  std::string name;
  std::vector<int64_t> shape;
};

// In the order of the flat buffer.
std::vector<Shaped> shaped_parameters(Layer& layer, int64_t index, const ModelConfig& c) {
  const std::string prefix = "model.layers." + std::to_string(index) + ".";
  const std::string attention = prefix + "self_attn.", mlp = prefix + "mlp.";
  const int64_t width = c.hidden_size, wide = c.intermediate_size;
  const int64_t queries = c.num_heads * c.head_dim;
  const int64_t rows = queries + 2 * c.num_kv_heads * c.head_dim;
  std::vector<Shaped> all;
  all.push_back({&layer.attention_norm, prefix + "input_layernorm.weight", {width}});
  all.push_back({&layer.qkv, attention + "qkv_proj.weight", {rows, width}});
  if (c.qkv_bias) all.push_back({&layer.qkv_bias, attention + "qkv_proj.bias", {rows}});
  if (c.query_key_norm) {
    all.push_back({&layer.query_norm, attention + "q_norm.weight", {c.head_dim}});
    all.push_back({&layer.key_norm, attention + "k_norm.weight", {c.head_dim}});
  }
  all.push_back({&layer.output, attention + "o_proj.weight", {width, queries}});
  if (c.output_bias) all.push_back({&layer.output_bias, attention + "o_proj.bias", {width}});
  all.push_back({&layer.mlp_norm, prefix + "post_attention_layernorm.weight", {width}});
  all.push_back({&layer.gate_up, mlp + "gate_up_proj.weight", {2 * wide, width}});
  if (c.mlp_bias) all.push_back({&layer.gate_up_bias, mlp + "gate_up_proj.bias", {2 * wide}});
  all.push_back({&layer.down, mlp + "down_proj.weight", {width, wide}});
  if (c.mlp_bias) all.push_back({&layer.down_bias, mlp + "down_proj.bias", {width}});
  return all;
}

int64_t elements(const std::vector<int64_t>& shape) {
  int64_t count = 1;
  for (const int64_t size : shape) count *= size;
  return count;
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
  for (int64_t i = 0; i < config_.num_layers; ++i) {
    for (Shaped& shaped : shaped_parameters(layers_[i], i, config_))
      all.push_back(std::move(shaped));
  }
  all.push_back({&final_norm_, "model.norm.weight", {config_.hidden_size}});
  if (!config_.tie_word_embeddings) all.push_back({&head_, "lm_head.weight", table});

  int64_t total = 0;
  for (const Shaped& shaped : all) total += aligned(elements(shaped.shape));
  weights_.values = at::empty({total}, at::TensorOptions().device(device).dtype(dtype));
  int64_t offset = 0;
  for (const Shaped& shaped : all) {
    const int64_t count = elements(shaped.shape);
    shaped.parameter->name = shaped.name;
    shaped.parameter->value = weights_.values.narrow(0, offset, count).view(shaped.shape).detach();
    weights_.values.narrow(0, offset + count, aligned(count) - count).zero_();
    offset += aligned(count);
  }
  const auto [cos, sin] =
      rope_tables(config_.rope, config_.head_dim, config_.max_position_embeddings);
  rope_cos_ = cos.to(device);
  rope_sin_ = sin.to(device);
}

at::Device Transformer::device() const { return weights_.values.device(); }
at::ScalarType Transformer::dtype() const { return weights_.values.scalar_type(); }

Parameter& Transformer::head() { return config_.tie_word_embeddings ? embedding_ : head_; }

std::vector<Parameter*> Transformer::parameters() {
  std::vector<Parameter*> all = {&embedding_};
  for (Layer& layer : layers_) {
    for (Parameter* parameter :
         {&layer.attention_norm, &layer.qkv, &layer.qkv_bias, &layer.query_norm, &layer.key_norm,
          &layer.output, &layer.output_bias, &layer.mlp_norm, &layer.gate_up, &layer.gate_up_bias,
          &layer.down, &layer.down_bias}) {
      if (if_there(*parameter)) all.push_back(parameter);
    }
  }
  all.push_back(&final_norm_);
  if (!config_.tie_word_embeddings) all.push_back(&head_);
  return all;
}

at::Tensor Transformer::hidden(const PackedTokens& tokens, bool recompute) {
  LayerContext context = {at::index_select(rope_cos_, 0, tokens.positions),
                          at::index_select(rope_sin_, 0, tokens.positions),
                          tokens.starts,
                          config_.num_heads,
                          config_.num_kv_heads,
                          config_.head_dim,
                          config_.rms_norm_eps,
                          /*window=*/0,
                          tokens.dropout_keys};
  const bool keep_inputs_only = recompute && training_enabled() && c10::GradMode::is_enabled();
  at::Tensor embedded = kernels::embedding(tokens.ids, embedding_);
  // Beside a frozen table nothing would tell autograd that the first layer is to be run again.
  if (keep_inputs_only && !embedded.requires_grad()) embedded.set_requires_grad(true);
  Stream stream = {
      embedded, kernels::rms_norm(embedded, layers_.front().attention_norm, config_.rms_norm_eps)};
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Parameter& next_norm =
        i + 1 < layers_.size() ? layers_[i + 1].attention_norm : final_norm_;
    context.window = config_.window(static_cast<int64_t>(i));
    stream = keep_inputs_only ? recomputed_layer(context, layers_[i], next_norm, stream)
                              : run_layer(context, layers_[i], next_norm, stream);
  }
  return stream.normalised;
}

at::Tensor Transformer::flat_view(const at::Tensor& flat, const Parameter& parameter) const {
  return flat.narrow(0, parameter.value.storage_offset(), parameter.value.numel())
      .view(parameter.value.sizes());
}

void Transformer::enable_training() {
  assert(!training_enabled());
  const c10::InferenceMode usable_in_training(false);
  const c10::NoGradGuard no_grad;
  FlatBuffers& flat = trained();
  flat.master = dtype() == at::kFloat ? flat.values : flat.values.to(at::kFloat);
  flat.gradients = at::zeros({flat.values.numel()}, flat.values.options().dtype(at::kFloat));
  for (Parameter* parameter : trained_parameters()) {
    parameter->gradient = flat_view(flat.gradients, *parameter).detach();
    parameter->value.set_requires_grad(true);
  }
}

at::Tensor Transformer::decay_mask() {
  const c10::NoGradGuard no_grad;
  const at::Tensor& values = trained().values;
  at::Tensor mask = at::zeros({values.numel()}, values.options().dtype(at::kByte));
  for (const Parameter* parameter : trained_parameters()) {
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
    if (parameter->name.ends_with(".bias")) {
      fresh.zero_();
    } else if (fresh.dim() == 1) {
      fresh.fill_(1.0);
    } else {
      fill_normal(fresh.mutable_data_ptr<float>(), fresh.numel(),
                  seed_from({seed, hash_text(parameter->name)}),
                  config_.initializer_range * (into_residual ? residual_scale : 1.0));
    }
    if (master().defined()) flat_view(master(), *parameter).copy_(fresh);
    flat_view(values(), *parameter).copy_(fresh);
  }
}

void Transformer::sync_values() {
  FlatBuffers& flat = trained();
  if (!training_enabled() || flat.master.is_same(flat.values)) return;
  const c10::NoGradGuard no_grad;
  flat.values.copy_(flat.master);
}

}  // namespace tripost
