#include "baselines/partial_feedback.h"

#include "improve/collect.h"
#include "task/feedback_text.h"

namespace tripost {
namespace {

// What the feedback says before it comes to the wrong step.
std::string opening_of(const Review& review) {
  return review.feedback.substr(0, review.feedback.rfind("In step (" + review.step + ") the part"));
}

}  // namespace

std::vector<Reviewed> PartialFeedback::review(const std::vector<ReviewRequest>& requests) {
  auto answers = ScriptedFeedback::review(requests);
  for (Reviewed& answer : answers) {
    Review& review = answer.review;
    if (review.correct || !review.error.empty()) continue;
    const bool no_reason = left_out_ == LeftOut::kReason;
    review.feedback =
        opening_of(review) + error_feedback("", review.step, no_reason ? review.segment : "",
                                            no_reason ? "" : review.reason);
  }
  return answers;
}

CollectRecords collect_with_partial_feedback(LeftOut left_out) {
  return [left_out](const Task& task, LocalModel& model, const ImproveConfig& config,
                    const RunDirectory& run, int iteration, const Progress& progress) {
    PartialFeedback feedback(task, left_out);
    ScriptedImprovement improvement(task);
    return collect_records_with(feedback, improvement, task, model, config, run, iteration,
                                progress);
  };
}

}  // namespace tripost
