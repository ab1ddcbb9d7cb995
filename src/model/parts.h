// The tensors of a Hugging Face checkpoint and where each lies in a Transformer's parameters.
//
// The one place that knows both layouts: loading, saving and comparing gradients go through it.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "model/transformer.h"

namespace tripost {

inline constexpr const char* kEmbeddingName = "model.embed_tokens.weight";
inline constexpr const char* kHeadName = "lm_head.weight";

struct Part {
  std::string name;
  std::vector<int64_t> shape;
  std::size_t parameter;  // in Transformer::parameters()
  int64_t first_row;
};

// Those that a model of this config has, in the order of its parameters.
std::vector<Part> checkpoint_parts(const ModelConfig& config);

// The part's rows of a flat buffer (Transformer::values, master or gradients).
at::Tensor rows_of(Transformer& model, const at::Tensor& flat, const Part& part);

// Throws Error where a stored tensor holds a NaN or infinite number: nothing computed from it would
// be a number. `where` names the tensor.
void check_finite(const at::Tensor& tensor, const std::string& where);

// Copies a stored tensor into the part's values, or master weights when training, after
// check_finite().
void set_part(Transformer& model, const Part& part, const at::Tensor& stored,
              const std::string& where);

}  // namespace tripost
