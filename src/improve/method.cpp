#include "improve/method.h"

#include <utility>

#include "improve/collect.h"

namespace tripost {

Method tripost_method() { return {.name = "TriPosT", .collect = collect_records}; }

Method tripost_method(FeedbackSource& feedback, ImprovementSource& improvement) {
  Method method = tripost_method();
  method.collect = [&](const Task& task, LocalModel& model, const ImproveConfig& config,
                       const RunDirectory& run, int iteration, const Progress& progress) {
    return collect_records_with(feedback, improvement, task, model, config, run, iteration,
                                progress);
  };
  return method;
}

Method gold_method(std::vector<int64_t> steps) {
  const auto collect = [](const Task& task, LocalModel&, const ImproveConfig& config,
                          const RunDirectory&, int iteration, const Progress&) {
    return gold_rationales(training_problems(task, config, iteration), config.weights.question);
  };
  return {.name = "FT continued",
          .collect = collect,
          .learns_feedback = false,
          .test_every_iteration = false,
          .steps = std::move(steps)};
}

}  // namespace tripost
