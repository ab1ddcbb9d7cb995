// The paper's multistep arithmetic: nested sums and products of small integers, solved bracket by
// bracket.
//
// Questions, prompts and rationales are the reference's to the byte. Beside it: answers are exact
// 64-bit integers (the reference compares floats, so it takes "7.0", "1e3" or "+7" for a number;
// here they are not one), the first wrong step is found whatever comes after it, and calculations
// are checked against their definitions (arithmetic_checker.h).
#pragma once

#include "task/task.h"

namespace tripost {

class MultistepArithmetic : public Task {
 public:
  explicit MultistepArithmetic(FeedbackStyle style) : style_(style) {}

  std::string name() const override { return "multistep_arithmetic"; }
  std::vector<Level> levels() const override;
  // Level names go beyond the paper's: "l7-9d23" (arithmetic_question.h).
  std::vector<Problem> problems(Split split, const std::vector<std::string>& levels, int count,
                                uint64_t seed) const override;
  // The rationale stays empty for a question without brackets, with more than 26 leaves, or more
  // than 400 operations.
  Problem parse_problem(const std::string& question, const std::string& where) const override;
  Verdict grade(const Problem& problem, const std::string& attempt) const override;
  Review verify(const Problem& problem, const std::string& attempt) const override;
  std::optional<std::string> improve(const Problem& problem, const std::string& attempt,
                                     const Review& review, std::string& why) const override;
  std::string praise(const std::string& attempt) const override;
  Review parse_feedback(const std::string& feedback) const override;
  std::optional<InjectedError> inject_error(const Problem& problem, Random& random) const override;

 private:
  FeedbackStyle style_;
};

}  // namespace tripost
