// The tokenizer inside a GGUF file, as the files of a Hugging Face folder and back.
//
// Byte-level BPE (tokenizer.ggml.model "gpt2") and SentencePiece's BPE ("llama"). For the former
// GGUF names the pre-tokenizer instead of describing it; the names that llama.cpp and we both know
// are a table in model/gguf_pre_tokenizer.cpp. Another one is an Error that lists them, because
// tokens would come out wrong.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "model/companions.h"
#include "model/gguf.h"

namespace tripost {

// tokenizer.json, tokenizer_config.json (with the chat template) and generation_config.json.
Companions tokenizer_from_gguf(const GgufFile& file);

// The tokenizer.* metadata of a model with `vocab_size` rows in its embedding that ends texts with
// `eos_ids`. `where` names the model in errors.
std::vector<std::pair<std::string, GgufValue>> tokenizer_to_gguf(
    const Companions& companions, int64_t vocab_size, const std::vector<int64_t>& eos_ids,
    const std::string& where);

}  // namespace tripost
