#include "base/json.h"

#include <set>
#include <vector>

#include "base/error.h"
#include "base/json_error.h"

namespace tripost {
namespace {

constexpr int kMaxDepth = 200;
constexpr std::size_t kLongestWhy = 200;

// Refuses deep nesting and duplicate keys while nlohmann's parser builds the value.
class Guard {
 public:
  explicit Guard(const std::string& where) : where_(where) {}

  bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
    using Event = Json::parse_event_t;
    if (depth > kMaxDepth) fail("{}: JSON nested deeper than {} levels", where_, kMaxDepth);
    if (event == Event::object_start) keys_.emplace_back();
    if (event == Event::object_end) keys_.pop_back();
    if (event == Event::key && !keys_.back().insert(parsed.get<std::string>()).second) {
      fail("{}: the key \"{}\" stands twice in one JSON object; remove one", where_,
           parsed.get<std::string>());
    }
    return true;
  }

 private:
  const std::string& where_;
  std::vector<std::set<std::string>> keys_;
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
    Guard guard(where);
    return Json::parse(text, [&](int depth, Json::parse_event_t event, Json& parsed) {
      return guard(depth, event, parsed);
    });
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
