#include "trajectory/record_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/file.h"
#include "base/parallel.h"

namespace tripost {
namespace {

struct Line {
  std::size_t number = 0;
  std::string text;
};

std::vector<Line> lines_of(const std::string& content) {
  std::vector<Line> lines;
  std::size_t number = 1;
  for (std::size_t begin = 0; begin < content.size(); ++number) {
    const std::size_t end = std::min(content.find('\n', begin), content.size());
    Line line{number, content.substr(begin, end - begin)};
    if (line.text.find_first_not_of(" \t\r") != std::string::npos) lines.push_back(std::move(line));
    begin = end + 1;
  }
  return lines;
}

}  // namespace

std::vector<Record> read_records(const std::filesystem::path& path, float marker_weight) {
  const std::vector<Line> lines = lines_of(read_file(path));
  std::vector<Record> records(lines.size());
  for_each_index(lines.size(), [&](std::size_t i) {
    const std::string where = fmt::format("{}:{}", path.string(), lines[i].number);
    records[i] = record_from_json(parse_json(lines[i].text, where), where, marker_weight);
  });
  return records;
}

}  // namespace tripost
