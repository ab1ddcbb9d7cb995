#include "cli/json_lines.h"

#include <utility>
#include <vector>

#include "base/file.h"

namespace tripost {

int64_t change_json_lines(const JsonLinesFiles& files, const std::string& stage, Terminal& terminal,
                          const std::function<Json(Json, const std::string&)>& change) {
  // Read once, before the work: the input may be a pipe, and progress needs the count.
  std::vector<std::pair<Json, std::string>> lines;
  for_each_json_line(files.input, [&](Json line, const std::string& where) {
    lines.emplace_back(std::move(line), where);
  });
  const int64_t total = static_cast<int64_t>(lines.size());
  std::string changed;
  int64_t done = 0;
  for (auto& [line, where] : lines) {
    check_interrupt();
    if (const Json value = change(std::move(line), where); !value.is_null())
      changed += to_line(value) + "\n";
    terminal.update(
        {.stage = stage, .done = ++done, .total = total, .unit = "lines", .detail = ""});
  }
  write_file_atomically(files.output, changed);
  return total;
}

}  // namespace tripost
