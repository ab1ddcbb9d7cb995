#include "text/tokenizer_file.h"

#include <limits>
#include <unordered_set>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/json_error.h"
#include "text/quote.h"

namespace tripost {
namespace {

constexpr int kMaxDepth = 100;

// Looks on while nlohmann's parser builds the value.
class Guard {
 public:
  explicit Guard(const std::string& where) : where_(where) {}

  bool operator()(int depth, TokenizerJson::parse_event_t event, TokenizerJson& parsed) {
    using Event = TokenizerJson::parse_event_t;
    if (depth > kMaxDepth) fail("{}: JSON nested deeper than {} levels", where_, kMaxDepth);
    if (event == Event::object_start) keys_.emplace_back();
    if (event == Event::object_end) keys_.pop_back();
    if (event == Event::key && !keys_.back().insert(parsed.get<std::string>()).second) {
      fail("{}: the key {} stands twice in one JSON object; remove one", where_,
           quote(parsed.get<std::string>()));
    }
    return true;
  }

 private:
  const std::string& where_;
  std::vector<std::unordered_set<std::string>> keys_;
};

// Null when missing.
const TokenizerJson& member(const TokenizerJson& component, const char* key,
                            const std::string& where) {
  static const TokenizerJson kNull;
  if (!component.is_object())
    fail("{}: expected a JSON object, found {}", where, component.type_name());
  const auto found = component.find(key);
  return found == component.end() ? kNull : *found;
}

[[noreturn]] void fail_type(const TokenizerJson& value, const std::string& key,
                            const std::string& where, const char* expected) {
  fail("{}: the field \"{}\" should be {}, found {}", where, key, expected,
       value.is_structured() ? value.type_name() : value.dump(-1, ' ', true).substr(0, 60));
}

std::optional<TokenizerJson> read_if_there(const fs::path& path) {
  if (!fs::exists(path)) return std::nullopt;
  TokenizerJson parsed = parse_tokenizer_json(read_file(path), path.string());
  if (!parsed.is_object())
    fail("{}: expected a JSON object, found {}", path.string(), parsed.type_name());
  return parsed;
}

}  // namespace

TokenizerJson parse_tokenizer_json(std::string_view text, const std::string& where) {
  try {
    Guard guard(where);
    return TokenizerJson::parse(
        text, [&](int depth, TokenizerJson::parse_event_t event, TokenizerJson& parsed) {
          return guard(depth, event, parsed);
        });
  } catch (const TokenizerJson::parse_error& error) {
    fail("{}: not valid JSON: {}", where, why_not_json(error));
  } catch (const TokenizerJson::out_of_range& error) {  // a number too large for a double
    fail("{}: not valid JSON: {}", where, why_not_json(error));
  }
}

bool flag_of(const TokenizerJson& component, const char* key, bool fallback,
             const std::string& where) {
  const TokenizerJson& value = member(component, key, where);
  if (value.is_null()) return fallback;
  if (!value.is_boolean()) fail_type(value, key, where, "true or false");
  return value.get<bool>();
}

std::string text_of(const TokenizerJson& component, const char* key, const std::string& fallback,
                    const std::string& where) {
  const TokenizerJson& value = member(component, key, where);
  if (value.is_null()) return fallback;
  if (!value.is_string()) fail_type(value, key, where, "a string");
  return value.get<std::string>();
}

const TokenizerJson& list_of(const TokenizerJson& component, const char* key,
                             const std::string& where) {
  const TokenizerJson& value = member(component, key, where);
  if (!value.is_array()) fail_type(value, key, where, "a list");
  return value;
}

std::string type_of(const TokenizerJson& component, const std::string& where) {
  const TokenizerJson& value = member(component, "type", where);
  if (!value.is_string()) fail_type(value, "type", where, "the name of a component");
  return value.get<std::string>();
}

TokenId id_of(const TokenizerJson& value, const std::string& what, const std::string& where) {
  constexpr uint64_t kLimit = std::numeric_limits<TokenId>::max() - 1;
  if (!value.is_number_unsigned() || value.get<uint64_t>() > kLimit) {
    fail("{}: the id of {} should be a whole number from 0 to {}, found {}", where, quote(what),
         kLimit,
         value.is_structured() ? value.type_name() : value.dump(-1, ' ', true).substr(0, 60));
  }
  return static_cast<TokenId>(value.get<uint64_t>());
}

void fail_unsupported(const std::string& where, const std::string& found, const char* supported) {
  fail("{}: {} is not supported; supported are {}", where, quote(found), supported);
}

std::optional<NamedToken> named_token_in(const TokenizerJson& tokenizer_config,
                                         const std::string& name, const std::string& where) {
  const std::string key = name + "_token";
  if (!tokenizer_config.contains(key)) return std::nullopt;
  const TokenizerJson& value = tokenizer_config.at(key);
  NamedToken named;
  if (value.is_object()) {
    named.content = text_of(value, "content", "", where + ": " + key);
  } else if (!value.is_null()) {
    named.content = text_of(tokenizer_config, key.c_str(), "", where);
  }
  return named;
}

NamedToken read_named_token(const fs::path& folder, const std::string& name) {
  NamedToken named;
  const fs::path tokenizer_path = folder / "tokenizer_config.json";
  if (const auto config = read_if_there(tokenizer_path)) {
    if (auto found = named_token_in(*config, name, tokenizer_path.string())) return *found;
  }
  const fs::path model_path = folder / "config.json";
  const std::string id_key = name + "_token_id";
  if (const auto config = read_if_there(model_path); config && config->contains(id_key)) {
    const TokenizerJson& value = config->at(id_key);
    if (value.is_null() || (value.is_array() && value.empty())) return named;
    named.id = id_of(value.is_array() ? value.front() : value, id_key, model_path.string());
  }
  return named;
}

}  // namespace tripost
