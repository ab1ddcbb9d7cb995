#include "evaluate/evaluate.h"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <utility>

#include "rollout/rollout.h"
#include "rollout/self_improvement.h"

namespace tripost {

std::string describe_ends(const std::vector<Exchange>& exchanges) {
  std::map<std::string, int> ends;
  int cut = 0;
  const std::string* failure = nullptr;
  for (const Exchange& exchange : exchanges) {
    ++ends[name_of(exchange.stop)];
    if (exchange.stop != StopReason::kFailed) {
      cut += !exchange.steps.front().attempt.complete;
    } else if (failure == nullptr) {
      failure = &exchange.failure;
    }
  }
  std::string text = fmt::format(
      "{} of {} first attempts cut at the token limit; turns ended: ", cut, exchanges.size());
  for (const auto& [name, count] : ends)
    text += fmt::format("{}{} {}", name == ends.begin()->first ? "" : ", ", count, name);
  return failure == nullptr ? text : fmt::format("{}; the first failure: {}", text, *failure);
}

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
