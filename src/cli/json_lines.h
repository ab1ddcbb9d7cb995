// What the commands that turn one JSONL file into another share.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/json.h"
#include "cli/terminal.h"

namespace tripost {

struct JsonLinesFiles {
  std::filesystem::path input;
  std::filesystem::path output;
};

// Writes `change(line, where)` for each line of the input, in order; nothing for a null. The output
// appears when all of it is written, so a stopped command leaves no half file. Returns the number
// of lines of the input.
int64_t change_json_lines(const JsonLinesFiles& files, const std::string& stage, Terminal& terminal,
                          const std::function<Json(Json line, const std::string& where)>& change);

}  // namespace tripost
