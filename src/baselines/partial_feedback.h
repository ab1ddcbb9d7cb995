// Ablations of the verifier: TriPosT whose feedback leaves out the reason, or does not quote the
// wrong part (the fb_* switches of the paper's code, reference-behaviour.md section 4.1).
//
// The improver is told everything all the same, so that corrections stay as they are and only what
// the small model reads and learns to say differs.
#pragma once

#include "edit/scripted_source.h"
#include "improve/method.h"

namespace tripost {

enum class LeftOut { kReason, kSegment };

class PartialFeedback : public ScriptedFeedback {
 public:
  PartialFeedback(const Task& task, LeftOut left_out)
      : ScriptedFeedback(task), left_out_(left_out) {}
  std::vector<Reviewed> review(const std::vector<ReviewRequest>& requests) override;

 private:
  LeftOut left_out_;
};

CollectRecords collect_with_partial_feedback(LeftOut left_out);

}  // namespace tripost
