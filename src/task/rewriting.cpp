#include "task/rewriting.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "task/feedback_text.h"

namespace tripost {

std::vector<std::string> levels_to_draw(const Task& task, Split split,
                                        const std::vector<std::string>& levels) {
  if (!levels.empty()) return levels;
  std::vector<std::string> names;
  for (const Task::Level& level : task.levels())
    if (level.seen || split == Split::kTest) names.push_back(level.name);
  return names;
}

bool names_a_step(const Review& review, std::string& why) {
  if (review.correct) {
    why = "the review says that the attempt is correct";
  } else if (!review.error.empty()) {
    why = "the review names no step: " + review.error;
  } else if (review.step.empty()) {
    why = "the review names no step";
  } else {
    return true;
  }
  return false;
}

std::optional<std::size_t> line_to_rewrite(const LineReport& report, const Review& review,
                                           std::string& why) {
  // A number that occurs twice names two lines: our own finding knows which is meant.
  const auto begin = report.review.step == review.step ? std::optional(report.num_right_lines)
                                                       : line_of_step(report.lines, review.step);
  if (!begin) {
    why = fmt::format("the attempt has no step ({})", review.step);
    return std::nullopt;
  }
  if (*begin > report.num_right_lines) {
    why = fmt::format("a step before ({}) is wrong or cannot be read: {}{}", review.step,
                      report.review.feedback, report.review.error);
    return std::nullopt;
  }
  return begin;
}

std::string rewritten(const LineReport& report, std::size_t begin,
                      const std::vector<std::string>& steps) {
  // The lines are views into the attempt: between them lies what is kept, to the byte.
  return std::string(report.lines.front().data(), report.lines[begin].data()) +
         fmt::format("{}", fmt::join(steps, "\n"));
}

}  // namespace tripost
