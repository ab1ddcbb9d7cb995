// The chat template that came with a model.
#pragma once

#include <filesystem>
#include <string>

namespace tripost {

// The Jinja text in a Hugging Face folder (chat_template.jinja or tokenizer_config.json) or in a
// .gguf file; that of its base for an adapter. Empty when there is none.
std::string chat_template_of(const std::filesystem::path& model);

}  // namespace tripost
