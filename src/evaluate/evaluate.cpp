#include "evaluate/evaluate.h"

#include <chrono>

#include "rollout/rollout.h"
#include "rollout/self_improvement.h"

namespace tripost {

Evaluation evaluate(const std::vector<Problem>& problems, const Task& task,
                    const Generate& generate, const EvaluateConfig& config) {
  const auto start = std::chrono::steady_clock::now();
  RolloutConfig first;
  first.sampling = config.sampling;
  first.seed = config.seed;
  Evaluation evaluation;
  evaluation.exchanges = rollout(problems, task, generate, first);
  if (config.self_improve) {
    SelfImprovementConfig turns;
    turns.max_updates = config.max_updates;
    turns.feedback = turns.update = config.sampling;
    turns.seed = config.seed;
    evaluation.exchanges = self_improve(std::move(evaluation.exchanges), task, generate, turns);
  }
  evaluation.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  for (const Exchange& exchange : evaluation.exchanges)
    evaluation.results.push_back(result_of(exchange, task));
  return evaluation;
}

}  // namespace tripost
