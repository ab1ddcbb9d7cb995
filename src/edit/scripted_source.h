// The task's own verifier and improver as sources: scripts, which never fail, or a user's programs,
// which may. Requests are answered on all cores.
#pragma once

#include <vector>

#include "edit/source.h"

namespace tripost {

class ScriptedFeedback : public FeedbackSource {
 public:
  explicit ScriptedFeedback(const Task& task) : task_(task) {}
  Source source() const override { return Source::kScript; }
  std::vector<Reviewed> review(const std::vector<ReviewRequest>& requests) override;

 private:
  const Task& task_;
};

class ScriptedImprovement : public ImprovementSource {
 public:
  explicit ScriptedImprovement(const Task& task) : task_(task) {}
  Source source() const override { return Source::kScript; }
  std::vector<Improved> improve(const std::vector<ImprovementRequest>& requests) override;

 private:
  const Task& task_;
};

}  // namespace tripost
