// Reading the JSON files of a tokenizer, with errors that name file, component and field.
//
// It does not use base's Json: its ordered objects search linearly, so a vocabulary of 150,000
// entries would take time quadratic in its size.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "text/tokenizer.h"

namespace tripost {

using TokenizerJson = nlohmann::json;

// Nesting is bounded and a key that stands twice in one object is an Error, as in base/json.h.
TokenizerJson parse_tokenizer_json(std::string_view text, const std::string& where);

// Fields of a component ("where" is "…/tokenizer.json: pre_tokenizer"). A field that is missing or
// null gives `fallback`.
bool flag_of(const TokenizerJson& component, const char* key, bool fallback,
             const std::string& where);
std::string text_of(const TokenizerJson& component, const char* key, const std::string& fallback,
                    const std::string& where);
// An array that must be there.
const TokenizerJson& list_of(const TokenizerJson& component, const char* key,
                             const std::string& where);
// The "type" of a component that is an object.
std::string type_of(const TokenizerJson& component, const std::string& where);
// A token id: a whole number from 0 to 2^31 - 2.
TokenId id_of(const TokenizerJson& value, const std::string& what, const std::string& where);

[[noreturn]] void fail_unsupported(const std::string& where, const std::string& found,
                                   const char* supported);

// What tokenizer_config.json and config.json in the folder say of one special token ("bos" or
// "eos").
struct NamedToken {
  std::optional<std::string> content;
  std::optional<TokenId> id;
};
// What a tokenizer_config.json alone says; nothing where it lacks the key.
std::optional<NamedToken> named_token_in(const TokenizerJson& tokenizer_config,
                                         const std::string& name, const std::string& where);
// tokenizer_config.json decides where it has the key, even when it says null; else config.json's id
// (the first of a list).
NamedToken read_named_token(const std::filesystem::path& folder, const std::string& name);

}  // namespace tripost
