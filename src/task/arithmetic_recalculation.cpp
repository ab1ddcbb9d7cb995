#include "task/arithmetic_recalculation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "task/expression.h"
#include "task/feedback_text.h"
#include "task/lines.h"

namespace tripost {
namespace {

constexpr std::string_view kInteger = "-0123456789";

// One operation on two integers, and what the next piece has in its place.
struct Operation {
  std::string_view text;     // "21 * -9"
  std::string_view written;  // "-179"
};

// The innermost brackets of a piece, "(21 * -9)", from left to right.
std::vector<std::string_view> innermost_brackets(std::string_view piece) {
  std::vector<std::string_view> brackets;
  std::size_t open = std::string_view::npos;
  for (std::size_t i = 0; i < piece.size(); ++i) {
    if (piece[i] == '(') open = i;
    if (piece[i] == ')' && open != std::string_view::npos) {
      brackets.push_back(piece.substr(open, i + 1 - open));
      open = std::string_view::npos;
    }
  }
  return brackets;
}

bool is_integer(std::string_view text) {
  return !text.empty() && text.find_first_not_of(kInteger) == std::string_view::npos &&
         read_integer(text).has_value();
}

bool is_one_operation(std::string_view bracket) {
  const auto words = split_words(bracket.substr(1, bracket.size() - 2));
  return words.size() == 3 && is_integer(words[0]) && is_integer(words[2]) &&
         words[1].find_first_not_of("+-*") == std::string::npos && words[1].size() == 1;
}

// The bracket of `from` that `to` has a number for. Where the same bracket stands twice, both were
// replaced.
std::optional<Operation> operation_between(std::string_view from, std::string_view to) {
  for (const std::string_view bracket : innermost_brackets(from)) {
    if (!is_one_operation(bracket)) continue;
    const auto begin = static_cast<std::size_t>(bracket.data() - from.data());
    const std::string_view before = from.substr(0, begin);
    if (!to.starts_with(before)) continue;
    const std::string_view rest = to.substr(begin);
    const std::string_view written = rest.substr(0, rest.find_first_not_of(kInteger));
    if (!is_integer(written)) continue;
    std::string replaced(from);
    for (std::size_t at = begin; at != std::string::npos; at = replaced.find(bracket, at))
      replaced.replace(at, bracket.size(), written);
    if (replaced == to) return Operation{bracket.substr(1, bracket.size() - 2), written};
  }
  return std::nullopt;
}

// The line's operations, up to and with the first whose value is another, which `wrong` then holds
// with the right one.
std::vector<std::string> work_line(std::string_view line, std::string& wrong) {
  std::vector<std::string> worked;
  if (line.ends_with('.')) line.remove_suffix(1);
  const auto pieces = split_trimmed(line, '=');
  for (std::size_t i = 1; i < pieces.size() && wrong.empty(); ++i) {
    const auto operation = operation_between(pieces[i - 1], pieces[i]);
    if (!operation) continue;
    const Computed computed = compute(Expression::read(operation->text));
    if (computed.fault != Fault::kNone) continue;
    const std::string right = fmt::format("{} = {}", operation->text, computed.value);
    const bool same = read_integer(operation->written) == computed.value;
    worked.push_back(fmt::format("{} ({}){}", right, operation->written, same ? "" : " wrong"));
    if (!same) wrong = right;
  }
  return worked;
}

}  // namespace

Recalculation recalculate(std::string_view attempt, std::string_view last_step) {
  Recalculation result;
  for (const std::string_view line : split_lines(attempt)) {
    const auto step = step_of_line(line);
    if (!step || *step == kFinalStep) continue;
    const auto worked = work_line(line, result.value);
    if (!worked.empty()) result.text += fmt::format(" ({}) {}.", *step, fmt::join(worked, ", "));
    if (!result.value.empty() || *step == last_step) break;
  }
  if (!result.text.empty()) result.text.insert(0, kRecalculation);
  return result;
}

}  // namespace tripost
