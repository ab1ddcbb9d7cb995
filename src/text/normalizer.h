// What tokenizer.json's normalizer does to text before it is cut: Unicode normal form C, a text put
// before it (Prepend), one text in place of another (Replace), and a Sequence of them.
//
// Linear time up to the sorting of combining marks (n log n). An unsupported normaliser is an Error
// that names it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/text_place.h"
#include "text/tokenizer_file.h"

namespace tripost {

class Normalizer {
 public:
  Normalizer(const TokenizerJson& config, const std::string& where);

  // True when text may change; apply() may be skipped when false.
  bool changes_text() const { return !steps_.empty(); }
  // True when apply() reads characters, so that its text must be valid UTF-8.
  bool reads_characters() const;
  // Prepend acts on every text but one that goes on from another.
  std::string apply(std::string_view text, TextPlace place = TextPlace::kOpens) const;

 private:
  enum class Kind { kCompose, kPrepend, kReplace };
  struct Step {
    Kind kind;
    std::string pattern;  // what is replaced
    std::string content;  // what is put there
  };

  void add(const TokenizerJson& config, const std::string& where);

  std::vector<Step> steps_;
};

// The pattern of a component that replaces or splits; only {"String": "..."} is supported.
std::string string_pattern_of(const TokenizerJson& component, const std::string& where);

// A text that a component puts into others: up to 8 bytes, so that a file cannot make a text grow
// much.
std::string short_text_of(const TokenizerJson& component, const char* key,
                          const std::string& where);

// `text` with every `pattern` replaced; `pattern` is not empty.
std::string with_replaced(std::string_view text, std::string_view pattern,
                          std::string_view content);

}  // namespace tripost
