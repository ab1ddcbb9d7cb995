// The shape of a transformer, from a Hugging Face config.json.
//
// Differences between architectures are data here, not a class per model; model/architecture.h
// lists those we know. A field that changes numbers and is not supported is an Error naming it;
// nothing of that kind is ignored. Every size is bounded here, so that products of sizes fit in 64
// bits and a hostile config.json cannot make us allocate by its numbers. Fields that are absent
// mean what they mean to transformers' configuration class of that architecture.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"
#include "model/rope.h"

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
  Rope rope;
  bool qkv_bias = false;        // of the query, key and value projections
  bool output_bias = false;     // of the projection out of attention
  bool mlp_bias = false;        // of gate, up and down
  bool query_key_norm = false;  // RMS norm of each head's query and key, before the rotation
  // Of each layer: tokens that a token sees, itself included; 0: all before it. Empty: 0 for all.
  std::vector<int64_t> windows;
  bool tie_word_embeddings = true;
  double initializer_range = 0.02;
  std::vector<int64_t> eos_token_ids;
  Json raw;  // the file as read, so that saving keeps what we do not use

  int64_t num_parameters() const;
  int64_t window(int64_t layer) const { return windows.empty() ? 0 : windows[layer]; }
};

// `where` names the file in errors.
ModelConfig model_config_from_json(const Json& json, const std::string& where);
// Reads `folder`/config.json. End-of-sequence tokens come from generation_config.json where that
// names any, as they do in transformers' generate().
ModelConfig load_model_config(const std::filesystem::path& folder);
// A config.json that transformers opens.
Json to_json(const ModelConfig& config);

}  // namespace tripost
