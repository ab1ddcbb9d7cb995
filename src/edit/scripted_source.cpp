#include "edit/scripted_source.h"

namespace tripost {

std::vector<Reviewed> ScriptedFeedback::review(const std::vector<ReviewRequest>& requests) {
  std::vector<Reviewed> answers;
  for (const ReviewRequest& request : requests) {
    answers.push_back({task_.verify(*request.problem, request.attempt), ""});
  }
  return answers;
}

std::vector<Improved> ScriptedImprovement::improve(
    const std::vector<ImprovementRequest>& requests) {
  std::vector<Improved> answers;
  for (const ImprovementRequest& request : requests) {
    Improved answer;
    answer.attempt = task_.improve(*request.problem, request.attempt, request.review, answer.why);
    answers.push_back(std::move(answer));
  }
  return answers;
}

}  // namespace tripost
