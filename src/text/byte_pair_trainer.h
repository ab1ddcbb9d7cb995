// Makes a byte-level BPE tokenizer from texts, as a tokenizer.json that Hugging Face opens with
// equal ids.
//
// The result depends on the texts alone, never on threads or hash order. Merges are those of
// Hugging Face's BpeTrainer on the same pieces: the most frequent pair first, of equals the one
// with the lowest ids. The time is about linear in the text.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"

namespace tripost {

// Pieces for a model that calculates in text (the bundled base). What carries meaning by its place
// is alone: every digit, bracket, quote, newline and operator, so that numbers are read digit by
// digit and brackets can be counted. An operator between blanks takes both (" - ", " = "), and is
// thereby another token than the minus of "-7". A capital that stands alone names a result and is
// one token wherever it stands. A mark takes the blank behind it. All else runs on across blanks,
// so that a phrase (" This equation can be written as ") may become one token. Chosen by
// experiment: 330 tokens for a reference record of 896 characters, 448 without operators between
// blanks and lone capitals.
inline constexpr const char* kArithmeticPattern =
    R"re( [-+*/=<>?] |\d|[.,:;] ?|[()\[\]{}"<>?=*+\-/\n]|[A-Z](?![^ \d\n()\[\]{}"<>?.,:;=*+\-/]))re"
    R"re(|(?:(?![A-Z](?![^ \d\n()\[\]{}"<>?.,:;=*+\-/]))[^ \d\n()\[\]{}"<>?.,:;=*+\-/]++| (?![-+*/=<>?] ))++)re";

struct BytePairTraining {
  int vocab_size = 1024;                     // special tokens and the 256 bytes included
  std::vector<std::string> special_tokens;   // the lowest ids, in this order
  std::string pattern = kArithmeticPattern;  // isolates the pieces that merges never cross
  int max_token_length = 96;                 // bytes; a learnt token is never longer
};

// tokenizer.json. Has fewer tokens than asked when no pair is left to merge.
Json train_byte_pair(const std::vector<std::string>& texts, const BytePairTraining& options);

// Writes tokenizer.json, tokenizer_config.json and special_tokens_map.json to `folder`, as
// transformers.AutoTokenizer reads them. `eos_token` must be one of the special tokens.
void write_tokenizer(const std::filesystem::path& folder, const Json& tokenizer,
                     const std::string& eos_token);

}  // namespace tripost
