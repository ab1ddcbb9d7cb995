// A model on a list of problems: its first attempts, and what it makes of them by itself.
//
// Greedy unless the sampling says otherwise. Without self-improvement the first attempt is the
// final answer.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "evaluate/scores.h"
#include "task/task.h"
#include "text/generate.h"
#include "trajectory/exchange.h"

namespace tripost {

// How many first attempts hit their token limit, and how the turns ended, by cause; what failed and
// why the first did. A score that a limit or a lack of memory has lowered is to be seen as such.
std::string describe_ends(const std::vector<Exchange>& exchanges);

struct EvaluateConfig {
  bool self_improve = true;
  int max_updates = 3;
  Sampling sampling;  // of attempts, feedback and updates
  uint64_t seed = 0;
};

struct Evaluation {
  std::vector<Exchange> exchanges;  // one for each problem, in their order
  std::vector<Result> results;
  double seconds = 0.0;
};

Evaluation evaluate(const std::vector<Problem>& problems, const Task& task,
                    const Generate& generate, const EvaluateConfig& config);

// Who attempts, and who goes on from there: the model by itself, or an LLM in its place. Without
// `correct` the first attempt is the final answer.
struct EvaluateStages {
  std::function<std::vector<Exchange>(const std::vector<Problem>&)> attempt;
  std::function<std::vector<Exchange>(std::vector<Exchange>)> correct;
};

// Of the model by itself. Task and generate outlive them.
EvaluateStages model_stages(const Task& task, const Generate& generate,
                            const EvaluateConfig& config);

Evaluation evaluate(const std::vector<Problem>& problems, const Task& task,
                    const EvaluateStages& stages);

}  // namespace tripost
