// TOML files as flat lists of values that know their line.
//
// Tables only group: [train] with learning-rate inside is "train-learning-rate", and '_' in a name
// is '-'. What a name means and which type it has is for the caller.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"

namespace tripost {

struct TomlValue {
  std::string name;   // "train-learning-rate"
  Json value;         // text, number, true, false, or a list of them
  std::string where;  // "run.toml:3"
};

// A UsageError that opens with file:line when it is not TOML or a value has another type. Keys come
// in TOML's order, which is the alphabet's.
std::vector<TomlValue> read_toml(const std::filesystem::path& path);

}  // namespace tripost
