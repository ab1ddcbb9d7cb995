#include "task/feedback_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "task/lines.h"

namespace tripost {
namespace {

constexpr std::string_view kPraise = "The final response is also correct.";
constexpr std::string_view kBecause = " This is because ";

bool is_step_number(std::string_view text) {
  if (text.empty() || text.front() == '.' || text.back() == '.' || contains(text, ".."))
    return false;
  return text.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool skip(std::string_view& text, std::string_view part) {
  if (!text.starts_with(part)) return false;
  text.remove_prefix(part.size());
  return true;
}

// "(3.1)" at the beginning of the text, without its brackets.
std::optional<std::string_view> skip_step(std::string_view& text) {
  const std::size_t end = text.find(')');
  if (!text.starts_with('(') || end == std::string_view::npos) return std::nullopt;
  const std::string_view step = text.substr(1, end - 1);
  if (!is_step_number(step) && step != kFinalStep) return std::nullopt;
  text.remove_prefix(end + 1);
  return step;
}

// "Step (1) is correct. " or "Step (1) to (3) are correct. "; false when the text opens with
// neither.
bool skip_correct_steps(std::string_view& text) {
  if (!skip(text, "Step ") || !skip_step(text)) return false;
  if (skip(text, " is correct. ")) return true;
  if (!skip(text, " to ") && !skip(text, " until ")) return false;
  skip(text, "step ");
  return skip_step(text) && skip(text, " are correct. ");
}

// What stands before the verdict, cut off from the text; empty when there is nothing.
std::string_view take_recalculation(std::string_view& text) {
  if (!text.starts_with(kRecalculation)) return {};
  const std::size_t end = std::min({text.find(" Step ("), text.find(" In step ("),
                                    text.find(" There is a mistake in ("), text.size()});
  const std::string_view taken = text.substr(0, end);
  text = trimmed(text.substr(end));
  return taken;
}

Review unreadable(std::string_view feedback, std::string_view expected) {
  Review review;
  review.error = fmt::format("the feedback \"{}\" does not have {}", shortened(feedback), expected);
  return review;
}

// " the part "<segment>" is incorrect." into the review; says what is missing where it cannot.
std::string_view read_segment(std::string_view& text, Review& review) {
  constexpr std::string_view kAfterPart = "\" is incorrect.";
  if (!skip(text, " the part \"")) return "a quoted part after its step";
  const std::size_t reason = text.find(std::string(kAfterPart) + std::string(kBecause));
  const std::size_t end = reason == std::string_view::npos ? text.rfind(kAfterPart) : reason;
  if (end == std::string_view::npos) return "\"is incorrect.\" after its quoted part";
  review.segment = trimmed(text.substr(0, end));
  text.remove_prefix(end + kAfterPart.size());
  return {};
}

// What follows the steps that are correct: the step, the part unless it is left out, the reason
// unless it is left out.
Review read_error(std::string_view feedback, std::string_view text) {
  const bool has_segment = skip(text, "In step ");
  if (!has_segment && !skip(text, "There is a mistake in "))
    return unreadable(feedback, "\"In step (...) the part\"");
  const auto step = skip_step(text);
  if (!step) return unreadable(feedback, "a step in brackets where it says what is wrong");
  Review review{.step = std::string(*step)};
  if (has_segment) {
    if (const auto missing = read_segment(text, review); !missing.empty())
      return unreadable(feedback, missing);
  } else if (!skip(text, ".")) {
    return unreadable(feedback, "a full stop after its step");
  }
  if (text.empty()) return review;
  if (!skip(text, kBecause)) return unreadable(feedback, "\"This is because\" after what is wrong");
  std::string_view reason = trimmed(text);
  if (reason.ends_with('.')) reason.remove_suffix(1);
  if (reason.empty()) return unreadable(feedback, "a reason");
  review.reason = reason;
  return review;
}

}  // namespace

std::string error_feedback(const std::string& previous_step, const std::string& step,
                           const std::string& segment, const std::string& reason) {
  std::string opening;
  if (previous_step == "1") {
    opening = "Step (1) is correct. ";
  } else if (!previous_step.empty()) {
    opening = fmt::format("Step (1) to ({}) are correct. ", previous_step);
  }
  const std::string error =
      segment.empty() ? fmt::format("There is a mistake in ({}).", step)
                      : fmt::format("In step ({}) the part \" {} \" is incorrect.", step, segment);
  return opening + error + (reason.empty() ? "" : fmt::format("{}{}.", kBecause, reason));
}

std::string praise_feedback(const std::string& last_step) {
  if (last_step == "1") return fmt::format("Step (1) is correct. {}", kPraise);
  return fmt::format("Step (1) to step ({}) are correct. {}", last_step, kPraise);
}

std::optional<std::string_view> step_of_line(std::string_view line) { return skip_step(line); }

std::optional<std::size_t> line_of_step(const std::vector<std::string_view>& lines,
                                        std::string_view step) {
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (step_of_line(trimmed(lines[i])) == step) return i;
  return std::nullopt;
}

std::string_view answer_line(const std::vector<std::string_view>& lines,
                             std::string_view feedback_label) {
  if (lines.empty()) return {};
  const bool skips_last = lines.size() > 1 && contains(lines.back(), feedback_label);
  return lines[lines.size() - (skips_last ? 2 : 1)];
}

Review read_feedback(const std::string& feedback) {
  const std::string_view whole = trimmed(feedback);
  if (contains(whole, "\n")) return unreadable(whole, "one line");
  std::string_view rest = whole;
  const std::string_view recalculated = take_recalculation(rest);
  const std::string_view verdict = rest;
  const bool opens = skip_correct_steps(rest);
  if (!opens && verdict.starts_with("Step ")) return unreadable(whole, "an opening we know");
  Review review = opens && rest == kPraise ? Review{.correct = true} : read_error(whole, rest);
  review.recalculation = recalculated;
  if (review.error.empty()) review.feedback = whole;
  return review;
}

}  // namespace tripost
