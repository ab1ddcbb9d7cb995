#include "train/schedule.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tripost {
namespace {

TrainConfig config_of(Schedule schedule, double warmup_ratio, double final_ratio) {
  TrainConfig config;
  config.learning_rate = 2.0;
  config.schedule = schedule;
  config.warmup_ratio = warmup_ratio;
  config.final_ratio = final_ratio;
  return config;
}

TEST(Schedule, WarmUpClimbsInEqualStepsFromAboveZeroToThePeak) {
  const TrainConfig config = config_of(Schedule::kConstant, 0.3, 0);  // 3 steps of 10
  EXPECT_DOUBLE_EQ(learning_rate_at(config, 0, 10), 0.5);
  EXPECT_DOUBLE_EQ(learning_rate_at(config, 1, 10), 1.0);
  EXPECT_DOUBLE_EQ(learning_rate_at(config, 2, 10), 1.5);
  EXPECT_DOUBLE_EQ(learning_rate_at(config, 3, 10), 2.0);
  EXPECT_DOUBLE_EQ(learning_rate_at(config, 9, 10), 2.0);
}

TEST(Schedule, LinearDecayWouldReachItsFinalRateOneStepAfterTheLast) {
  const TrainConfig to_zero = config_of(Schedule::kLinear, 0.2, 0);  // 2 steps of 10, 8 of decay
  EXPECT_DOUBLE_EQ(learning_rate_at(to_zero, 2, 10), 2.0);
  EXPECT_DOUBLE_EQ(learning_rate_at(to_zero, 6, 10), 1.0);
  EXPECT_DOUBLE_EQ(learning_rate_at(to_zero, 9, 10), 0.25);
  const TrainConfig to_half = config_of(Schedule::kLinear, 0, 0.5);
  EXPECT_DOUBLE_EQ(learning_rate_at(to_half, 0, 4), 2.0);
  EXPECT_DOUBLE_EQ(learning_rate_at(to_half, 2, 4), 1.5);
}

TEST(Schedule, CosineDecayIsHalfWayAtHalfTime) {
  const TrainConfig config = config_of(Schedule::kCosine, 0, 0.1);
  EXPECT_DOUBLE_EQ(learning_rate_at(config, 0, 8), 2.0);
  EXPECT_DOUBLE_EQ(learning_rate_at(config, 4, 8), 1.1);
  EXPECT_NEAR(learning_rate_at(config, 2, 8), 0.2 + 1.8 * (0.5 + std::sqrt(0.5) / 2), 1e-12);
}

TEST(Schedule, ASingleStepHasThePeakRateWithoutWarmUp) {
  for (const Schedule schedule : {Schedule::kConstant, Schedule::kLinear, Schedule::kCosine}) {
    EXPECT_DOUBLE_EQ(learning_rate_at(config_of(schedule, 0.1, 0), 0, 1), 2.0);
  }
}

TEST(Schedule, AllWarmUpNeverDividesByZero) {
  EXPECT_DOUBLE_EQ(learning_rate_at(config_of(Schedule::kLinear, 1.0, 0), 3, 4), 2.0 * 4 / 5);
}

}  // namespace
}  // namespace tripost
