// The shape of a transformer, from a Hugging Face config.json.
//
// Differences between architectures are data here, not a class per model. A field that changes numbers and is not
// supported is an Error naming it; nothing of that kind is ignored.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"

namespace tripost {

struct ModelConfig {
  std::string architecture = "LlamaForCausalLM";
  int64_t vocab_size = 0;
  int64_t hidden_size = 0;
  int64_t intermediate_size = 0;
  int64_t num_layers = 0;
  int64_t num_heads = 0;
  int64_t num_kv_heads = 0;
  int64_t head_dim = 0;
  int64_t max_position_embeddings = 0;
  double rms_norm_eps = 1e-5;
  double rope_theta = 10000.0;
  bool tie_word_embeddings = true;
  double initializer_range = 0.02;
  std::vector<int64_t> eos_token_ids;
  Json raw;  // the file as read, so that saving keeps what we do not use

  int64_t num_parameters() const;
};

// `where` names the file in errors.
ModelConfig model_config_from_json(const Json& json, const std::string& where);
ModelConfig load_model_config(const std::filesystem::path& folder);
// A config.json that transformers opens.
Json to_json(const ModelConfig& config);

}  // namespace tripost
