#include "edit/scripted_source.h"

#include "base/parallel.h"

namespace tripost {

std::vector<Reviewed> ScriptedFeedback::review(const std::vector<ReviewRequest>& requests) {
  std::vector<Reviewed> answers(requests.size());
  for_each_index(requests.size(), [&](std::size_t i) {
    Review& review = answers[i].review = task_.verify(*requests[i].problem, requests[i].attempt);
    if (review.failed) answers[i].failure = review.error;
  });
  return answers;
}

std::vector<Improved> ScriptedImprovement::improve(
    const std::vector<ImprovementRequest>& requests) {
  std::vector<Improved> answers(requests.size());
  for_each_index(requests.size(), [&](std::size_t i) {
    const ImprovementRequest& request = requests[i];
    answers[i].attempt =
        task_.improve(*request.problem, request.attempt, request.review, answers[i].why);
  });
  return answers;
}

}  // namespace tripost
