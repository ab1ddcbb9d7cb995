// A model of a few thousand weights and examples for it, the same on every machine.
#pragma once

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "model/transformer.h"
#include "support/threads.h"
#include "train/batch.h"
#include "train/config.h"
#include "train/example.h"

namespace tripost {

inline constexpr int64_t kTinyVocab = 11;

inline std::unique_ptr<Transformer> tiny_base(at::ScalarType dtype = at::kFloat,
                                              uint64_t seed = 1) {
  ModelConfig config;
  config.vocab_size = kTinyVocab;
  config.hidden_size = 16;
  config.intermediate_size = 24;
  config.num_layers = 2;
  config.num_heads = 2;
  config.num_kv_heads = 1;
  config.head_dim = 8;
  config.max_position_embeddings = 64;
  config.initializer_range = 0.3;  // large enough that losses differ from log(vocabulary)
  auto model = std::make_unique<Transformer>(config, at::Device(at::kCPU), dtype);
  model->initialize(seed);
  return model;
}

inline std::unique_ptr<Transformer> tiny_model(at::ScalarType dtype = at::kFloat,
                                               uint64_t seed = 1) {
  auto model = tiny_base(dtype, seed);
  model->enable_training();
  return model;
}

// `count` examples of `shortest` to `longest` tokens; weights are 0, 0.5, 1 or 1.5.
inline std::vector<Example> random_examples(int64_t count, int64_t shortest, int64_t longest,
                                            uint64_t seed = 3) {
  Random random(seed);
  std::vector<Example> examples;
  for (int64_t i = 0; i < count; ++i) {
    Example example;
    for (int64_t left = random.between(shortest, longest); left > 0; --left) {
      example.ids.push_back(static_cast<int32_t>(random.below(kTinyVocab)));
      example.weights.push_back(0.5f * static_cast<float>(random.below(4)));
    }
    examples.push_back(example);
  }
  return examples;
}

inline std::vector<const Example*> pointers(const std::vector<Example>& examples) {
  std::vector<const Example*> result;
  for (const Example& example : examples) result.push_back(&example);
  return result;
}

// A few steps of several micro-batches, with checkpoints on the way.
inline TrainConfig small_config() {
  TrainConfig config;
  config.learning_rate = 1e-2;
  config.max_steps = 12;
  config.batch_tokens = 60;
  config.micro_batch_tokens = 40;
  config.max_length = 64;
  config.checkpoint_every = 4;
  return config;
}

// Compared by ==, not EXPECT_EQ, which would print them.
inline std::string bytes_of(const at::Tensor& tensor) {
  return {static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes()};
}

inline double largest_difference(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

}  // namespace tripost
