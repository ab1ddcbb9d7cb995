// Numbers and flags of a config.json: absent or null means the default, as Hugging Face writes it.
#pragma once

#include <cstdint>
#include <string>

#include "base/json.h"

namespace tripost {

// The member, or nullptr when absent or null.
const Json* present(const Json& json, const char* key);
// A whole number from 1 to `largest`.
int64_t size_field(const Json& json, const char* key, int64_t largest, const std::string& where);
int64_t size_field_or(const Json& json, const char* key, int64_t otherwise, int64_t largest,
                      const std::string& where);
// A finite number above 0.
double positive_field(const Json& json, const char* key, const std::string& where);
double positive_field_or(const Json& json, const char* key, double otherwise,
                         const std::string& where);
bool boolean_field_or(const Json& json, const char* key, bool otherwise, const std::string& where);

}  // namespace tripost
