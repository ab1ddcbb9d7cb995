#include "run/config.h"

#include <cmath>

#include "base/error.h"
#include "base/file.h"
#include "base/toml.h"

namespace tripost {
namespace {

[[noreturn]] void fail_unknown(const std::string& name, const Options& options,
                               const std::string& where) {
  const std::string nearest = nearest_name(name, options.names());
  fail_usage("{}: unknown setting \"{}\"{}", where, name,
             nearest.empty() ? "; --help lists the known ones"
                             : fmt::format("; did you mean \"{}\"?", nearest));
}

std::string toml_text(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += fmt::format("\\{}", c);
    } else if (byte < 0x20 || byte == 0x7F) {
      quoted += fmt::format("\\u{:04X}", byte);
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string toml_number(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
  std::string text = fmt::format("{}", number);  // the shortest that reads back the same
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string toml_value(const Json& value) {
  if (value.is_string()) return toml_text(value.get<std::string>());
  if (value.is_number_float()) return toml_number(value.get<double>());
  if (!value.is_array()) return value.dump();
  std::vector<std::string> items;
  for (const Json& item : value) items.push_back(toml_value(item));
  return fmt::format("[{}]", fmt::join(items, ", "));
}

// One "name: saved value there, value here" per option whose value would change results.
std::vector<std::string> differences(const fs::path& path, const Options& options) {
  std::vector<std::string> lines;
  Json saved = Json::object();
  for (const TomlValue& there : read_toml(path)) saved[there.name] = there.value;
  for (const Option& option : options.all()) {
    if (!option.changes_results()) continue;
    const Json there =
        saved.contains(option.name()) ? saved[option.name()] : option.default_value();
    const std::string before = toml_value(there);
    const std::string now = toml_value(option.value());
    if (before != now)
      lines.push_back(fmt::format("{} is {} there and {} now", option.name(), before, now));
  }
  return lines;
}

}  // namespace

void read_config(const fs::path& path, Options& options) {
  for (const auto& [name, value, where] : read_toml(path)) {
    Option* option = options.find(name);
    if (option == nullptr) fail_unknown(name, options, where);
    const std::string place = fmt::format("{}: {}", where, name);
    const Json from_command_line = option->value();
    const bool keep = option->is_given();
    option->set(value, place);
    if (keep) option->set(from_command_line, place);
  }
}

std::string to_toml(const Options& options, const std::string& title) {
  std::string text = fmt::format("# {}\n", title);
  for (const Option& option : options.all()) {
    text +=
        fmt::format("\n# {}\n{} = {}\n", option.help(), option.name(), toml_value(option.value()));
  }
  return text;
}

void save_or_compare_config(const fs::path& path, const Options& options,
                            const std::string& title) {
  if (!fs::exists(path)) {
    write_file_atomically(path, to_toml(options, title));
    return;
  }
  const auto lines = differences(path, options);
  if (lines.empty()) return;
  fail_usage(
      "{} was saved with other settings: {}; go on with the saved ones or choose another --output",
      path.string(), fmt::join(lines, "; "));
}

}  // namespace tripost
