// Helpers of this folder for reading records: flags, numbers that may be missing from a broken
// model, named values.
#pragma once

#include <array>
#include <cassert>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/json.h"

namespace tripost::fields {

bool flag(const Json& object, const std::string& key, const std::string& where);

// A log-probability: null stands for a value that is not finite, which JSON cannot write.
double number_or_null(const Json& object, const std::string& key, const std::string& where);

// A count: a whole number from 0 that fits an int.
int small_integer(const Json& object, const std::string& key, const std::string& where);

// The member `key`, of any type; an Error when it is missing.
const Json& member(const Json& object, const std::string& key, const std::string& where);

template <class Value, std::size_t count>
using Names = std::array<std::pair<Value, const char*>, count>;

template <class Value, std::size_t count>
const char* name_in(const Names<Value, count>& names, Value value) {
  for (const auto& [known, name] : names) {
    if (known == value) return name;
  }
  assert(false && "a value without a name");
  return "";
}

template <class Value, std::size_t count>
Value value_in(const Names<Value, count>& names, const Json& object, const std::string& key,
               const std::string& where) {
  const std::string wanted = string_field(object, key, where);
  std::string all;
  for (const auto& [value, name] : names) {
    if (wanted == name) return value;
    all += (all.empty() ? "" : ", ") + std::string(name);
  }
  fail("{}: the field \"{}\" is \"{}\"; it should be one of: {}", where, key, wanted, all);
}

}  // namespace tripost::fields
