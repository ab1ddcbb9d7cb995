// Checking an attempt line by line, whatever the task: the first fault decides, and what stands
// after it is not looked at.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "task/feedback_text.h"
#include "task/lines.h"

namespace tripost {

// What is wrong with a line: either a mistake (segment and reason) or why it cannot be read.
struct LineFault {
  std::string segment;
  std::string reason;
  std::string unreadable;
};

inline LineFault mistake(std::string_view segment, std::string reason) {
  return {std::string(segment), std::move(reason), ""};
}
inline LineFault unreadable(std::string reason) { return {"", "", std::move(reason)}; }

// One attempt, checked to its first fault.
struct LineReport {
  Review review;
  std::size_t num_right_lines = 0;
  std::vector<std::string_view> lines;  // views into the attempt; empty lines are left out
};

// What the feedback quotes: the segment, or the text of its line when that is blank ("A = = -1."
// has nothing between its equals signs); up to the words that would end the quote.
inline std::string_view quotable(std::string_view segment, std::string_view line) {
  const auto step = step_of_line(line);
  for (const std::string_view text : {segment, step ? line.substr(step->size() + 2) : line}) {
    const std::string_view quote = trimmed(text.substr(0, text.find("\" is incorrect")));
    if (!quote.empty()) return quote;
  }
  return line.substr(0, line.find("\" is incorrect"));
}

// `checker` has check(line), step(), previous_step() and finished(); after a fault it is not used
// again.
template <class Checker>
LineReport check_lines(Checker& checker, std::string_view attempt) {
  LineReport report{.review = {}, .lines = split_steps(attempt)};
  Review& review = report.review;
  for (const std::string_view line : report.lines) {
    const std::optional<LineFault> fault = checker.check(line);
    if (!fault) {
      ++report.num_right_lines;
      continue;
    }
    const auto num_breaks = static_cast<std::size_t>(std::count(attempt.data(), line.data(), '\n'));
    if (!fault->unreadable.empty()) {
      review.error = fmt::format("line {} cannot be read: {}: \"{}\"", num_breaks + 1,
                                 fault->unreadable, shortened(line));
      return report;
    }
    review.step = checker.step();
    review.line = num_breaks;
    review.segment = quotable(fault->segment, line);
    review.reason = fault->reason;
    review.feedback =
        error_feedback(checker.previous_step(), review.step, review.segment, review.reason);
    return report;
  }
  if (!checker.finished()) {
    review.error =
        fmt::format("there is no final response after line {}", split_lines(attempt).size());
    return report;
  }
  review.correct = true;
  review.feedback = praise_feedback(checker.previous_step());
  return report;
}

}  // namespace tripost
