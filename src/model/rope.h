// Rotary position embedding (Su et al. 2021): its scaling as config.json tells it, and its tables.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <utility>

#include "base/json.h"

namespace tripost {

// How a model stretches its positions beyond those it was first trained on.
struct RopeScaling {
  enum class Kind { kNone, kLinear, kLlama3 };
  Kind kind = Kind::kNone;
  double factor = 1.0;
  // Llama 3 only: waves longer than original_positions / low are divided by the factor, those
  // shorter than original_positions / high are left as they are, between them it goes over
  // smoothly.
  double low_frequency_factor = 1.0;
  double high_frequency_factor = 4.0;
  int64_t original_positions = 0;

  bool operator==(const RopeScaling&) const = default;
};

// What "rope_theta", "rope_scaling" (older transformers) and "rope_parameters" (transformers 5)
// say; where several are there they must agree. `positions` is max_position_embeddings.
struct Rope {
  double theta = 10000.0;
  RopeScaling scaling;
};
Rope rope_from_json(const Json& json, int64_t positions, const std::string& where);
// Writes all spellings into `json`.
void write_rope(const Rope& rope, Json& json);

// cos and sin, float32 [positions, head_dim / 2] each, in float32 step by step as transformers
// computes them: trained weights expect that rounding.
std::pair<at::Tensor, at::Tensor> rope_tables(const Rope& rope, int64_t head_dim,
                                              int64_t positions);

}  // namespace tripost
