#include "task/attempt_steps.h"

#include <algorithm>

#include "task/feedback_text.h"
#include "task/lines.h"

namespace tripost {
namespace {

std::string_view joined(std::string_view first, std::string_view last) {
  return {first.data(), static_cast<std::size_t>(last.data() + last.size() - first.data())};
}

// Begins in the line even when nothing follows the number: more lines may be joined to it.
std::string_view body_of(std::string_view line, std::string_view id) {
  line.remove_prefix(id.size() + 2);
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  return line;
}

std::vector<AttemptStep> numbered_by_line(const std::vector<std::string_view>& lines) {
  std::vector<AttemptStep> steps;
  for (const std::string_view line : lines) {
    if (line.empty()) continue;
    steps.push_back({std::to_string(steps.size() + 1), line, line});
  }
  if (!steps.empty()) steps.back().id = kFinalStep;
  return steps;
}

}  // namespace

std::vector<AttemptStep> steps_of(std::string_view attempt) {
  std::vector<AttemptStep> steps;
  const auto lines = split_lines(attempt);
  for (const std::string_view line : lines) {
    if (const auto id = step_of_line(line)) {
      steps.push_back({std::string(*id), line, body_of(line, *id)});
    } else if (!steps.empty() && !line.empty()) {
      steps.back().text = joined(steps.back().text, line);
      steps.back().body = joined(steps.back().body, line);
    }
  }
  return steps.empty() ? numbered_by_line(lines) : steps;
}

std::optional<std::size_t> find_step(const std::vector<AttemptStep>& steps, const std::string& id,
                                     const std::string& segment) {
  std::optional<std::size_t> first;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].id != id) continue;
    if (contains(steps[i].text, segment)) return i;
    if (!first) first = i;
  }
  return first;
}

}  // namespace tripost
