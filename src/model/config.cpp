#include "model/config.h"

#include <array>
#include <cmath>

#include "base/error.h"
#include "base/file.h"

namespace tripost {
namespace {

// Far above any Llama, low enough that layers * hidden * intermediate stays below 2^63.
constexpr int64_t kMaxVocab = int64_t{1} << 22;
constexpr int64_t kMaxWidth = int64_t{1} << 18;
constexpr int64_t kMaxLayers = 4096;
constexpr int64_t kMaxHeads = 4096;
constexpr int64_t kMaxHeadDim = 1024;
constexpr int64_t kMaxPositions = int64_t{1} << 20;

// The member, or nullptr when absent or null: Hugging Face writes null for "the default".
const Json* present(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found == json.end() || found->is_null() ? nullptr : &*found;
}

int64_t size_field(const Json& json, const char* key, int64_t largest, const std::string& where) {
  const int64_t value = integer_field(json, key, where);
  if (value < 1 || value > largest) {
    fail("{}: \"{}\" is {}, it should lie between 1 and {}", where, key, json.at(key).dump(),
         largest);
  }
  return value;
}

int64_t size_field_or(const Json& json, const char* key, int64_t otherwise, int64_t largest,
                      const std::string& where) {
  return present(json, key) ? size_field(json, key, largest, where) : otherwise;
}

double positive_field_or(const Json& json, const char* key, double otherwise,
                         const std::string& where) {
  if (!present(json, key)) return otherwise;
  const double value = number_field(json, key, where);
  if (!std::isfinite(value) || value <= 0) {
    fail("{}: \"{}\" is {}, it should be a number above 0", where, key, json.at(key).dump());
  }
  return value;
}

bool boolean_field_or(const Json& json, const char* key, bool otherwise, const std::string& where) {
  const Json* value = present(json, key);
  if (!value) return otherwise;
  if (!value->is_boolean()) {
    fail("{}: \"{}\" should be true or false, found {}", where, key, value->dump().substr(0, 60));
  }
  return value->get<bool>();
}

void check_architecture(const Json& json, const std::string& where) {
  std::string name = "null";
  if (const Json* list = present(json, "architectures")) {
    name =
        list->is_array() && list->size() == 1 ? list->front().dump() : list->dump().substr(0, 80);
  } else if (const Json* type = present(json, "model_type"); type && *type == "llama") {
    return;
  }
  if (name != "\"LlamaForCausalLM\"") {
    fail("{}: the architecture {} is not supported; supported: \"LlamaForCausalLM\"", where, name);
  }
  if (const Json* type = present(json, "model_type"); type && *type != "llama") {
    fail("{}: \"model_type\" is {}, for LlamaForCausalLM it should be \"llama\"", where,
         type->dump());
  }
}

// Fields that change what the network computes, and the one value of each that we compute.
void check_unsupported(const Json& json, const std::string& where) {
  static const std::array<std::pair<const char*, Json>, 8> kOnly = {{
      {"hidden_act", "silu"},
      {"attention_bias", false},
      {"mlp_bias", false},
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

// `rope_scaling` of older transformers and `rope_parameters` of transformers 5: both only without
// scaling.
void check_rope(const Json& rope, const char* key, const std::string& where) {
  if (!rope.is_object())
    fail("{}: \"{}\" should be an object or null, found {}", where, key, rope.type_name());
  for (const auto& [name, value] : rope.items()) {
    if (name == "rope_theta") continue;
    if ((name == "rope_type" || name == "type") && value == "default") continue;
    if (name == "partial_rotary_factor" && value == 1.0) continue;
    fail(
        "{}: \"{}\" holds \"{}\": {}; only unscaled rotary embeddings (rope_type \"default\") are "
        "supported",
        where, key, name, value.dump().substr(0, 80));
  }
}

double rope_theta(const Json& json, const std::string& where) {
  double theta = positive_field_or(json, "rope_theta", 10000.0, where);
  for (const char* key : {"rope_scaling", "rope_parameters"}) {
    const Json* rope = present(json, key);
    if (!rope) continue;
    check_rope(*rope, key, where);
    const double inner = positive_field_or(*rope, "rope_theta", theta, where + ": " + key);
    if (present(json, "rope_theta") && inner != theta) {
      fail("{}: \"rope_theta\" is {} but \"{}\" says {}; keep one", where, theta, key, inner);
    }
    theta = inner;
  }
  return theta;
}

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
  if (config.hidden_size % config.num_heads != 0) {
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
  const int64_t layer = attention + 3 * hidden_size * intermediate_size + 2 * hidden_size;
  const int64_t tables = (tie_word_embeddings ? 1 : 2) * vocab_size * hidden_size;
  return tables + num_layers * layer + hidden_size;
}

ModelConfig model_config_from_json(const Json& json, const std::string& where) {
  if (!json.is_object()) fail("{}: expected a JSON object, found {}", where, json.type_name());
  check_architecture(json, where);
  check_unsupported(json, where);
  ModelConfig config;
  config.raw = json;
  config.vocab_size = size_field(json, "vocab_size", kMaxVocab, where);
  config.hidden_size = size_field(json, "hidden_size", kMaxWidth, where);
  config.intermediate_size = size_field(json, "intermediate_size", kMaxWidth, where);
  config.num_layers = size_field(json, "num_hidden_layers", kMaxLayers, where);
  config.num_heads = size_field(json, "num_attention_heads", kMaxHeads, where);
  config.num_kv_heads =
      size_field_or(json, "num_key_value_heads", config.num_heads, kMaxHeads, where);
  config.head_dim =
      size_field_or(json, "head_dim", config.hidden_size / config.num_heads, kMaxHeadDim, where);
  config.max_position_embeddings =
      size_field_or(json, "max_position_embeddings", 2048, kMaxPositions, where);
  check_heads(config, where);
  config.rms_norm_eps = positive_field_or(json, "rms_norm_eps", 1e-6, where);
  config.rope_theta = rope_theta(json, where);
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
  json["model_type"] = "llama";
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
  // Both spellings: transformers 5 reads the first, everything older the second.
  json["rope_parameters"] = {{"rope_theta", config.rope_theta}, {"rope_type", "default"}};
  json["rope_theta"] = config.rope_theta;
  json.erase("rope_scaling");
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
