#include "base/toml.h"

#include <toml++/toml.h>

#include <algorithm>

#include "base/error.h"
#include "base/file.h"

namespace tripost {
namespace {

Json to_json(const toml::node& node, const std::string& where) {
  if (const auto* value = node.as_string()) return value->get();
  if (const auto* value = node.as_boolean()) return value->get();
  if (const auto* value = node.as_integer()) return value->get();
  if (const auto* value = node.as_floating_point()) return value->get();
  if (const auto* array = node.as_array()) {
    Json items = Json::array();
    for (const auto& item : *array) items.push_back(to_json(item, where));
    return items;
  }
  fail_usage("{}: expected text, a number, true, false or a list of them", where);
}

void append_values(const toml::table& table, const std::string& prefix, const fs::path& path,
                   std::vector<TomlValue>& values) {
  for (const auto& [key, node] : table) {
    std::string name = prefix + std::string(key.str());
    std::replace(name.begin(), name.end(), '_', '-');
    if (const toml::table* inner = node.as_table()) {
      append_values(*inner, name + "-", path, values);
    } else {
      const std::string where = fmt::format("{}:{}", path.string(), node.source().begin.line);
      values.push_back({name, to_json(node, fmt::format("{}: {}", where, name)), where});
    }
  }
}

}  // namespace

std::vector<TomlValue> read_toml(const fs::path& path) {
  std::vector<TomlValue> values;
  try {
    append_values(toml::parse(read_file(path), path.string()), "", path, values);
  } catch (const toml::parse_error& error) {
    fail_usage("{}:{}: not valid TOML: {}", path.string(), error.source().begin.line,
               error.description());
  }
  return values;
}

}  // namespace tripost
