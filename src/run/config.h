// Settings files: TOML into options, options into the resolved config of a run, and its comparison
// on resume.
//
// Tables only group: [train] with learning-rate inside names the option train-learning-rate. Every
// complaint is a UsageError that opens with file:line.
#pragma once

#include <filesystem>
#include <string>

#include "run/options.h"

namespace tripost {

// Sets what the file names. An option that was given already (on the command line) keeps its value,
// but the file's value must still be a valid one.
void read_config(const std::filesystem::path& path, Options& options);

// Every option with its sentence as a comment, in the order of declaration; reading it gives the
// same values.
std::string to_toml(const Options& options, const std::string& title);

// Saves the resolved config. When `path` exists already the run is being resumed: nothing is
// written, and a UsageError names each option that changes results and differs from the saved
// value.
void save_or_compare_config(const std::filesystem::path& path, const Options& options,
                            const std::string& title);

}  // namespace tripost
