// SentencePiece's tokenizer.model, and the pieces inside a GGUF file, as a tokenizer.json.
//
// BPE models only, without normalisation rules: what Llama 1 and 2 and Mistral use. What the file
// leaves to the program is decided as Hugging Face's LlamaTokenizer does: control pieces are
// special tokens wherever they stand in a text, <s> opens it. Every other model, option or piece
// that changes ids is an Error that names it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/tokenizer_file.h"

namespace tripost {

struct SentencePiece {
  // SentencePiece's numbers, which GGUF took over.
  enum Type { kNormal = 1, kUnknown = 2, kControl = 3, kUserDefined = 4, kUnused = 5, kByte = 6 };

  std::string text;
  float score = 0;  // of two merges the one with the higher score comes first
  int type = kNormal;
};

struct SentencePieces {
  std::vector<SentencePiece> pieces;  // by id
  bool adds_blank = true;             // before every text
  // Only the first part of a text gets the blank, not those behind special tokens ("legacy": false
  // in tokenizer_config.json).
  bool adds_blank_once = false;
  std::vector<std::string> before, after;  // special tokens around every text
};

// The contents of a tokenizer.json.
TokenizerJson tokenizer_of_sentence_pieces(const SentencePieces& pieces, const std::string& where);

// The same from the bytes of tokenizer.model and the text of the tokenizer_config.json beside it
// ("{}" when there is none).
TokenizerJson tokenizer_of_sentence_pieces(std::string_view model,
                                           std::string_view tokenizer_config,
                                           const std::string& where);

// A tokenizer.json back to pieces, for a GGUF file; an Error when pieces cannot say what it does.
// The scores are made from the order of the merges.
SentencePieces sentence_pieces_of(const TokenizerJson& tokenizer, const std::string& where);

}  // namespace tripost
