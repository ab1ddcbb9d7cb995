// The files that a model of our own is read from, for those who must know whether it is still the
// same one.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace tripost {

// An Error unless a folder or a .gguf file is there; `model` is without an adapter.
void check_model_exists(const std::filesystem::path& model);

// By their names for people, "--model config.json" where "--model" is the option that named them:
// config, weights and tokenizer of a Hugging Face folder, the .gguf file itself, and config and
// weights of an adapter beside those of its base (LocalModel::load says what `name` may be). An
// Error when there is no such model.
std::map<std::string, std::filesystem::path> files_of_model(const std::filesystem::path& name,
                                                            const std::string& option);

}  // namespace tripost
