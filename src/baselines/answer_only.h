// Fine-tuning on answers alone (paper, table 2, "ft answer-only"): a task whose rationales are
// their last line.
//
// A view of another task: the same questions and splits, no lead-in to think step by step, and "So
// the answer is ..." as the whole attempt. Holds a reference to the task it shows; that one must
// live longer.
#pragma once

#include <string>
#include <vector>

#include "task/task.h"

namespace tripost {

class AnswerOnlyTask : public Task {
 public:
  explicit AnswerOnlyTask(const Task& task) : task_(task) {}

  std::string name() const override { return task_.name(); }
  std::vector<Level> levels() const override { return task_.levels(); }
  std::vector<Problem> problems(Split split, const std::vector<std::string>& levels, int count,
                                uint64_t seed) const override;
  Problem parse_problem(const std::string& question, const std::string& where) const override;
  Verdict grade(const Problem& problem, const std::string& attempt) const override;

  // There are no steps: an attempt is right or its final response is wrong.
  Review verify(const Problem& problem, const std::string& attempt) const override;
  std::optional<std::string> improve(const Problem& problem, const std::string& attempt,
                                     const Review& review, std::string& why) const override;
  std::string praise(const std::string& attempt) const override { return task_.praise(attempt); }
  Review parse_feedback(const std::string& feedback) const override {
    return task_.parse_feedback(feedback);
  }

 private:
  const Task& task_;
};

// The problem with its rationale's last line, label taken off, as its rationale, and no lead-in.
Problem answer_only(Problem problem);

}  // namespace tripost
