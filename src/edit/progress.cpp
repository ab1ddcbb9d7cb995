#include "edit/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <limits>
#include <string_view>
#include <vector>

#include "text/prompt.h"

namespace tripost {
namespace {

std::string lowered(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return result;
}

// "3.10" is {3, 10}; "Final response" comes after every number; {} when it is no step id.
std::vector<int> numbers_of(const std::string& step) {
  if (lowered(step) == "final response") return {std::numeric_limits<int>::max()};
  std::vector<int> numbers;
  const char* at = step.data();
  const char* const end = at + step.size();
  while (true) {
    int number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error != std::errc() || number < 0) return {};
    numbers.push_back(number);
    if (next == end) return numbers;
    if (*next != '.') return {};
    at = next + 1;
  }
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  while (true) {
    const auto end = text.find('\n', begin);
    lines.push_back(text.substr(begin, end - begin));
    if (end == std::string::npos) return lines;
    begin = end + 1;
  }
}

// Index of the step's line, or the number of lines when there is none. Step ids may stand twice
// (word sorting numbers sibling parts alike): then the line that holds the quoted part is meant.
// Parts may be quoted in lower case.
std::size_t line_of_step(const std::vector<std::string>& lines, const Review& review) {
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

// Why the steps before the wrong one, or the wrong one itself, are not what an edit leaves; empty
// when they are.
std::string fault_of_lines(const std::string& attempt, const Review& review,
                           const std::string& update) {
  const auto before = lines_of(attempt), after = lines_of(update);
  const std::size_t wrong = line_of_step(before, review);
  if (wrong == before.size())
    return "";  // the wrong step has no line of its own: nothing to compare
  for (std::size_t i = 0; i < wrong; ++i) {
    if (i < after.size() && after[i] == before[i]) continue;
    return fmt::format("the update changes line {}, which stands before the wrong step ({})", i + 1,
                       review.step);
  }
  if (wrong < after.size() && after[wrong] == before[wrong]) {
    return fmt::format("the update leaves the wrong step ({}) as it was", review.step);
  }
  return "";
}

}  // namespace

std::strong_ordering compare_steps(const std::string& a, const std::string& b) {
  const auto left = numbers_of(a), right = numbers_of(b);
  return std::lexicographical_compare_three_way(left.begin(), left.end(), right.begin(),
                                                right.end());
}

std::string fault_of_update(const std::string& attempt, const Review& review,
                            const std::string& update) {
  if (update.empty()) return "the update is empty";
  if (update == attempt) return "the update is the attempt that it should have changed";
  for (const char* label : {kFeedbackLabel, kUpdateLabel, "\nAnswer:", "\nQ:"}) {
    if (("\n" + update).find(label) == std::string::npos) continue;
    return fmt::format("the update holds the label \"{}\"", label + 1);
  }
  return fault_of_lines(attempt, review, update);
}

bool makes_progress(const Review& before, const Review& after) {
  if (after.correct) return true;
  const auto order = compare_steps(after.step, before.step);
  return order > 0 || (order == 0 && after.segment != before.segment);
}

bool agrees(const Review& own, const Review& verifier) {
  if (!own.error.empty() || own.correct || verifier.correct) return false;
  if (lowered(own.step) != lowered(verifier.step)) return false;
  return own.segment.find(verifier.segment) != std::string::npos ||
         verifier.segment.find(own.segment) != std::string::npos;
}

}  // namespace tripost
