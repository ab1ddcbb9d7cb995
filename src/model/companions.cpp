#include "model/companions.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/file.h"
#include "model/gguf_tokenizer.h"

namespace tripost {
namespace {

constexpr std::array<std::string_view, 11> kNames = {"tokenizer.json",
                                                     "tokenizer_config.json",
                                                     "special_tokens_map.json",
                                                     "added_tokens.json",
                                                     "vocab.json",
                                                     "merges.txt",
                                                     "tokenizer.model",
                                                     "chat_template.jinja",
                                                     "chat_template.json",
                                                     "generation_config.json",
                                                     "LICENSE"};

}  // namespace

bool is_companion(const std::string& name) {
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

Companions companions_of(const std::filesystem::path& model) {
  if (is_gguf(model)) return tokenizer_from_gguf(GgufFile(model));
  Companions companions;
  for (const std::string_view name : kNames) {
    if (model.empty() || !fs::exists(model / name)) continue;
    companions.emplace(name, read_file(model / name));
  }
  return companions;
}

}  // namespace tripost
