// Problems to first attempts: prompts rendered, completions drawn, read and graded.
//
// One Exchange of one attempt for every problem and sample, in that order (all samples of the first
// problem, then the second's). What is drawn depends on the run's seed, the iteration, the problem
// and the sample, never on the batch. A generation that fails is an exchange that says why.
#pragma once

#include <cstdint>
#include <vector>

#include "task/task.h"
#include "text/generate.h"
#include "trajectory/exchange.h"

namespace tripost {

struct RolloutConfig {
  int samples = 1;    // attempts at each problem
  Sampling sampling;  // its stop strings are the renderer's labels, whatever stands here
  uint64_t seed = 0;  // of the run
  uint64_t iteration = 0;
};

std::vector<Exchange> rollout(const std::vector<Problem>& problems, const Task& task,
                              const Generate& generate, const RolloutConfig& config);

// The seed of an exchange's first attempt; every later generation of the exchange has one derived
// from it.
uint64_t seed_of_exchange(const RolloutConfig& config, const Problem& problem, int sample);

}  // namespace tripost
