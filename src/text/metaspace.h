// SentencePiece's way with blanks, as tokenizer.json's Metaspace: each becomes a mark (U+2581), and
// a mark may be put before the text.
//
// Another mark than U+2581 is an Error. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "text/byte_pair.h"
#include "text/text_place.h"
#include "text/tokenizer_file.h"

namespace tripost {

class Metaspace {
 public:
  // The pre-tokenizer or the decoder of that name.
  Metaspace(const TokenizerJson& config, const std::string& where);

  std::string apply(std::string_view text, TextPlace place) const;

  bool prepends() const { return scheme_ != Scheme::kNever; }
  bool splits() const { return splits_; }  // before every mark

 private:
  enum class Scheme { kAlways, kFirst, kNever };

  Scheme scheme_ = Scheme::kAlways;
  bool splits_ = true;
};

}  // namespace tripost
