#include "model/gguf_model.h"

#include <ATen/ops/tensor.h>
#include <c10/core/GradMode.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <set>
#include <string_view>

#include "base/error.h"
#include "base/file.h"
#include "model/parts.h"

namespace tripost {
namespace {

constexpr const char* kRopeFactors = "rope_freqs.weight";

struct Family {
  const char* gguf;          // general.architecture
  const char* architecture;  // Hugging Face's
  bool interleaved;          // rows of queries and keys in the order of Meta's rotary embedding
};

// The first of an architecture's lines is what we write; Mistral goes by the name of Llama there.
constexpr std::array<Family, 4> kFamilies = {{{"llama", "LlamaForCausalLM", true},
                                              {"qwen2", "Qwen2ForCausalLM", false},
                                              {"qwen3", "Qwen3ForCausalLM", false},
                                              {"llama", "MistralForCausalLM", true}}};

const Family& family_of(const GgufFile& file) {
  const auto name = file.need<std::string>("general.architecture");
  for (const Family& family : kFamilies) {
    if (name == family.gguf) return family;
  }
  fail("{}: the architecture \"{}\" is not supported; supported: llama, qwen2, qwen3",
       file.path().string(), name.substr(0, 80));
}

const Family& family_of(const ModelConfig& config) {
  return *std::find_if(kFamilies.begin(), kFamilies.end(), [&](const Family& family) {
    return config.architecture == family.architecture;
  });
}

// Keys after "<architecture>." that we use, or that say nothing about numbers.
constexpr std::array<std::string_view, 15> kKeys = {"block_count",
                                                    "context_length",
                                                    "embedding_length",
                                                    "feed_forward_length",
                                                    "attention.head_count",
                                                    "attention.head_count_kv",
                                                    "attention.key_length",
                                                    "attention.value_length",
                                                    "attention.layer_norm_rms_epsilon",
                                                    "rope.freq_base",
                                                    "rope.dimension_count",
                                                    "rope.scaling.type",
                                                    "rope.scaling.factor",
                                                    "rope.scaling.original_context_length",
                                                    "vocab_size"};

// Names of tensors: what follows "model.layers.N." and "blk.N.".
constexpr std::array<std::pair<const char*, const char*>, 11> kLayerNames = {
    {{"input_layernorm", "attn_norm"},
     {"self_attn.q_proj", "attn_q"},
     {"self_attn.k_proj", "attn_k"},
     {"self_attn.v_proj", "attn_v"},
     {"self_attn.o_proj", "attn_output"},
     {"self_attn.q_norm", "attn_q_norm"},
     {"self_attn.k_norm", "attn_k_norm"},
     {"post_attention_layernorm", "ffn_norm"},
     {"mlp.gate_proj", "ffn_gate"},
     {"mlp.up_proj", "ffn_up"},
     {"mlp.down_proj", "ffn_down"}}};

std::string gguf_name(const std::string& name) {
  if (name == kEmbeddingName) return "token_embd.weight";
  if (name == kHeadName) return "output.weight";
  if (name == "model.norm.weight") return "output_norm.weight";
  constexpr std::string_view kLayers = "model.layers.";
  const auto number_end = name.find('.', kLayers.size());
  const auto kind = name.rfind('.');
  const std::string middle = name.substr(number_end + 1, kind - number_end - 1);
  const auto found = std::find_if(kLayerNames.begin(), kLayerNames.end(),
                                  [&](const auto& pair) { return middle == pair.first; });
  return "blk." + name.substr(kLayers.size(), number_end - kLayers.size()) + "." + found->second +
         name.substr(kind);
}

// How many heads' rows of a part llama.cpp keeps in another order; 0 for none.
int64_t reordered_heads(const Part& part, const ModelConfig& config) {
  if (!family_of(config).interleaved) return 0;
  if (part.name.find(".q_proj.") != std::string::npos) return config.num_heads;
  if (part.name.find(".k_proj.") != std::string::npos) return config.num_kv_heads;
  return 0;
}

// Rows of a head: its first half then its second, or (`interleaved`) one of each in turn.
at::Tensor reordered(const at::Tensor& rows, int64_t heads, bool from_interleaved) {
  if (heads == 0) return rows;
  const int64_t half = rows.size(0) / heads / 2;
  std::vector<int64_t> shape = {heads, from_interleaved ? half : 2, from_interleaved ? 2 : half};
  if (rows.dim() > 1) shape.push_back(rows.size(1));
  return rows.reshape(shape).transpose(1, 2).reshape(rows.sizes());
}

// The double that a person would write for a float of the file: 1e-05, not 9.99999974738e-06.
double shortest(double value) { return std::stod(fmt::format("{}", static_cast<float>(value))); }

// What a frequency is divided by, as llama.cpp's converter computes it for rope_freqs.weight.
std::vector<double> rope_factors(const Rope& rope, int64_t head_dim) {
  const RopeScaling& scaling = rope.scaling;
  const auto original = static_cast<double>(scaling.original_positions);
  std::vector<double> factors;
  for (int64_t i = 0; i < head_dim / 2; ++i) {
    const double frequency =
        1.0 / std::pow(rope.theta, 2.0 * static_cast<double>(i) / static_cast<double>(head_dim));
    const double wavelength = 2 * std::numbers::pi / frequency;
    if (wavelength < original / scaling.high_frequency_factor) {
      factors.push_back(1.0);
    } else if (wavelength > original / scaling.low_frequency_factor) {
      factors.push_back(scaling.factor);
    } else {
      const double smooth = (original / wavelength - scaling.low_frequency_factor) /
                            (scaling.high_frequency_factor - scaling.low_frequency_factor);
      factors.push_back(1.0 / ((1.0 - smooth) / scaling.factor + smooth));
    }
  }
  return factors;
}

// GGUF keeps the factors of Llama 3's scaling, not the numbers that they come from. All models that
// have it use the same low and high factor; the rest shows in the factors.
RopeScaling llama3_scaling(const GgufFile& file, const GgufFile::Entry& entry,
                           const std::string& prefix, double theta, int64_t head_dim) {
  const std::string where = file.path().string() + ": tensor \"" + kRopeFactors + "\"";
  if (entry.shape != std::vector<int64_t>{head_dim / 2}) {
    fail("{}: its shape is [{}], the head size asks for [{}]", where, fmt::join(entry.shape, ", "),
         head_dim / 2);
  }
  const at::Tensor stored = file.read(entry);
  RopeScaling scaling{RopeScaling::Kind::kLlama3, stored.max().item<float>(), 1.0, 4.0};
  scaling.original_positions =
      file.value<int64_t>(prefix + "rope.scaling.original_context_length").value_or(8192);
  const std::vector<double> factors = rope_factors({theta, scaling}, head_dim);
  for (int64_t i = 0; i < head_dim / 2; ++i) {
    if (!(std::abs(stored[i].item<float>() - factors[i]) <= 1e-4 * factors[i])) {
      fail(
          "{}: number {} is {}, Llama 3's rotary scaling by {} over {} positions has {}; only that "
          "one is supported",
          where, i, stored[i].item<float>(), scaling.factor, scaling.original_positions,
          factors[i]);
    }
  }
  return scaling;
}

Rope rope_of(const GgufFile& file, const std::string& prefix, int64_t head_dim) {
  Rope rope;
  rope.theta = shortest(file.value<double>(prefix + "rope.freq_base").value_or(10000.0));
  const auto type = file.value<std::string>(prefix + "rope.scaling.type").value_or("none");
  if (type == "linear") {
    rope.scaling.kind = RopeScaling::Kind::kLinear;
    rope.scaling.factor = shortest(file.need<double>(prefix + "rope.scaling.factor"));
  } else if (type != "none") {
    fail("{}: \"{}rope.scaling.type\" is \"{}\"; supported: none, linear, and Llama 3's through {}",
         file.path().string(), prefix, type.substr(0, 80), kRopeFactors);
  }
  const GgufFile::Entry* factors = file.find(kRopeFactors);
  if (!factors) return rope;
  if (rope.scaling.kind != RopeScaling::Kind::kNone) {
    fail("{}: it has {} and scales rotary embeddings linearly, too", file.path().string(),
         kRopeFactors);
  }
  rope.scaling = llama3_scaling(file, *factors, prefix, rope.theta, head_dim);
  return rope;
}

void check_keys(const GgufFile& file, const std::string& prefix) {
  for (const auto& [key, value] : file.metadata()) {
    if (!key.starts_with(prefix)) continue;
    const std::string name = key.substr(prefix.size());
    if (std::find(kKeys.begin(), kKeys.end(), name) != kKeys.end()) continue;
    if (name.starts_with("expert_") && value == GgufValue(int64_t{0})) continue;
    fail("{}: the metadata \"{}\" is not supported; it may change what the model computes",
         file.path().string(), key.substr(0, 120));
  }
}

// The size of a head, which three keys may tell.
int64_t head_dim_of(const GgufFile& file, const std::string& prefix, int64_t width, int64_t heads) {
  const int64_t plain = heads > 0 ? width / heads : 0;
  const int64_t head_dim =
      file.value<int64_t>(prefix + "attention.key_length")
          .value_or(file.value<int64_t>(prefix + "rope.dimension_count").value_or(plain));
  for (const char* key : {"attention.value_length", "rope.dimension_count"}) {
    const int64_t other = file.value<int64_t>(prefix + key).value_or(head_dim);
    if (other != head_dim) {
      fail("{}: \"{}{}\" is {}, the head size is {}; only equal ones are supported",
           file.path().string(), prefix, key, other, head_dim);
    }
  }
  return head_dim;
}

Json config_json(const GgufFile& file) {
  const Family& family = family_of(file);
  const std::string prefix = std::string(family.gguf) + ".";
  check_keys(file, prefix);
  const GgufFile::Entry* table = file.find("token_embd.weight");
  if (!table || table->shape.size() != 2) {
    fail("{}: the tensor \"token_embd.weight\" is missing or not a matrix", file.path().string());
  }
  const auto size = [&](const char* key) { return file.need<int64_t>(prefix + key); };
  const int64_t heads = size("attention.head_count"), width = size("embedding_length");
  const int64_t head_dim = head_dim_of(file, prefix, width, heads);
  Json json = {{"architectures", {family.architecture}}, {"model_type", family.gguf}};
  json["vocab_size"] = table->shape.front();
  json["hidden_size"] = width;
  json["intermediate_size"] = size("feed_forward_length");
  json["num_hidden_layers"] = size("block_count");
  json["num_attention_heads"] = heads;
  json["num_key_value_heads"] =
      file.value<int64_t>(prefix + "attention.head_count_kv").value_or(heads);
  json["head_dim"] = head_dim;
  json["max_position_embeddings"] = size("context_length");
  json["rms_norm_eps"] = shortest(file.need<double>(prefix + "attention.layer_norm_rms_epsilon"));
  json["tie_word_embeddings"] = file.find("output.weight") == nullptr;
  json["attention_bias"] = file.find("blk.0.attn_output.bias") != nullptr;
  json["mlp_bias"] = file.find("blk.0.ffn_down.bias") != nullptr;
  write_rope(rope_of(file, prefix, head_dim), json);
  json["eos_token_id"] = Json::array();
  for (const char* key : {"eos_token_id", "eot_token_id"}) {
    const auto id = file.value<int64_t>(std::string("tokenizer.ggml.") + key);
    Json& ids = json["eos_token_id"];
    if (id && std::find(ids.begin(), ids.end(), *id) == ids.end()) ids.push_back(*id);
  }
  if (const auto bos = file.value<int64_t>("tokenizer.ggml.bos_token_id")) {
    json["bos_token_id"] = *bos;
  }
  return json;
}

// Before anything of the model is allocated.
void check_tensors(const GgufFile& file, const std::vector<Part>& parts) {
  std::set<std::string> wanted = {kRopeFactors};
  for (const Part& part : parts) {
    const std::string name = gguf_name(part.name);
    wanted.insert(name);
    const GgufFile::Entry* entry = file.find(name);
    if (!entry) fail("{}: the tensor \"{}\" is missing", file.path().string(), name);
    if (entry->shape != part.shape) {
      fail("{}: tensor \"{}\": its shape is [{}], the metadata ask for [{}]", file.path().string(),
           name, fmt::join(entry->shape, ", "), fmt::join(part.shape, ", "));
    }
  }
  for (const GgufFile::Entry& entry : file.entries()) {
    if (wanted.contains(entry.name)) continue;
    fail("{}: tensor \"{}\": a {} with these metadata has no such tensor", file.path().string(),
         entry.name.substr(0, 120), family_of(file).gguf);
  }
}

using Metadata = std::vector<std::pair<std::string, GgufValue>>;

int64_t file_type_of(GgufType type) {
  switch (type) {
    case GgufType::kF16:
      return 1;
    case GgufType::kQ8_0:
      return 7;
    case GgufType::kBF16:
      return 32;
    default:
      return 0;
  }
}

Metadata model_metadata(const ModelConfig& config, const std::string& name, GgufType type) {
  const std::string prefix = std::string(family_of(config).gguf) + ".";
  Metadata metadata = {{"general.architecture", std::string(family_of(config).gguf)},
                       {"general.type", std::string("model")},
                       {"general.name", name},
                       {"general.file_type", file_type_of(type)},
                       {"general.quantization_version", int64_t{2}}};
  const auto add = [&](const char* key, GgufValue value) {
    metadata.emplace_back(prefix + key, std::move(value));
  };
  add("block_count", config.num_layers);
  add("context_length", config.max_position_embeddings);
  add("embedding_length", config.hidden_size);
  add("feed_forward_length", config.intermediate_size);
  add("attention.head_count", config.num_heads);
  add("attention.head_count_kv", config.num_kv_heads);
  add("attention.key_length", config.head_dim);
  add("attention.value_length", config.head_dim);
  add("attention.layer_norm_rms_epsilon", config.rms_norm_eps);
  add("rope.freq_base", config.rope.theta);
  add("rope.dimension_count", config.head_dim);
  add("vocab_size", config.vocab_size);
  const RopeScaling& scaling = config.rope.scaling;
  if (scaling.kind == RopeScaling::Kind::kLinear) {
    add("rope.scaling.type", std::string("linear"));
    add("rope.scaling.factor", scaling.factor);
  } else if (scaling.kind == RopeScaling::Kind::kLlama3) {
    add("rope.scaling.original_context_length", scaling.original_positions);
  }
  return metadata;
}

GgufType type_of(const Part& part, GgufType type) {
  if (part.shape.size() == 1) return GgufType::kF32;
  const bool whole = part.shape.back() % gguf_blocks(static_cast<uint32_t>(type))->numbers == 0;
  return whole ? type : GgufType::kF16;
}

void check_range(const at::Tensor& tensor, GgufType type, const std::string& name) {
  constexpr float kLargestHalf = 65504.0f;
  if (type != GgufType::kF16 || !(tensor.abs().max().item<float>() > kLargestHalf)) return;
  fail("cannot write tensor \"{}\" as F16: it holds numbers above {}; choose bfloat16", name,
       kLargestHalf);
}

void check_expressible(const ModelConfig& config) {
  const bool windowed = std::any_of(config.windows.begin(), config.windows.end(), [&](int64_t w) {
    return w > 0 && w < config.max_position_embeddings;
  });
  if (windowed) {
    fail(
        "cannot write a GGUF file: llama.cpp knows no \"sliding_window\" for {}; set it to null in "
        "config.json to go without",
        config.architecture);
  }
}

}  // namespace

ModelConfig config_from_gguf(const GgufFile& file) {
  return model_config_from_json(config_json(file), file.path().string());
}

std::unique_ptr<Transformer> load_gguf_model(const std::filesystem::path& path, at::Device device,
                                             at::ScalarType dtype, bool training) {
  const c10::NoGradGuard no_grad;
  const GgufFile file(path);
  const ModelConfig config = config_from_gguf(file);
  const std::vector<Part> parts = checkpoint_parts(config);
  check_tensors(file, parts);
  auto model = std::make_unique<Transformer>(config, device, dtype);
  if (training) model->enable_training();
  for (const Part& part : parts) {
    const std::string name = gguf_name(part.name);
    const at::Tensor stored = file.read(*file.find(name));
    set_part(*model, part, reordered(stored, reordered_heads(part, config), true),
             path.string() + ": tensor \"" + name + "\"");
  }
  model->sync_values();
  return model;
}

void save_gguf_model(Transformer& model, const std::filesystem::path& path,
                     const Companions& companions, GgufType type) {
  const c10::NoGradGuard no_grad;
  const ModelConfig& config = model.config();
  check_expressible(config);
  Metadata metadata = model_metadata(config, path.stem().string(), type);
  for (auto& entry :
       tokenizer_to_gguf(companions, config.vocab_size, config.eos_token_ids, path.string())) {
    metadata.push_back(std::move(entry));
  }
  const at::Tensor flat = model.master().defined() ? model.master() : model.values();
  std::vector<GgufTensorToWrite> tensors;
  for (const Part& part : checkpoint_parts(config)) {
    const at::Tensor rows = rows_of(model, flat, part);
    const GgufType stored = type_of(part, type);
    check_range(rows, stored, part.name);
    tensors.push_back(
        {gguf_name(part.name), reordered(rows, reordered_heads(part, config), false), stored});
  }
  if (config.rope.scaling.kind == RopeScaling::Kind::kLlama3) {
    const std::vector<double> factors = rope_factors(config.rope, config.head_dim);
    tensors.push_back({kRopeFactors, at::tensor(factors, at::kFloat), GgufType::kF32});
  }
  write_gguf(path, metadata, tensors);
}

}  // namespace tripost
