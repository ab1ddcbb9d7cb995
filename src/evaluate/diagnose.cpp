#include "evaluate/diagnose.h"

#include "base/random.h"
#include "rollout/attempt.h"
#include "task/feedback_text.h"
#include "task/lines.h"
#include "text/prompt.h"

namespace tripost {
namespace {

// How many lines of `attempt` come before its first mistake.
std::size_t lines_before(const std::string& attempt, const Review& review) {
  if (review.line) return *review.line;
  const std::vector<std::string_view> lines = split_lines(attempt);
  return line_of_step(lines, review.step).value_or(lines.size());
}

struct Case {
  const Exchange* exchange;
  Review review;
};

void count(Diagnosis& diagnosis, const Case& asked, const Attempt& update, const Task& task) {
  const std::string& before = asked.exchange->steps.front().attempt.text;
  if (update.verdict.correct) {
    ++diagnosis.update_right;
  } else if (update.text == before) {
    ++diagnosis.update_unchanged;
  } else {
    const Review review = task.verify(asked.exchange->problem, update.text);
    if (review.error.empty() &&
        lines_before(update.text, review) > lines_before(before, asked.review))
      ++diagnosis.update_further;
  }
}

}  // namespace

Diagnosis diagnose(const std::vector<Exchange>& exchanges, const Task& task,
                   const Generate& generate, const Sampling& sampling) {
  Diagnosis diagnosis{.attempts = static_cast<int>(exchanges.size())};
  std::vector<Case> cases;
  std::vector<Request> requests;
  for (const Exchange& exchange : exchanges) {
    const std::string& attempt = exchange.steps.front().attempt.text;
    Review review = task.verify(exchange.problem, attempt);
    if (review.correct) {
      ++diagnosis.right;
    } else if (!review.error.empty()) {
      ++diagnosis.unreadable;
    } else {
      Prompt prompt =
          prompt_for_attempt({.question = exchange.problem.question,
                              .lead_in = exchange.problem.lead_in,
                              .turns = {{.attempt = attempt, .feedback = review.feedback}}});
      requests.push_back(
          {std::move(prompt.text), hash_text(exchange.problem.id), std::move(prompt.borders)});
      cases.push_back({&exchange, std::move(review)});
    }
  }
  diagnosis.asked = static_cast<int>(cases.size());
  const auto completions = generate(requests, until_end_of_attempt(sampling));
  for (std::size_t i = 0; i < cases.size(); ++i) {
    count(diagnosis, cases[i], attempt_from(completions[i], cases[i].exchange->problem, task),
          task);
  }
  return diagnosis;
}

Json to_json(const Diagnosis& diagnosis) {
  return {{"attempts", diagnosis.attempts},
          {"right", diagnosis.right},
          {"unreadable", diagnosis.unreadable},
          {"asked", diagnosis.asked},
          {"update_right", diagnosis.update_right},
          {"update_further", diagnosis.update_further},
          {"update_unchanged", diagnosis.update_unchanged}};
}

}  // namespace tripost
