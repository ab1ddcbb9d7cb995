#include "run/state.h"

#include <cassert>

#include "base/error.h"
#include "base/file.h"

namespace tripost {

std::optional<Json> read_state(const fs::path& path) {
  if (!fs::exists(path)) return std::nullopt;
  Json state = parse_json(read_file(path), path.string());
  const int64_t version = integer_field(state, "version", path.string());
  if (version > kStateVersion) {
    fail(
        "{} was written by a newer tripost (format {}, this one reads up to {}); go on with that "
        "version",
        path.string(), version, kStateVersion);
  }
  return state;
}

void write_state(const fs::path& path, Json state) {
  assert(state.is_object());
  state["version"] = kStateVersion;
  write_file_atomically(path, state.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace tripost
