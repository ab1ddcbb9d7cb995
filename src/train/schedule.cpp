#include "train/schedule.h"

#include <cassert>
#include <cmath>
#include <numbers>

namespace tripost {
namespace {

// From 1 at progress 0 to final_ratio at progress 1.
double decay(const TrainConfig& config, double progress) {
  const double range = 1.0 - config.final_ratio;
  switch (config.schedule) {
    case Schedule::kConstant:
      return 1.0;
    case Schedule::kLinear:
      return 1.0 - range * progress;
    case Schedule::kCosine:
      return config.final_ratio + range * 0.5 * (1.0 + std::cos(std::numbers::pi * progress));
  }
  assert(false);
  return 0;
}

}  // namespace

double learning_rate_at(const TrainConfig& config, int64_t step, int64_t total_steps) {
  assert(0 <= step && step < total_steps);
  const int64_t warmup = std::llround(config.warmup_ratio * static_cast<double>(total_steps));
  if (step < warmup) {
    return config.learning_rate * static_cast<double>(step + 1) / static_cast<double>(warmup + 1);
  }
  const double progress =
      static_cast<double>(step - warmup) / static_cast<double>(total_steps - warmup);
  return config.learning_rate * decay(config, progress);
}

}  // namespace tripost
