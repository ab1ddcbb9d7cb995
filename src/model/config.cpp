#include "model/config.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/file.h"
#include "model/architecture.h"
#include "model/json_fields.h"

namespace tripost {
namespace {

// Far above any Llama, low enough that layers * hidden * intermediate stays below 2^63.
constexpr int64_t kMaxVocab = int64_t{1} << 22;
constexpr int64_t kMaxWidth = int64_t{1} << 18;
constexpr int64_t kMaxLayers = 4096;
constexpr int64_t kMaxHeads = 4096;
constexpr int64_t kMaxHeadDim = 1024;
constexpr int64_t kMaxPositions = int64_t{1} << 20;

// Fields that change what the network computes, and the one value of each that we compute.
void check_unsupported(const Json& json, const std::string& where) {
  static const std::array<std::pair<const char*, Json>, 6> kOnly = {{
      {"hidden_act", "silu"},
      {"attention_dropout", 0.0},
      {"partial_rotary_factor", 1.0},
      {"rope_interleaved", false},
      {"quantization_config", nullptr},
      {"is_encoder_decoder", false},
  }};
  for (const auto& [key, only] : kOnly) {
    const Json* value = present(json, key);
    if (value && *value != only) {
      fail("{}: \"{}\" is {}; only {} is supported", where, key, value->dump().substr(0, 80),
           only.dump());
    }
  }
}

// An absent field is what the architecture's class in transformers assumes, null is `otherwise`.
int64_t size_with_default(const Json& json, const char* key, int64_t assumed, int64_t otherwise,
                          int64_t largest, const std::string& where) {
  const bool absent = !json.contains(key);
  return size_field_or(json, key, absent && assumed > 0 ? assumed : otherwise, largest, where);
}

int64_t sliding_window(const Json& json, const std::string& where) {
  constexpr int64_t kAssumed = 4096;
  return size_with_default(json, "sliding_window", kAssumed, 0, kMaxPositions, where);
}

// "layer_types" where it is there, else the layers from "max_window_layers" on.
std::vector<int64_t> windows_by_layer(const Json& json, int64_t num_layers,
                                      const std::string& where) {
  const bool used = boolean_field_or(json, "use_sliding_window", false, where);
  const int64_t window = used ? sliding_window(json, where) : 0;
  std::vector<int64_t> windows(static_cast<std::size_t>(num_layers), 0);
  const Json* types = present(json, "layer_types");
  if (!types) {
    if (window == 0) return {};
    const int64_t first =
        json.contains("max_window_layers") ? integer_field(json, "max_window_layers", where) : 28;
    for (int64_t i = std::max<int64_t>(first, 0); i < num_layers; ++i) windows[i] = window;
    return windows;
  }
  if (!types->is_array() || static_cast<int64_t>(types->size()) != num_layers) {
    fail("{}: \"layer_types\" should be a list of {} names, one for each layer", where, num_layers);
  }
  for (int64_t i = 0; i < num_layers; ++i) {
    const Json& type = (*types)[i];
    if (type == "full_attention") continue;
    if (type != "sliding_attention") {
      fail("{}: \"layer_types\" holds {}; supported: \"full_attention\", \"sliding_attention\"",
           where, type.dump().substr(0, 80));
    }
    if (window == 0) {
      fail(
          "{}: \"layer_types\" asks for sliding attention, but \"use_sliding_window\" and "
          "\"sliding_window\" do not say how far",
          where);
    }
    windows[i] = window;
  }
  return windows;
}

std::vector<int64_t> windows_of(const Json& json, const Architecture& architecture,
                                int64_t num_layers, const std::string& where) {
  if (architecture.window == Architecture::Window::kNone) return {};
  std::vector<int64_t> windows;
  if (architecture.window == Architecture::Window::kByLayer) {
    windows = windows_by_layer(json, num_layers, where);
  } else {
    if (present(json, "layer_types")) {
      fail("{}: \"layer_types\" is not supported for {}", where, architecture.name);
    }
    windows.assign(static_cast<std::size_t>(num_layers), sliding_window(json, where));
  }
  const bool any = std::any_of(windows.begin(), windows.end(), [](int64_t w) { return w > 0; });
  return any ? windows : std::vector<int64_t>();
}

void write_windows(const ModelConfig& config, const Architecture& architecture, Json& json) {
  if (architecture.window == Architecture::Window::kNone) return;
  const int64_t window =
      config.windows.empty() ? 0 : *std::max_element(config.windows.begin(), config.windows.end());
  json["sliding_window"] = window > 0 ? Json(window) : Json(nullptr);
  if (architecture.window == Architecture::Window::kEveryLayer) return;
  json["use_sliding_window"] = window > 0;
  json["layer_types"] = Json::array();
  for (int64_t i = 0; i < config.num_layers; ++i) {
    json["layer_types"].push_back(config.window(i) > 0 ? "sliding_attention" : "full_attention");
  }
}

// None where the field is absent: transformers' generate() reads the file and stops at none then,
// though the configuration classes of Llama and Mistral say 2.
std::vector<int64_t> eos_tokens(const Json& json, int64_t vocab_size, const std::string& where) {
  const Json* value = present(json, "eos_token_id");
  if (!value) return {};
  std::vector<int64_t> ids;
  for (const Json& id : value->is_array() ? *value : Json::array({*value})) {
    if (!id.is_number_integer() || id.get<int64_t>() < 0 || id.get<int64_t>() >= vocab_size) {
      fail("{}: \"eos_token_id\" holds {}, it should be a token id below the vocabulary size {}",
           where, id.dump().substr(0, 60), vocab_size);
    }
    ids.push_back(id.get<int64_t>());
  }
  return ids;
}

void check_heads(const ModelConfig& config, const std::string& where) {
  if (config.head_dim < 1 || config.head_dim > kMaxHeadDim) {
    fail(
        "{}: \"hidden_size\" {} over \"num_attention_heads\" {} gives a head size of {}, it should "
        "lie between 1 and {}",
        where, config.hidden_size, config.num_heads, config.head_dim, kMaxHeadDim);
  }
  if (config.hidden_size % config.num_heads != 0 && config.architecture == "LlamaForCausalLM") {
    fail("{}: \"hidden_size\" {} is not a multiple of \"num_attention_heads\" {}", where,
         config.hidden_size, config.num_heads);
  }
  if (config.num_heads % config.num_kv_heads != 0) {
    fail("{}: \"num_attention_heads\" {} is not a multiple of \"num_key_value_heads\" {}", where,
         config.num_heads, config.num_kv_heads);
  }
  if (config.head_dim % 2 != 0) {
    fail("{}: the head size is {}; rotary embeddings need an even one", where, config.head_dim);
  }
}

}  // namespace

int64_t ModelConfig::num_parameters() const {
  const int64_t attention = hidden_size * head_dim * (2 * num_heads + 2 * num_kv_heads);
  int64_t layer = attention + 3 * hidden_size * intermediate_size + 2 * hidden_size;
  if (qkv_bias) layer += (num_heads + 2 * num_kv_heads) * head_dim;
  if (query_key_norm) layer += 2 * head_dim;
  if (output_bias) layer += hidden_size;
  if (mlp_bias) layer += 2 * intermediate_size + hidden_size;
  const int64_t tables = (tie_word_embeddings ? 1 : 2) * vocab_size * hidden_size;
  return tables + num_layers * layer + hidden_size;
}

ModelConfig model_config_from_json(const Json& json, const std::string& where) {
  if (!json.is_object()) fail("{}: expected a JSON object, found {}", where, json.type_name());
  const Architecture& architecture = architecture_of(json, where);
  check_unsupported(json, where);
  ModelConfig config;
  config.architecture = architecture.name;
  config.raw = json;
  config.vocab_size = size_field(json, "vocab_size", kMaxVocab, where);
  config.hidden_size = size_field(json, "hidden_size", kMaxWidth, where);
  config.intermediate_size = size_field(json, "intermediate_size", kMaxWidth, where);
  config.num_layers = size_field(json, "num_hidden_layers", kMaxLayers, where);
  config.num_heads = size_field(json, "num_attention_heads", kMaxHeads, where);
  config.num_kv_heads =
      size_with_default(json, "num_key_value_heads", architecture.default_kv_heads,
                        config.num_heads, kMaxHeads, where);
  config.head_dim = size_with_default(json, "head_dim", architecture.default_head_dim,
                                      config.hidden_size / config.num_heads, kMaxHeadDim, where);
  config.max_position_embeddings = size_field_or(
      json, "max_position_embeddings", architecture.default_positions, kMaxPositions, where);
  check_heads(config, where);
  config.rms_norm_eps = positive_field_or(json, "rms_norm_eps", 1e-6, where);
  config.rope = rope_from_json(json, config.max_position_embeddings, where);
  const bool attention_bias =
      architecture.reads_attention_bias && boolean_field_or(json, "attention_bias", false, where);
  config.qkv_bias = architecture.qkv_bias || attention_bias;
  config.output_bias = attention_bias;
  config.mlp_bias = architecture.reads_mlp_bias && boolean_field_or(json, "mlp_bias", false, where);
  config.query_key_norm = architecture.query_key_norm;
  config.windows = windows_of(json, architecture, config.num_layers, where);
  config.tie_word_embeddings = boolean_field_or(json, "tie_word_embeddings", false, where);
  config.initializer_range = positive_field_or(json, "initializer_range", 0.02, where);
  config.eos_token_ids = eos_tokens(json, config.vocab_size, where);
  return config;
}

ModelConfig load_model_config(const std::filesystem::path& folder) {
  const fs::path path = folder / "config.json";
  if (!fs::exists(path)) {
    fail("{} has no config.json; a model is a Hugging Face folder", folder.string());
  }
  ModelConfig config =
      model_config_from_json(parse_json(read_file(path), path.string()), path.string());
  const fs::path generation = folder / "generation_config.json";
  if (fs::exists(generation)) {
    const Json json = parse_json(read_file(generation), generation.string());
    auto ids = eos_tokens(json, config.vocab_size, generation.string());
    if (!ids.empty()) config.eos_token_ids = std::move(ids);
  }
  return config;
}

Json to_json(const ModelConfig& config) {
  Json json = config.raw.is_object() ? config.raw : Json::object();
  json["architectures"] = {config.architecture};
  const Architecture& architecture = architecture_named(config.architecture);
  json["model_type"] = architecture.model_type;
  json["vocab_size"] = config.vocab_size;
  json["hidden_size"] = config.hidden_size;
  json["intermediate_size"] = config.intermediate_size;
  json["num_hidden_layers"] = config.num_layers;
  json["num_attention_heads"] = config.num_heads;
  json["num_key_value_heads"] = config.num_kv_heads;
  json["head_dim"] = config.head_dim;
  json["max_position_embeddings"] = config.max_position_embeddings;
  json["hidden_act"] = "silu";
  json["rms_norm_eps"] = config.rms_norm_eps;
  json["tie_word_embeddings"] = config.tie_word_embeddings;
  json["initializer_range"] = config.initializer_range;
  if (architecture.reads_attention_bias) json["attention_bias"] = config.output_bias;
  if (architecture.reads_mlp_bias) json["mlp_bias"] = config.mlp_bias;
  write_windows(config, architecture, json);
  write_rope(config.rope, json);
  if (config.eos_token_ids.size() == 1) {
    json["eos_token_id"] = config.eos_token_ids.front();
  } else {
    // Written even when empty: an absent field means token 2 to transformers.
    json["eos_token_id"] =
        config.eos_token_ids.empty() ? Json(nullptr) : Json(config.eos_token_ids);
  }
  return json;
}

}  // namespace tripost
