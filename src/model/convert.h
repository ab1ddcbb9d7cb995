// A model from one file format to another: Hugging Face folder and GGUF file, each to each, and a
// LoRA adapter merged with its base to either.
#pragma once

#include <filesystem>
#include <string>

namespace tripost {

// `number_type`: "float32", "float16", "bfloat16", "q8_0" (GGUF targets only), or "" for one that
// loses nothing: that of the source's tensors when all have the same, else float32. An adapter
// (model/adapter_file.h) is merged in float32; "" is then the type of the base. The tokenizer
// goes along. Returns the type written. A target that is there already is replaced when it is a
// model.
std::string convert_model(const std::filesystem::path& source, const std::filesystem::path& target,
                          const std::string& number_type);

}  // namespace tripost
