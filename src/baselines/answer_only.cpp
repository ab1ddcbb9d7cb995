#include "baselines/answer_only.h"

#include <string_view>
#include <utility>

#include "task/feedback_text.h"

namespace tripost {

Problem answer_only(Problem problem) {
  constexpr std::string_view kLabel = "(Final response) ";
  std::string& rationale = problem.rationale;
  rationale.erase(0, rationale.rfind('\n') + 1);  // npos + 1 is 0: a rationale of one line stays
  if (rationale.starts_with(kLabel)) rationale.erase(0, kLabel.size());
  problem.lead_in.clear();
  return problem;
}

std::vector<Problem> AnswerOnlyTask::problems(Split split, const std::vector<std::string>& levels,
                                              int count, uint64_t seed) const {
  std::vector<Problem> problems = task_.problems(split, levels, count, seed);
  for (Problem& problem : problems) problem = answer_only(std::move(problem));
  return problems;
}

Problem AnswerOnlyTask::parse_problem(const std::string& question, const std::string& where) const {
  return answer_only(task_.parse_problem(question, where));
}

Verdict AnswerOnlyTask::grade(const Problem& problem, const std::string& attempt) const {
  return task_.grade(problem, attempt);
}

Review AnswerOnlyTask::verify(const Problem& problem, const std::string& attempt) const {
  const Verdict verdict = grade(problem, attempt);
  Review review{.correct = verdict.correct, .error = verdict.error};
  if (verdict.correct) {
    review.feedback = praise(attempt);
  } else if (verdict.error.empty()) {
    review.step = kFinalStep;
    review.segment = attempt;
    review.reason = "it is not the answer to the question";
    review.feedback = error_feedback("", review.step, review.segment, review.reason);
  }
  return review;
}

std::optional<std::string> AnswerOnlyTask::improve(const Problem& problem, const std::string&,
                                                   const Review&, std::string& why) const {
  if (problem.rationale.empty()) {
    why = "the gold answer is not known";
    return std::nullopt;
  }
  return problem.rationale;
}

}  // namespace tripost
