// The learning rate of each step: a linear warm-up, then constant, linear or cosine. A pure
// function.
#pragma once

#include <cstdint>

#include "train/trainer.h"

namespace tripost {

// Steps count from 0 to total_steps - 1. With w = round(warmup_ratio * total_steps): steps before w
// climb linearly as (step + 1) / (w + 1), so that none is wasted on a rate of 0; step w has the
// peak; the decay would reach final_ratio * peak at total_steps, one step after the last.
double learning_rate_at(const TrainConfig& config, int64_t step, int64_t total_steps);

}  // namespace tripost
