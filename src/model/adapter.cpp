#include "model/adapter.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "base/random.h"

namespace tripost {
namespace {

// Modules whose weights lie in one parameter, in the order of its rows.
struct Group {
  const char* place;
  Parameter Layer::*weight;
  kernels::LowRank Layer::*adapter;
  int64_t inputs;
  std::vector<std::pair<const char*, int64_t>> modules;  // and their outputs
};

std::vector<Group> groups(const ModelConfig& c) {
  const int64_t queries = c.num_heads * c.head_dim, keys = c.num_kv_heads * c.head_dim;
  const int64_t width = c.hidden_size, wide = c.intermediate_size;
  return {{"self_attn.",
           &Layer::qkv,
           &Layer::qkv_adapter,
           width,
           {{"q_proj", queries}, {"k_proj", keys}, {"v_proj", keys}}},
          {"self_attn.", &Layer::output, &Layer::output_adapter, queries, {{"o_proj", width}}},
          {"mlp.",
           &Layer::gate_up,
           &Layer::gate_up_adapter,
           width,
           {{"gate_proj", wide}, {"up_proj", wide}}},
          {"mlp.", &Layer::down, &Layer::down_adapter, wide, {{"down_proj", width}}}};
}

void add_modules(const Group& group, std::size_t layer, const LoraConfig& adapter,
                 std::vector<AdaptedModule>& all) {
  const std::string prefix = "model.layers." + std::to_string(layer) + "." + group.place;
  int64_t first = 0, piece = 0, row_of_b = 0;
  for (const auto& [name, rows] : group.modules) {
    if (std::find(adapter.targets.begin(), adapter.targets.end(), name) != adapter.targets.end()) {
      all.push_back({prefix + name,
                     layer,
                     group.weight,
                     group.adapter,
                     group.inputs,
                     {first, rows},
                     piece++,
                     row_of_b});
      row_of_b += rows;
    }
    first += rows;
  }
}

double scale_of(const LoraConfig& config) {
  const auto rank = static_cast<double>(config.rank);
  return config.resolved_alpha() / (config.rank_stabilised ? std::sqrt(rank) : rank);
}

// Sizes of the two matrices of every adapter; their values come when the flat buffer is there.
std::vector<std::pair<Parameter*, std::vector<int64_t>>> lay_out(
    std::vector<Layer>& layers, const std::vector<AdaptedModule>& modules,
    const LoraConfig& config) {
  std::vector<std::pair<Parameter*, std::vector<int64_t>>> shaped;
  for (const AdaptedModule& module : modules) {
    kernels::LowRank& adapter = layers[module.layer].*module.adapter;
    if (module.piece == 0) {
      const std::string name = (layers[module.layer].*module.weight).name;
      adapter.scale = scale_of(config);
      adapter.dropout = config.dropout;
      adapter.dropout_seed = static_cast<uint32_t>(hash_text(name));
      adapter.a.name = name + ".lora_A";
      adapter.b.name = name + ".lora_B";
      shaped.push_back({&adapter.a, {0, module.inputs}});
      shaped.push_back({&adapter.b, {0, config.rank}});
    }
    adapter.pieces.push_back(module.outputs);
    shaped[shaped.size() - 2].second[0] += config.rank;
    shaped[shaped.size() - 1].second[0] += module.outputs.rows;
  }
  return shaped;
}

// As torch.nn.Linear does it (He et al. 2015 with a = sqrt(5)), which PEFT keeps for A.
void fill_uniform(at::Tensor a, uint64_t seed) {
  at::Tensor fresh = at::empty(a.sizes(), at::kFloat);
  const double bound = 1.0 / std::sqrt(static_cast<double>(a.size(1)));
  Random random(seed);
  float* const data = fresh.mutable_data_ptr<float>();
  for (int64_t i = 0; i < fresh.numel(); ++i) {
    data[i] = static_cast<float>(bound * (2.0 * random.uniform() - 1.0));
  }
  a.copy_(fresh);
}

}  // namespace

std::vector<AdaptedModule> adapted_modules(const ModelConfig& config, const LoraConfig& adapter) {
  std::vector<AdaptedModule> all;
  for (std::size_t layer = 0; layer < static_cast<std::size_t>(config.num_layers); ++layer) {
    for (const Group& group : groups(config)) add_modules(group, layer, adapter, all);
  }
  return all;
}

at::Tensor a_of(Transformer& model, const at::Tensor& flat, const AdaptedModule& module) {
  const kernels::LowRank& adapter = model.layers()[module.layer].*module.adapter;
  const int64_t rank = adapter.rank();
  return model.flat_view(flat, adapter.a).narrow(0, module.piece * rank, rank);
}

at::Tensor b_of(Transformer& model, const at::Tensor& flat, const AdaptedModule& module) {
  const kernels::LowRank& adapter = model.layers()[module.layer].*module.adapter;
  return model.flat_view(flat, adapter.b).narrow(0, module.first_row_of_b, module.outputs.rows);
}

void Transformer::attach_adapter(const LoraConfig& config) {
  assert(!has_adapter() && !training_enabled() && config.rank > 0 && !config.targets.empty());
  const c10::InferenceMode usable_in_training(false);
  const c10::NoGradGuard no_grad;
  adapter_config_ = config;
  const std::vector<AdaptedModule> modules = adapted_modules(config_, config);
  const auto shaped = lay_out(layers_, modules, config);
  int64_t total = 0;
  for (const auto& [parameter, shape] : shaped) total += aligned(shape[0] * shape[1]);
  adapter_.values = at::zeros({total}, values().options());
  int64_t offset = 0;
  for (const auto& [parameter, shape] : shaped) {
    const int64_t count = shape[0] * shape[1];
    parameter->value = adapter_.values.narrow(0, offset, count).view(shape).detach();
    offset += aligned(count);
  }
  for (const AdaptedModule& module : modules) {
    fill_uniform(a_of(*this, adapter_.values, module),
                 seed_from({config.seed, hash_text(module.name)}));
  }
}

std::vector<Parameter*> Transformer::trained_parameters() {
  if (!has_adapter()) return parameters();
  std::vector<Parameter*> all;
  for (Layer& layer : layers_) {
    for (kernels::LowRank* adapter :
         {&layer.qkv_adapter, &layer.output_adapter, &layer.gate_up_adapter, &layer.down_adapter}) {
      if (!adapter->pieces.empty()) all.insert(all.end(), {&adapter->a, &adapter->b});
    }
  }
  return all;
}

void merge_adapter(Transformer& model) {
  assert(model.has_adapter() && !model.training_enabled());
  const c10::NoGradGuard no_grad;
  const at::Tensor& flat = model.trained().values;
  for (const AdaptedModule& module : adapted_modules(model.config(), model.adapter_config())) {
    Layer& layer = model.layers()[module.layer];
    const at::Tensor change =
        at::mm(b_of(model, flat, module).to(at::kFloat), a_of(model, flat, module).to(at::kFloat));
    at::Tensor rows =
        (layer.*module.weight).value.narrow(0, module.outputs.first, module.outputs.rows);
    rows.copy_(rows.to(at::kFloat).add_(change, (layer.*module.adapter).scale));
    b_of(model, flat, module).zero_();
  }
}

}  // namespace tripost
