#include "rollout/attempt.h"

#include <utility>

#include "base/json.h"
#include "text/prompt.h"

namespace tripost {
namespace {

std::string without(const std::string& characters, const std::string& text) {
  const auto first = text.find_first_not_of(characters);
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(characters) - first + 1);
}

}  // namespace

std::string as_utf8(const std::string& text) {
  return Json::parse(to_line(Json(text))).get<std::string>();
}

Sampling until_end_of_attempt(Sampling sampling) {
  sampling.stop = {kFeedbackLabel, kUpdateLabel, "\nQ:"};
  return sampling;
}

Sampling until_end_of_line(Sampling sampling) {
  sampling.stop = {"\n"};
  return sampling;
}

Attempt attempt_from(const Completion& completion, const Problem& problem, const Task& task) {
  Attempt attempt;
  attempt.text = without("\n", as_utf8(completion.text));
  attempt.complete = completion.finish_reason == FinishReason::kStop;
  attempt.num_tokens = completion.num_tokens;
  attempt.log_probability = completion.log_probability;
  attempt.verdict = task.grade(problem, attempt.text);
  return attempt;
}

Feedback feedback_from(const Completion& completion, const Task& task) {
  Feedback feedback;
  feedback.text = without(" \r\n\t", as_utf8(completion.text));
  feedback.num_tokens = completion.num_tokens;
  feedback.log_probability = completion.log_probability;
  if (feedback.text.empty()) {
    feedback.review.error = "the feedback is empty";
  } else if (completion.finish_reason == FinishReason::kLength) {
    feedback.review.error = "the feedback hit its token limit";
  } else {
    feedback.review = task.parse_feedback(feedback.text);
  }
  return feedback;
}

Generate as_utf8(Generate generate) {
  return [generate = std::move(generate)](const std::vector<Request>& requests,
                                          const Sampling& sampling) {
    std::vector<Completion> completions = generate(requests, sampling);
    for (Completion& completion : completions) completion.text = as_utf8(completion.text);
    return completions;
  };
}

}  // namespace tripost
