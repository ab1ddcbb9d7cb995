// The paper's logical deduction: three, five or seven objects in a fixed order, clues about it, and
// the one option that follows from them.
//
// Questions, prompts and answers are the reference's to the byte. Its rationales come from an LLM
// and many of them are wrong; ours are made by a solver (logical_deduction_rationale.h), checked by
// a verifier that needs no LLM (logical_deduction_checker.h), and new questions come from a
// generator with its own scenes (logical_deduction_generator.h).
#pragma once

#include "task/task.h"

namespace tripost {

class LogicalDeduction : public Task {
 public:
  std::string name() const override { return "logical_deduction"; }
  std::vector<Level> levels() const override;
  // A level is the number of objects: the paper's "3", "5" and "7", and "4" and "6" as well.
  std::vector<Problem> problems(Split split, const std::vector<std::string>& levels, int count,
                                uint64_t seed) const override;
  // The question with its option lines. The rationale stays empty when the clues leave more than
  // one ordering, though only one option follows.
  Problem parse_problem(const std::string& question, const std::string& where) const override;
  Verdict grade(const Problem& problem, const std::string& attempt) const override;
  Review verify(const Problem& problem, const std::string& attempt) const override;
  std::optional<std::string> improve(const Problem& problem, const std::string& attempt,
                                     const Review& review, std::string& why) const override;
  std::string praise(const std::string& attempt) const override;
  Review parse_feedback(const std::string& feedback) const override;
  std::optional<InjectedError> inject_error(const Problem& problem, Random& random) const override;
};

}  // namespace tripost
