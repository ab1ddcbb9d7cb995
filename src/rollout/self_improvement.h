// The model's own turns after its first attempt: feedback, update, feedback, ... until it is done.
//
// The model sees its last attempt only (question, attempt, its feedback), as turn-converted
// training shows it. Its turns end when it calls its attempt correct, when an update changes
// nothing or goes back to an older attempt, when its feedback cannot be read or an attempt hits its
// limit, or after max_updates; StopReason says which, and nothing else ends them: no guard looks at
// how an attempt is worded. Used for training rollouts and for evaluation alike. It takes no side:
// whether the first or the last attempt is better is not judged here; log-probabilities are
// recorded for who wants to.
#pragma once

#include <cstdint>
#include <vector>

#include "task/task.h"
#include "text/generate.h"
#include "trajectory/exchange.h"

namespace tripost {

struct SelfImprovementConfig {
  int max_updates = 3;  // the last update gets feedback too, which can then change nothing
  Sampling feedback;    // stop strings are set by the stage
  Sampling update;
  uint64_t seed = 0;  // as in RolloutConfig, so that an exchange goes on with its own randomness
  uint64_t iteration = 0;
};

// Goes on with `exchanges` of one attempt each, and keeps their order: all feedback of a round in
// one batch, then all updates.
std::vector<Exchange> self_improve(std::vector<Exchange> exchanges, const Task& task,
                                   const Generate& generate, const SelfImprovementConfig& config);

}  // namespace tripost
