// A Hugging Face folder or a GGUF file to a Transformer, and a Transformer to a folder.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <memory>

#include "model/transformer.h"

namespace tripost {

// Reads a .gguf file, or a folder: config.json and the safetensors beside it (model.safetensors, or
// the shards that model.safetensors.index.json names). Every tensor must be there with the right
// shape, and nothing else; an Error names the first that is not. With `training` the model is
// enabled for it, and its master weights are the stored ones, not rounded to `dtype` first.
std::unique_ptr<Transformer> load_model(const std::filesystem::path& folder, at::Device device,
                                        at::ScalarType dtype, bool training = false);

// The dtype in which a model's weights lose nothing: that of its tensors when all have the same,
// else float32.
at::ScalarType stored_dtype(const std::filesystem::path& model);

// Writes config.json and model.safetensors (bfloat16 unless `dtype` says float32 or float16, from
// master weights when training) that transformers opens, and the companions (model/companions.h) of
// the model `source` when given. The folder is made beside its name and renamed,
// so it is never seen half-written.
void save_model(Transformer& model, const std::filesystem::path& folder,
                const std::filesystem::path& source = {}, at::ScalarType dtype = at::kBFloat16);

}  // namespace tripost
