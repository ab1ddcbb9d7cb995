#include "model/json_fields.h"

#include <cmath>

#include "base/error.h"

namespace tripost {

const Json* present(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found == json.end() || found->is_null() ? nullptr : &*found;
}

int64_t size_field(const Json& json, const char* key, int64_t largest, const std::string& where) {
  const int64_t value = integer_field(json, key, where);
  if (value < 1 || value > largest) {
    fail("{}: \"{}\" is {}, it should lie between 1 and {}", where, key, json.at(key).dump(),
         largest);
  }
  return value;
}

int64_t size_field_or(const Json& json, const char* key, int64_t otherwise, int64_t largest,
                      const std::string& where) {
  return present(json, key) ? size_field(json, key, largest, where) : otherwise;
}

double positive_field(const Json& json, const char* key, const std::string& where) {
  const double value = number_field(json, key, where);
  if (!std::isfinite(value) || value <= 0) {
    fail("{}: \"{}\" is {}, it should be a number above 0", where, key, json.at(key).dump());
  }
  return value;
}

double positive_field_or(const Json& json, const char* key, double otherwise,
                         const std::string& where) {
  return present(json, key) ? positive_field(json, key, where) : otherwise;
}

bool boolean_field_or(const Json& json, const char* key, bool otherwise, const std::string& where) {
  const Json* value = present(json, key);
  if (!value) return otherwise;
  if (!value->is_boolean()) {
    fail("{}: \"{}\" should be true or false, found {}", where, key, value->dump().substr(0, 60));
  }
  return value->get<bool>();
}

}  // namespace tripost
