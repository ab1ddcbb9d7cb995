// LoRA adapters as PEFT keeps them: a folder with adapter_config.json and
// adapter_model.safetensors.
//
// What `peft` saves is read and what is written here it opens. A field of the config that changes
// numbers and is not supported is an Error naming it; every tensor must be there with the right
// shape, and nothing else.
#pragma once

#include <filesystem>

#include "model/transformer.h"

namespace tripost {

// What a user names when he names a model.
struct ModelName {
  std::filesystem::path base;     // a Hugging Face folder or a .gguf file
  std::filesystem::path adapter;  // empty: none
};

// `name` is a base; or an adapter's folder, whose config names its base; or BASE+ADAPTER, which
// names both.
ModelName resolve_model(const std::filesystem::path& name);

// The config of the adapter in `folder`, without its weights.
LoraConfig load_adapter_config(const std::filesystem::path& folder);

// Attaches the adapter in `folder` to `model`, for training when `training`: its master weights are
// then the stored ones, not rounded to the model's dtype.
void load_adapter(Transformer& model, const std::filesystem::path& folder, bool training = false);

// Writes the adapter alone, in float32, from its master weights when training. `base` is the model
// it belongs to. The folder appears whole or not at all.
void save_adapter(Transformer& model, const std::filesystem::path& folder,
                  const std::filesystem::path& base);

}  // namespace tripost
