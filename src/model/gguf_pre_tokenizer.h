// The pre-tokenizers that llama.cpp knows by name, in the words of tokenizer.json.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>

namespace tripost {

struct GgufPreTokenizer {
  const char* name;     // tokenizer.ggml.pre
  const char* json;     // "pre_tokenizer"
  bool composes;        // normaliser NFC
  bool ignores_merges;  // a word that is a token stays whole
  bool adds_bos;        // where tokenizer.ggml.add_bos_token does not say
};

std::span<const GgufPreTokenizer> gguf_pre_tokenizers();
// "smollm, qwen2, ..."
std::string gguf_pre_tokenizer_names();
// The one that splits as this tokenizer.json does; nullptr when there is none.
const GgufPreTokenizer* find_gguf_pre_tokenizer(const nlohmann::json& tokenizer);

}  // namespace tripost
