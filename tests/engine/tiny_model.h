// A small float32 model with random weights, and what its full forward pass says.
#pragma once

#include <ATen/TensorOperators.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/matmul.h>
#include <c10/core/GradMode.h>

#include <numeric>

#include "base/random.h"
#include "engine/engine.h"
#include "model/transformer.h"

namespace tripost::testing {

inline ModelConfig tiny_config() {
  ModelConfig config;
  config.vocab_size = 131;  // neither a multiple of 16 nor of 64
  config.hidden_size = 48;
  config.intermediate_size = 80;
  config.num_layers = 3;
  config.num_heads = 6;
  config.num_kv_heads = 2;
  config.head_dim = 8;
  config.max_position_embeddings = 300;
  config.initializer_range = 0.3;  // distributions with a clear shape
  return config;
}

inline std::unique_ptr<Transformer> tiny_model(const ModelConfig& config = tiny_config(),
                                               at::ScalarType dtype = at::kFloat) {
  auto model = std::make_unique<Transformer>(config, at::kCPU, dtype);
  model->initialize(5);
  return model;
}

// Logits [n, V] of every next token, by the training path.
inline at::Tensor full_forward_logits(Transformer& model, const std::vector<int32_t>& ids) {
  const c10::NoGradGuard no_grad;
  const auto n = static_cast<int64_t>(ids.size());
  std::vector<int64_t> wide(ids.begin(), ids.end()), positions(ids.size());
  std::iota(positions.begin(), positions.end(), 0);
  std::vector<int32_t> starts{0, static_cast<int32_t>(n)};
  const PackedTokens tokens{at::from_blob(wide.data(), {n}, at::kLong).clone(),
                            at::from_blob(positions.data(), {n}, at::kLong).clone(),
                            at::from_blob(starts.data(), {2}, at::kInt).clone()};
  return at::matmul(model.hidden(tokens), model.head().value.t()).to(at::kFloat);
}

// Log-probabilities of the same.
inline at::Tensor full_forward(Transformer& model, const std::vector<int32_t>& ids) {
  return at::log_softmax(full_forward_logits(model, ids), -1);
}

inline const Sampling kGreedy{.max_new_tokens = 30};
inline const Sampling kSampled{
    .temperature = 0.9, .top_k = 40, .top_p = 0.95, .max_new_tokens = 30};

inline std::vector<std::vector<int32_t>> ids_of(const std::vector<TokenCompletion>& completions) {
  std::vector<std::vector<int32_t>> ids;
  for (const TokenCompletion& completion : completions) ids.push_back(completion.ids);
  return ids;
}

inline TokenRequest request_of(uint64_t identity, int length, const Sampling& sampling) {
  Random random(identity);
  TokenRequest request;
  for (int i = 0; i < length; ++i)
    request.prompt.push_back(static_cast<int32_t>(random.below(131)));
  request.sampling = sampling;
  request.seed = identity;
  return request;
}

// Prompts of 3 to 102 tokens.
inline std::vector<TokenRequest> mixed_requests(int count, const Sampling& sampling) {
  std::vector<TokenRequest> requests;
  for (int i = 0; i < count; ++i) requests.push_back(request_of(i + 1, 3 + i * 37 % 100, sampling));
  return requests;
}

}  // namespace tripost::testing
