// The shape of a transformer, from a Hugging Face config.json.
//
// Differences between architectures are data here, not a class per model. A field that changes
// numbers and is not supported is an Error naming it; nothing of that kind is ignored. Every size
// is bounded here, so that products of sizes fit in 64 bits and a hostile config.json cannot make
// us allocate by its numbers. Fields that are absent mean what they mean to transformers'
// LlamaConfig.
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
// Reads `folder`/config.json. End-of-sequence tokens come from generation_config.json where that
// names any, as they do in transformers' generate().
ModelConfig load_model_config(const std::filesystem::path& folder);
// A config.json that transformers opens.
Json to_json(const ModelConfig& config);

}  // namespace tripost
