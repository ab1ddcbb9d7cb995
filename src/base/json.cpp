#include "base/json.h"

#include <set>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/json_error.h"

namespace tripost {
namespace {

constexpr std::size_t kMaxDepth = 200;
constexpr std::size_t kLongestWhy = 200;

// Builds the value from what nlohmann's parser reads, and refuses deep nesting and duplicate keys.
//
// nlohmann's own builders of ordered objects look for each key among all before it, and those with
// a callback look through all siblings when an object ends: a few megabytes of a hostile request
// would cost hours. Here a text costs about its length.
class Builder {
 public:
  explicit Builder(const std::string& where) : where_(where) {}

  Json take() { return std::move(root_); }

  // What the parser calls; it goes on while they return true.
  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(Json::number_integer_t value) { return add(value); }
  bool number_unsigned(Json::number_unsigned_t value) { return add(value); }
  bool number_float(Json::number_float_t value, const std::string&) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(Json::binary_t& value) { return add(std::move(value)); }
  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    if (!open_.back().keys.insert(name).second)
      fail("{}: the key \"{}\" stands twice in one JSON object; remove one", where_, name);
    key_ = std::move(name);
    return true;
  }

  template <class Exception>
  bool parse_error(std::size_t, const std::string&, const Exception& error) {
    throw error;
  }

 private:
  // An array or object whose end is still to come. It stays where it is: nothing is added to what
  // holds it before.
  struct Open {
    Json* value;
    std::set<std::string> keys;  // not by hash: a hostile text could have them all collide
  };

  bool add(Json value) {
    place(std::move(value));
    return true;
  }

  bool open(Json value) {
    if (open_.size() > kMaxDepth) fail("{}: JSON nested deeper than {} levels", where_, kMaxDepth);
    open_.push_back({place(std::move(value)), {}});
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  Json* place(Json value) {
    if (open_.empty()) return &(root_ = std::move(value));
    Json& holder = *open_.back().value;
    if (holder.is_array()) return &holder.get_ref<Json::array_t&>().emplace_back(std::move(value));
    // As a vector of pairs: the map's own functions would look for the key, which is known to be
    // new.
    Json::object_t::Container& pairs = holder.get_ref<Json::object_t&>();
    return &pairs.emplace_back(std::move(key_), std::move(value)).second;
  }

  const std::string& where_;
  Json root_;
  std::vector<Open> open_;
  std::string key_;  // of the value that comes next
};

const Json& member(const Json& object, const std::string& key, const std::string& where) {
  if (!object.is_object()) fail("{}: expected a JSON object, found {}", where, object.type_name());
  const auto found = object.find(key);
  if (found == object.end()) fail("{}: the field \"{}\" is missing", where, key);
  return *found;
}

[[noreturn]] void wrong_type(const Json& value, const std::string& key, const std::string& where,
                             const char* expected) {
  fail("{}: the field \"{}\" should be {}, found {}", where, key, expected,
       value.dump().substr(0, 60));
}

}  // namespace

std::string why_not_json(const std::exception& error) {
  const std::string what = error.what();
  const auto bracket = what.find("] ");
  const auto colon = what.find(": ", bracket == std::string::npos ? 0 : bracket);
  const std::size_t begin = colon != std::string::npos     ? colon + 2
                            : bracket != std::string::npos ? bracket + 2
                                                           : 0;
  const std::string why = what.substr(begin);
  std::size_t end = kLongestWhy;
  if (why.size() <= end) return why;
  while ((static_cast<unsigned char>(why[end]) & 0xC0) == 0x80) --end;
  return why.substr(0, end) + "...";
}

Json parse_json(std::string_view text, const std::string& where) {
  try {
    Builder builder(where);
    Json::sax_parse(text, &builder);
    return builder.take();
  } catch (const Json::parse_error& error) {
    fail("{}: not valid JSON: {}; correct it at byte {}", where, why_not_json(error), error.byte);
  } catch (const Json::out_of_range& error) {  // a number too large for a double
    fail("{}: not valid JSON: {}", where, why_not_json(error));
  }
}

std::string string_field(const Json& object, const std::string& key, const std::string& where) {
  const Json& value = member(object, key, where);
  if (!value.is_string()) wrong_type(value, key, where, "a string");
  return value.get<std::string>();
}

double number_field(const Json& object, const std::string& key, const std::string& where) {
  const Json& value = member(object, key, where);
  if (!value.is_number()) wrong_type(value, key, where, "a number");
  return value.get<double>();
}

int64_t integer_field(const Json& object, const std::string& key, const std::string& where) {
  const Json& value = member(object, key, where);
  if (!value.is_number_integer()) wrong_type(value, key, where, "a whole number");
  return value.get<int64_t>();
}

std::string to_line(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace tripost
