#include "evaluate/evaluate.h"

#include <chrono>
#include <utility>

#include "rollout/rollout.h"
#include "rollout/self_improvement.h"

namespace tripost {

EvaluateStages model_stages(const Task& task, const Generate& generate,
                            const EvaluateConfig& config) {
  EvaluateStages stages;
  stages.attempt = [&task, &generate, config](const std::vector<Problem>& problems) {
    RolloutConfig first;
    first.sampling = config.sampling;
    first.seed = config.seed;
    return rollout(problems, task, generate, first);
  };
  if (!config.self_improve) return stages;
  stages.correct = [&task, &generate, config](std::vector<Exchange> exchanges) {
    SelfImprovementConfig turns;
    turns.max_updates = config.max_updates;
    turns.feedback = turns.update = config.sampling;
    turns.seed = config.seed;
    return self_improve(std::move(exchanges), task, generate, turns);
  };
  return stages;
}

Evaluation evaluate(const std::vector<Problem>& problems, const Task& task,
                    const EvaluateStages& stages) {
  const auto start = std::chrono::steady_clock::now();
  Evaluation evaluation;
  evaluation.exchanges = stages.attempt(problems);
  if (stages.correct) evaluation.exchanges = stages.correct(std::move(evaluation.exchanges));
  evaluation.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  for (const Exchange& exchange : evaluation.exchanges)
    evaluation.results.push_back(result_of(exchange, task));
  return evaluation;
}

Evaluation evaluate(const std::vector<Problem>& problems, const Task& task,
                    const Generate& generate, const EvaluateConfig& config) {
  return evaluate(problems, task, model_stages(task, generate, config));
}

}  // namespace tripost
