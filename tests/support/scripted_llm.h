// What a good LLM answers to our few-shot prompts: it reads question and attempt off the prompt and
// says what the task's scripts would say.
#pragma once

#include <fmt/format.h>

#include <string>

#include "base/random.h"
#include "task/task.h"

namespace tripost {

class ScriptedLlm {
 public:
  ScriptedLlm(const Task& task, std::string lead_in) : task_(task), lead_in_(std::move(lead_in)) {}

  // And not a first word to see whether anybody is there.
  static bool is_of_task(const std::string& prompt) {
    return prompt.find("\nQ: ") != std::string::npos;
  }

  // Whether the prompt asks for feedback, an update or neither: an attempt.
  static bool asks_for_feedback(const std::string& prompt) {
    return in_question(prompt, "\nEarliest error step:");
  }
  static bool asks_for_update(const std::string& prompt) {
    return in_question(prompt, "\nUpdated Answer:");
  }

  Problem problem_of(const std::string& prompt) const {
    return task_.parse_problem(last_between(prompt, "\nQ: ", "\nAnswer:"), "prompt");
  }

  std::string answer(const std::string& prompt) const {
    if (!is_of_task(prompt)) return " four, five.";
    const Problem problem = problem_of(prompt);
    if (asks_for_update(prompt)) return update(problem, prompt);
    if (asks_for_feedback(prompt)) return feedback(problem, prompt);
    return attempt(problem) + "\n[END]";
  }

  // The gold steps, or for every other question those with a mistake put in whose answer is wrong.
  std::string attempt(const Problem& problem) const {
    if (hash_text(problem.id) % 2 == 0) return problem.rationale;
    Random random(1);
    for (int tries = 0; tries < 100; ++tries) {
      const auto wrong = task_.inject_error(problem, random);
      if (!wrong) break;
      const Verdict verdict = task_.grade(problem, wrong->attempt);
      if (!verdict.correct && verdict.error.empty()) return wrong->attempt;
    }
    return problem.rationale;
  }

 private:
  static bool in_question(const std::string& prompt, const std::string& label) {
    const auto at = prompt.rfind(label);
    return at != std::string::npos && at > prompt.rfind("\nQ: ");
  }

  // The text between the last `open` and the next `close`.
  static std::string last_between(const std::string& text, const std::string& open,
                                  const std::string& close) {
    const auto begin = text.rfind(open) + open.size();
    return text.substr(begin, text.find(close, begin) - begin);
  }

  std::string attempt_in(const std::string& prompt, const std::string& close) const {
    return last_between(prompt, "\nAnswer: " + lead_in_ + "\n", close);
  }

  std::string feedback(const Problem& problem, const std::string& prompt) const {
    const Review review = task_.verify(problem, attempt_in(prompt, "\nEarliest error step:"));
    if (review.correct) return " None\nError segment: None\nError reason: None\n[END]";
    return fmt::format(" ({})\nError segment: \"{}\"\nError reason: {}.\n[END]", review.step,
                       review.segment, review.reason);
  }

  std::string update(const Problem& problem, const std::string& prompt) const {
    const std::string attempt = attempt_in(prompt, "\nFeedback:");
    std::string why;
    const auto update = task_.improve(problem, attempt, task_.verify(problem, attempt), why);
    const std::string kept = prompt.substr(prompt.rfind(lead_in_) + lead_in_.size() + 1);
    return update ? update->substr(kept.size()) + "\n[END]" : "I cannot";
  }

  const Task& task_;
  std::string lead_in_;
};

}  // namespace tripost
