// A SentencePiece tokenizer inside a GGUF file (tokenizer.ggml.model "llama"): scored pieces.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "model/gguf.h"

namespace tripost {

// The file's pieces as a tokenizer.json. What llama.cpp would do otherwise is an Error.
nlohmann::json tokenizer_of_gguf_pieces(const GgufFile& file);

// The metadata of such a tokenizer.json: model, pieces, scores, types. An Error when pieces with
// scores cannot say what it does.
std::vector<std::pair<std::string, GgufValue>> gguf_pieces_of(const nlohmann::json& tokenizer,
                                                              int64_t vocab_size,
                                                              const std::string& where);

}  // namespace tripost
