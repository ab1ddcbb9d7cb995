// JSON values that keep the order of their keys, and reading them with errors that name the place.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace tripost {

using Json = nlohmann::ordered_json;

// Parses one JSON value. `where` ("train.jsonl:12") opens the error message. Nesting is bounded, so
// that a hostile file cannot exhaust the stack; duplicate keys are an error. Takes time in
// proportion to the text, however many keys it has.
Json parse_json(std::string_view text, const std::string& where);

// The member `key` of `object`; an Error naming `where`, the key and what was found when it is
// missing or of another type.
std::string string_field(const Json& object, const std::string& key, const std::string& where);
double number_field(const Json& object, const std::string& key, const std::string& where);
int64_t integer_field(const Json& object, const std::string& key, const std::string& where);

// One line of JSONL without the newline. Bytes that are not UTF-8 become U+FFFD: model text may
// hold anything.
std::string to_line(const Json& value);

// A JSONL file of records that have a to_json of their own.
template <class Records>
std::string to_lines(const Records& records) {
  std::string lines;
  for (const auto& record : records) lines += to_line(to_json(record)) + "\n";
  return lines;
}

}  // namespace tripost
