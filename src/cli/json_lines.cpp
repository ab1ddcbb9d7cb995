#include "cli/json_lines.h"

#include "base/file.h"

namespace tripost {

int64_t change_json_lines(const JsonLinesFiles& files, const std::string& stage, Terminal& terminal,
                          const std::function<Json(Json, const std::string&)>& change) {
  int64_t total = 0;
  for_each_json_line(files.input, [&](const Json&, const std::string&) { ++total; });
  std::string changed;
  int64_t done = 0;
  for_each_json_line(files.input, [&](Json line, const std::string& where) {
    check_interrupt();
    changed += to_line(change(std::move(line), where));
    changed += '\n';
    terminal.update(
        {.stage = stage, .done = ++done, .total = total, .unit = "lines", .detail = ""});
  });
  write_file_atomically(files.output, changed);
  return done;
}

}  // namespace tripost
