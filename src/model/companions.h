// What goes with a model's weights and is not theirs: tokenizer files, chat template, licence.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace tripost {

// Names of files in a Hugging Face folder, and what they hold.
using Companions = std::map<std::string, std::string>;

bool is_companion(const std::string& name);

// Those beside the weights in a Hugging Face folder, byte for byte, or what a GGUF file says in
// their place. An empty path has none.
Companions companions_of(const std::filesystem::path& model);

}  // namespace tripost
