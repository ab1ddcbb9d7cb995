// Tokens that stand outside the vocabulary's merges: recognised as they are inside any text.
//
// Same choices as Hugging Face: tokens with normalized=false are looked for in the text as given,
// then the others in the normalised rest; the leftmost match counts, of several the longest.
// Thread-safe after construction.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/normalizer.h"
#include "text/regex.h"
#include "text/tokenizer_file.h"

namespace tripost {

struct AddedToken {
  TokenId id = 0;
  std::string content;
  bool special = false;      // left out by decode
  bool single_word = false;  // not inside a word
  bool takes_left = false;   // swallows white space before it ("lstrip")
  bool takes_right = false;  // and after it ("rstrip")
  bool normalized = false;   // looked for after normalisation
};

// The list "added_tokens" of tokenizer.json; null gives none. Contents and ids must not repeat.
std::vector<AddedToken> read_added_tokens(const TokenizerJson& list, const std::string& where);

// Finds a set of tokens in text.
class AddedTokenFinder {
 public:
  // A token's key is what to look for: its content, normalised when the text is.
  void add(const AddedToken& token, std::string key);
  bool empty() const { return tokens_.empty(); }

  // Called for every part of the text in order: `token` is null for text between tokens.
  using Sink = std::function<void(std::string_view part, const AddedToken* token)>;
  void split(std::string_view text, const Sink& sink) const;

 private:
  // The longest token at `position`; its length in `length`.
  const AddedToken* longest_at(std::string_view text, std::size_t position,
                               std::size_t& length) const;

  std::unordered_map<std::string, AddedToken> tokens_;
  std::array<std::vector<std::size_t>, 256> lengths_by_first_byte_;  // longest first
};

}  // namespace tripost
