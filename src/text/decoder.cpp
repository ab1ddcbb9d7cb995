#include "text/decoder.h"

#include "base/error.h"
#include "text/byte_level.h"
#include "text/metaspace.h"
#include "text/normalizer.h"

namespace tripost {
namespace {

constexpr const char* kSupported =
    "Replace, ByteFallback, Fuse, Strip, Metaspace and a Sequence of them";

}  // namespace

Decoder::Decoder(const TokenizerJson& config, bool byte_level, const std::string& where)
    : byte_level_(byte_level) {
  if (byte_level) {
    if (config.is_null()) return;
    const std::string type = type_of(config, where);
    if (type != "ByteLevel") fail_unsupported(where, type, "null and ByteLevel");
  } else {
    if (config.is_null()) fail_unsupported(where, "null", kSupported);
    add(config, where);
  }
}

void Decoder::add(const TokenizerJson& config, const std::string& where) {
  const std::string type = type_of(config, where);
  if (type == "Sequence") {
    for (const TokenizerJson& part : list_of(config, "decoders", where)) add(part, where);
  } else if (type == "Replace") {
    replacements_.emplace_back(string_pattern_of(config, where),
                               short_text_of(config, "content", where));
  } else if (type == "ByteFallback") {
    has_byte_tokens_ = true;
  } else if (type == "Strip") {
    add_strip(config, where);
  } else if (type == "Metaspace") {
    add_metaspace(config, where);
  } else if (type != "Fuse") {
    fail_unsupported(where, type, kSupported);
  }
  constexpr std::size_t kMaxReplacements = 4;
  if (replacements_.size() > kMaxReplacements)
    fail("{}: more than {} replacements", where, kMaxReplacements);
}

void Decoder::add_strip(const TokenizerJson& config, const std::string& where) {
  const auto count = [&](const char* key) { return config.value(key, TokenizerJson()); };
  if (config.value("content", "") != " " || count("start") != 1 || count("stop") != 0)
    fail("{}: only a Strip of one leading blank is supported", where);
  leading_blanks_ = 1;
}

void Decoder::add_metaspace(const TokenizerJson& config, const std::string& where) {
  const Metaspace metaspace(config, where);
  replacements_.emplace_back(kBlankMark, " ");
  if (metaspace.prepends()) leading_blanks_ = 1;
}

std::string Decoder::bytes_of(const std::string& token) const {
  if (byte_level_) return from_byte_level(token).value_or(token);
  if (has_byte_tokens_) {
    if (const auto byte = from_byte_token(token)) return std::string(1, static_cast<char>(*byte));
  }
  std::string bytes = token;
  for (const auto& [pattern, content] : replacements_)
    bytes = with_replaced(bytes, pattern, content);
  return bytes;
}

}  // namespace tripost
