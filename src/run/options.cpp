#include "run/options.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <limits>
#include <optional>

#include "base/error.h"

namespace tripost {
namespace {

template <class Number>
std::optional<Number> number_in(const std::string& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<bool> truth_in(const std::string& text) {
  if (text == "true" || text == "yes" || text == "on" || text == "1") return true;
  if (text == "false" || text == "no" || text == "off" || text == "0") return false;
  return std::nullopt;
}

// Whether `value` fits a whole number of type Number.
template <class Number>
bool holds(const Json& value) {
  if (value.is_number_unsigned())
    return value.get<uint64_t>() <= static_cast<uint64_t>(std::numeric_limits<Number>::max());
  if (!value.is_number_integer()) return false;
  const auto number = value.get<int64_t>();
  if constexpr (std::is_unsigned_v<Number>) return number >= 0;
  return number >= static_cast<int64_t>(std::numeric_limits<Number>::min()) &&
         number <= static_cast<int64_t>(std::numeric_limits<Number>::max());
}

bool is_list_of_strings(const Json& value) {
  return value.is_array() &&
         std::all_of(value.begin(), value.end(), [](const Json& item) { return item.is_string(); });
}

// Writes `value` into a target, or returns false when it is of another type.
struct Assign {
  const Json& value;

  bool operator()(bool* target) const {
    return value.is_boolean() && (*target = value.get<bool>(), true);
  }
  bool operator()(int* target) const {
    return holds<int>(value) && (*target = value.get<int>(), true);
  }
  bool operator()(int64_t* target) const {
    return holds<int64_t>(value) && (*target = value.get<int64_t>(), true);
  }
  bool operator()(uint64_t* target) const {
    return holds<uint64_t>(value) && (*target = value.get<uint64_t>(), true);
  }
  bool operator()(double* target) const {
    return value.is_number() && (*target = value.get<double>(), true);
  }
  bool operator()(std::string* target) const {
    return value.is_string() && (*target = value.get<std::string>(), true);
  }
  bool operator()(std::filesystem::path* target) const {
    return value.is_string() && (*target = value.get<std::string>(), true);
  }
  bool operator()(std::vector<std::string>* target) const {
    return is_list_of_strings(value) && (*target = value.get<std::vector<std::string>>(), true);
  }
};

// Command-line text as the type of a target; the text itself when it does not read as that type, so
// that the type check of set() reports it.
struct FromText {
  const std::string& text;

  Json operator()(bool*) const {
    const auto truth = truth_in(text);
    return truth ? Json(*truth) : Json(text);
  }
  Json operator()(int*) const { return whole(); }
  Json operator()(int64_t*) const { return whole(); }
  Json operator()(uint64_t*) const {
    const auto number = number_in<uint64_t>(text);
    return number ? Json(*number) : Json(text);
  }
  Json operator()(double*) const {
    const auto number = number_in<double>(text);
    return number ? Json(*number) : Json(text);
  }
  Json operator()(std::string*) const { return text; }
  Json operator()(std::filesystem::path*) const { return text; }
  Json operator()(std::vector<std::string>*) const { return Json::array({text}); }

 private:
  Json whole() const {
    const auto number = number_in<int64_t>(text);
    return number ? Json(*number) : Json(text);
  }
};

struct ToJson {
  template <class Value>
  Json operator()(Value* target) const {
    return Json(*target);
  }
  Json operator()(std::filesystem::path* target) const { return Json(target->string()); }
};

struct TypeName {
  const char* operator()(bool*) const { return "true or false"; }
  const char* operator()(int*) const { return "a whole number"; }
  const char* operator()(int64_t*) const { return "a whole number"; }
  const char* operator()(uint64_t*) const { return "a whole number that is not negative"; }
  const char* operator()(double*) const { return "a number"; }
  const char* operator()(std::string*) const { return "text"; }
  const char* operator()(std::filesystem::path*) const { return "a path"; }
  const char* operator()(std::vector<std::string>*) const { return "a list of texts"; }
};

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace

Option::Option(std::string name, Target target, std::string help)
    : name_(std::move(name)),
      target_(target),
      help_(std::move(help)),
      default_(std::visit(ToJson{}, target)) {}

Option& Option::required() {
  required_ = true;
  return *this;
}

Option& Option::choices(std::vector<std::string> words) {
  words_ = std::move(words);
  return *this;
}

Option& Option::between(double low, double high) {
  low_ = low;
  high_ = high;
  bounded_ = true;
  return *this;
}

Option& Option::may_change() {
  may_change_ = true;
  return *this;
}

Option& Option::positional() {
  positional_ = true;
  return *this;
}

Json Option::value() const { return std::visit(ToJson{}, target_); }

std::string Option::expected() const {
  const std::string type = std::visit(TypeName{}, target_);
  return bounded_ ? fmt::format("{} from {} to {}", type, low_, high_) : type;
}

// Only the limits: a value of another type passes here and is refused by set().
void Option::check_limits(const Json& value, const std::string& where) const {
  if (bounded_ && value.is_number()) {
    const double number = value.get<double>();
    const bool inside = number >= low_ && number <= high_;
    if (!inside) fail_usage("{}: expected {}, found {}", where, expected(), value.dump());
  }
  if (words_.empty()) return;
  const Json items = value.is_array() ? value : Json::array({value});
  for (const Json& item : items) {
    if (!item.is_string()) continue;
    const auto word = item.get<std::string>();
    if (std::find(words_.begin(), words_.end(), word) != words_.end()) continue;
    fail_usage("{}: expected one of {}, found \"{}\"", where, joined(words_), word);
  }
}

void Option::set(const Json& value, const std::string& where) {
  check_limits(value, where);
  if (!std::visit(Assign{value}, target_))
    fail_usage("{}: expected {}, found {}", where, expected(), value.dump());
  given_ = true;
}

void Option::set_from_text(const std::string& text, const std::string& where) {
  Json value = std::visit(FromText{text}, target_);
  if (is_list() && given_) {
    Json longer = this->value();
    longer.push_back(text);
    value = std::move(longer);
  }
  set(value, where);
}

Option& Options::add(const std::string& name, Option::Target target, const std::string& help) {
  assert(find(name) == nullptr && "an option is declared once");
  return options_.emplace_back(name, target, help);
}

Option* Options::find(const std::string& name) {
  for (Option& option : options_) {
    if (option.name() == name) return &option;
  }
  return nullptr;
}

std::vector<std::string> Options::names() const {
  std::vector<std::string> names;
  for (const Option& option : options_) names.push_back(option.name());
  return names;
}

void Options::check_required() const {
  for (const Option& option : options_) {
    if (!option.is_required() || option.is_given()) continue;
    const std::string shown = option.is_positional() ? option.name() : "--" + option.name();
    fail_usage("{} is missing: {}", shown, option.help());
  }
}

}  // namespace tripost
