// What a token stands for in text, as tokenizer.json's decoder says.
//
// Supported: null and ByteLevel, for vocabularies of bytes; Replace, ByteFallback, Fuse, Strip of
// leading blanks, Metaspace, and a Sequence of them, for vocabularies of characters.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "text/tokenizer_file.h"

namespace tripost {

class Decoder {
 public:
  // `byte_level`: the vocabulary is one of bytes.
  Decoder(const TokenizerJson& config, bool byte_level, const std::string& where);

  // The bytes of a token, wherever it stands.
  std::string bytes_of(const std::string& token) const;
  // How many blanks at the beginning of a whole text are not part of it.
  int leading_blanks() const { return leading_blanks_; }

 private:
  void add(const TokenizerJson& config, const std::string& where);
  void add_strip(const TokenizerJson& config, const std::string& where);
  void add_metaspace(const TokenizerJson& config, const std::string& where);

  bool byte_level_;
  bool has_byte_tokens_ = false;
  std::vector<std::pair<std::string, std::string>> replacements_;
  int leading_blanks_ = 0;
};

}  // namespace tripost
