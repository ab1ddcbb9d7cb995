// state.json: what of a run is complete. It is written last, by rename, so whatever it names is
// whole on disk.
//
// The fields are the loop's own (improve/); here they are a JSON object to which the format's
// version is added.
#pragma once

#include <filesystem>
#include <optional>

#include "base/json.h"

namespace tripost {

inline constexpr int kStateVersion = 1;

// nullopt when the file does not exist: a run that has finished nothing yet. An Error when it
// cannot be read or was written by a newer version.
std::optional<Json> read_state(const std::filesystem::path& path);

void write_state(const std::filesystem::path& path, Json state);

}  // namespace tripost
