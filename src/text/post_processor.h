// The special tokens that tokenizer.json puts around every text: null, ByteLevel (none),
// TemplateProcessing, and a Sequence of them.
#pragma once

#include <string>
#include <vector>

#include "text/tokenizer_file.h"

namespace tripost {

struct PostProcessor {
  std::vector<TokenId> before;
  std::vector<TokenId> after;
};

PostProcessor read_post_processor(const TokenizerJson& config, const std::string& where);

}  // namespace tripost
