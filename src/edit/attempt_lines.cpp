#include "edit/attempt_lines.h"

#include <algorithm>

#include "task/feedback_text.h"

namespace tripost {

std::string lowered(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

std::vector<std::string> attempt_lines(const std::string& attempt) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  while (true) {
    const auto end = attempt.find('\n', begin);
    lines.push_back(attempt.substr(begin, end - begin));
    if (end == std::string::npos) return lines;
    begin = end + 1;
  }
}

std::string step_id_of(std::string_view line) {
  if (const auto step = step_of_line(line)) return std::string(*step);
  return lowered(line).starts_with("(final response)") ? kFinalStep : "";
}

std::size_t line_of_step(const std::vector<std::string>& lines, const Review& review) {
  if (review.line && *review.line < lines.size()) return *review.line;
  const std::string header = "(" + lowered(review.step) + ")";
  const std::string segment = lowered(review.segment);
  std::size_t first = lines.size();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string line = lowered(lines[i]);
    if (!line.starts_with(header)) continue;
    if (line.find(segment) != std::string::npos) return i;
    first = std::min(first, i);
  }
  return first;
}

}  // namespace tripost
