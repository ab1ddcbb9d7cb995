#include "run/inputs.h"

#include <fmt/ranges.h>

#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/random.h"

namespace tripost {

void save_or_compare_inputs(const fs::path& path, const InputFiles& files) {
  Json now = Json::object();
  for (const auto& [name, file] : files)
    now[name] = fmt::format("{:016x}", hash_text(read_file(file)));
  if (!fs::exists(path)) {
    if (!now.empty()) write_file_atomically(path, now.dump(1) + "\n");
    return;
  }
  const Json saved = parse_json(read_file(path), path.string());
  std::vector<std::string> lines;
  for (const auto& [name, hash] : now.items()) {
    if (!saved.contains(name)) {
      lines.push_back(name + " is new");
    } else if (saved[name] != hash) {
      lines.push_back(name + " has changed");
    }
  }
  for (const auto& [name, hash] : saved.items()) {
    if (!now.contains(name)) lines.push_back(name + " is no longer used");
  }
  if (lines.empty()) return;
  fail_usage(
      "{} was saved with other files: {}; put them back as they were or choose another --output",
      path.string(), fmt::join(lines, "; "));
}

}  // namespace tripost
