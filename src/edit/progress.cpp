#include "edit/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <vector>

#include "edit/attempt_lines.h"
#include "text/prompt.h"

namespace tripost {
namespace {

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

// Why the steps before the wrong one, or the wrong one itself, are not what an edit leaves; empty
// when they are.
std::string fault_of_lines(const std::string& attempt, const Review& review,
                           const std::string& update) {
  const auto before = attempt_lines(attempt), after = attempt_lines(update);
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
  if (own.recalculation != verifier.recalculation) return false;
  if (lowered(own.step) != lowered(verifier.step)) return false;
  return own.segment.find(verifier.segment) != std::string::npos ||
         verifier.segment.find(own.segment) != std::string::npos;
}

}  // namespace tripost
