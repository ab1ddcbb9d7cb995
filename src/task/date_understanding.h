// BIG-bench's date understanding: a sentence or two fix today's date, and one of nine dates near it
// is asked for, with five or six options.
//
// Questions, prompts and answers are the reference's to the letter. Beyond the reference, which has
// an LLM write and check the steps: contexts of some fifty families are understood and generated,
// the steps are scripted, and every step is checked by calendar arithmetic (date_checker.h). Of the
// reference's 221 distinct questions all are understood; for 9 of them the calendar disagrees with
// the reference's answer (tests/task/date_reference_test.cpp lists them).
#pragma once

#include "task/task.h"

namespace tripost {

class DateUnderstanding : public Task {
 public:
  std::string name() const override { return "date_understanding"; }
  std::vector<Level> levels() const override;
  std::vector<Problem> problems(Split split, const std::vector<std::string>& levels, int count,
                                uint64_t seed) const override;
  // Gold and rationale stay empty, and the level is "other", when the context is not understood;
  // gold and rationale also when no option is the date that follows from it.
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
