#include "trajectory/fields.h"

#include <limits>

namespace tripost::fields {

const Json& member(const Json& object, const std::string& key, const std::string& where) {
  if (!object.is_object()) fail("{}: expected a JSON object, found {}", where, object.type_name());
  const auto found = object.find(key);
  if (found == object.end()) fail("{}: the field \"{}\" is missing", where, key);
  return *found;
}

bool flag(const Json& object, const std::string& key, const std::string& where) {
  const Json& value = member(object, key, where);
  if (!value.is_boolean()) {
    fail("{}: the field \"{}\" should be true or false, found {}", where, key, value.type_name());
  }
  return value.get<bool>();
}

double number_or_null(const Json& object, const std::string& key, const std::string& where) {
  if (member(object, key, where).is_null()) return std::numeric_limits<double>::quiet_NaN();
  return number_field(object, key, where);
}

int small_integer(const Json& object, const std::string& key, const std::string& where) {
  const int64_t value = integer_field(object, key, where);
  if (value < 0 || value > std::numeric_limits<int>::max()) {
    fail("{}: the field \"{}\" is {}; it should be a whole number from 0", where, key, value);
  }
  return static_cast<int>(value);
}

}  // namespace tripost::fields
