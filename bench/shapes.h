// The sizes of model that the benchmarks know, as in bench/peer.py.
#pragma once

#include <string>

#include "base/error.h"
#include "model/config.h"

namespace tripost {

inline ModelConfig bench_shape(const std::string& name) {
  ModelConfig config;
  config.max_position_embeddings = 2048;
  const auto size = [&](int64_t width, int64_t inner, int64_t layers, int64_t heads,
                        int64_t kv_heads, int64_t vocabulary) {
    config.hidden_size = width;
    config.intermediate_size = inner;
    config.num_layers = layers;
    config.num_heads = heads;
    config.num_kv_heads = kv_heads;
    config.head_dim = width / heads;
    config.vocab_size = vocabulary;
    return config;
  };
  if (name == "0.9M") return size(128, 344, 4, 4, 2, 1536);
  if (name == "3.3M") return size(256, 688, 4, 8, 4, 1536);
  if (name == "135M") return size(576, 1536, 30, 9, 3, 49152);  // SmolLM2-135M
  fail_usage("--model {}: known are 0.9M, 3.3M and 135M", name);
}

}  // namespace tripost
