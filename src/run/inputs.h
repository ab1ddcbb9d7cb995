// inputs.json: hashes of the files of the user's that a run's results depend on: the model's, a
// task's, an LLM's prompts. A run that goes on with another content of them would mix two things.
//
//   {"list_sum/check.py": "6e1f0c2b9d7a4410", "list_sum/task.toml": "..."}
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/json.h"

namespace tripost {

// Names for people to files.
using InputFiles = std::map<std::string, std::filesystem::path>;

// The hash of each file's content, under its name. An Error for a file that cannot be read.
Json hashes_of(const InputFiles& files);

// Writes the hashes_of files when `path` does not exist yet; otherwise a UsageError that names each
// file whose content is not what it was, or that the run did not have before. Without files nothing
// is written.
void save_or_compare_inputs(const std::filesystem::path& path, const Json& hashes);

}  // namespace tripost
