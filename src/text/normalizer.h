// What tokenizer.json's normalizer does to text before it is cut: nothing, or Unicode normal form
// C.
//
// Linear time up to the sorting of combining marks (n log n). An unsupported normaliser is an Error
// that names it.
#pragma once

#include <string>
#include <string_view>

#include "text/tokenizer_file.h"

namespace tripost {

class Normalizer {
 public:
  Normalizer(const TokenizerJson& config, const std::string& where);

  // True when text may change; apply() may be skipped when false.
  bool changes_text() const { return composes_; }
  // `text` is valid UTF-8.
  std::string apply(std::string_view text) const;

 private:
  void add(const TokenizerJson& config, const std::string& where);

  bool composes_ = false;
};

}  // namespace tripost
