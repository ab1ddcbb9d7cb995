#include "task/program_review.h"

#include <fmt/format.h>

#include "base/error.h"
#include "task/attempt_steps.h"
#include "task/feedback_text.h"
#include "task/lines.h"

namespace tripost {
namespace {

// Why the member is not what is needed; empty when it is.
std::string fault_of_member(const Json& answer, const char* key, bool right_type,
                            const char* expected) {
  if (!answer.contains(key)) {
    for (const auto& [given, value] : answer.items()) {
      if (edit_distance(given, key) <= 2)
        return fmt::format("left out a field: \"{}\"; is \"{}\" meant?", key, given);
    }
    return fmt::format("left out a field: \"{}\"", key);
  }
  if (right_type) return "";
  return fmt::format("gave a field of the wrong type: \"{}\" should be {}, found {}", key, expected,
                     shortened(to_line(answer.at(key))));
}

// A text member, trimmed. Sets `fault` when it is missing, of another type, empty or, for one-line
// texts, longer.
std::string text_member(const Json& answer, const char* key, std::string& fault) {
  if (!fault.empty()) return "";
  fault = fault_of_member(answer, key, answer.contains(key) && answer.at(key).is_string(), "text");
  if (!fault.empty()) return "";
  const std::string text(trimmed(answer.at(key).get_ref<const std::string&>()));
  if (text.empty()) fault = fmt::format("left a field empty: \"{}\"", key);
  return text;
}

// 2, "2", "(2)", "3.1" or "Final response".
std::string step_member(const Json& answer, std::string& fault) {
  if (answer.contains("step") && answer.at("step").is_number_integer())
    return to_line(answer.at("step"));
  std::string step = text_member(answer, "step", fault);
  if (step.size() > 2 && step.front() == '(' && step.back() == ')')
    step = step.substr(1, step.size() - 2);
  return step;
}

std::string without_full_stop(std::string text) {
  if (text.ends_with('.')) text.pop_back();
  return text;
}

bool says_error(const Json& answer) {
  return answer.contains("error") && !answer.at("error").is_null();
}

}  // namespace

Json verify_request(const Problem& problem, const std::string& attempt) {
  return {{"question", problem.question},
          {"answer", problem.gold},
          {"attempt", attempt},
          {"level", problem.level},
          {"rationale", problem.rationale}};
}

Json improve_request(const Problem& problem, const std::string& attempt, const Review& review) {
  Json request = verify_request(problem, attempt);
  request["step"] = review.step;
  request["segment"] = review.segment;
  request["reason"] = review.reason;
  request["feedback"] = review.feedback;
  return request;
}

Review review_of_step(const std::string& attempt, std::size_t step, const std::string& segment,
                      const std::string& reason) {
  const auto steps = steps_of(attempt);
  Review review;
  review.step = steps[step].id;
  review.segment = segment;
  review.reason = reason;
  review.feedback =
      error_feedback(step == 0 ? "" : steps[step - 1].id, review.step, segment, reason);
  return review;
}

Review review_from(const Json& answer, const std::string& attempt, std::string& fault) {
  Review review;
  if (says_error(answer)) {
    review.error = text_member(answer, "error", fault);
    return review;
  }
  fault = fault_of_member(answer, "correct",
                          answer.contains("correct") && answer.at("correct").is_boolean(),
                          "true or false");
  if (!fault.empty()) return review;
  if (answer.at("correct").get<bool>()) {
    review.correct = true;
    return review;
  }
  const std::string step = step_member(answer, fault);
  const std::string segment = text_member(answer, "segment", fault);
  const std::string reason = without_full_stop(text_member(answer, "reason", fault));
  if (fault.empty() && reason.empty()) fault = "left a field empty: \"reason\" is a full stop";
  if (!fault.empty()) return review;
  const auto steps = steps_of(attempt);
  const auto found = find_step(steps, step, segment);
  if (!found) {
    fault = fmt::format("named a step that is not in the attempt: \"{}\"", shortened(step));
  } else if (!contains(steps[*found].text, segment)) {
    fault = fmt::format("quoted a segment that is not in the step: \"{}\" in step ({})",
                        shortened(segment), step);
  } else if (contains(segment, "\n") || contains(reason, "\n")) {
    fault = "gave more than one line: the segment and the reason are one line each";
  } else {
    review = review_of_step(attempt, *found, segment, reason);
    // What the model shall learn to say must be readable when the model says it.
    if (const Review again = read_feedback(review.feedback);
        again.segment != segment || again.reason != reason)
      fault =
          fmt::format("gave a text that feedback cannot hold: \"{}\"", shortened(review.feedback));
  }
  return review;
}

std::string text_before(const std::string& attempt, const AttemptStep& step) {
  return attempt.substr(0, static_cast<std::size_t>(step.text.data() - attempt.data()));
}

std::optional<std::string> improved_from(const Json& answer, const std::string& attempt,
                                         const Review& review, std::string& declined,
                                         std::string& fault) {
  if (says_error(answer)) {
    declined = text_member(answer, "error", fault);
    return std::nullopt;
  }
  const std::string steps = text_member(answer, "steps", fault);
  if (!fault.empty()) return std::nullopt;
  const auto own = steps_of(attempt);
  const auto wrong = find_step(own, review.step, review.segment);
  if (!wrong) {
    fault = fmt::format("was asked about a step that is not in the attempt: ({})", review.step);
    return std::nullopt;
  }
  return text_before(attempt, own[*wrong]) + steps;
}

}  // namespace tripost
