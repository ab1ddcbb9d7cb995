#include "train/packing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.h"

namespace tripost {
namespace {

std::vector<int64_t> random_lengths(int64_t count, int64_t longest, uint64_t seed) {
  Random random(seed);
  std::vector<int64_t> lengths;
  for (int64_t i = 0; i < count; ++i) lengths.push_back(random.between(1, longest));
  return lengths;
}

int64_t tokens_in(const Indices& indices, const std::vector<int64_t>& lengths) {
  int64_t tokens = 0;
  for (const int64_t index : indices) tokens += lengths[index];
  return tokens;
}

Indices all_sorted(const std::vector<Indices>& groups) {
  Indices all;
  for (const Indices& group : groups) all.insert(all.end(), group.begin(), group.end());
  std::sort(all.begin(), all.end());
  return all;
}

Indices zero_to(int64_t count) {
  Indices all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

TEST(Packing, AnEpochHoldsEachExampleExactlyOnce) {
  for (const int64_t count : {1, 2, 17, 400}) {
    const auto lengths = random_lengths(count, 300, static_cast<uint64_t>(count));
    EXPECT_EQ(all_sorted(epoch_steps(lengths, 1000, 5)), zero_to(count));
  }
}

TEST(Packing, AnEpochHasTheSameNumberOfStepsWhateverTheSeedAndNoneIsEmpty) {
  const auto lengths = random_lengths(200, 900, 3);
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const auto steps = epoch_steps(lengths, 1000, seed);
    EXPECT_EQ(static_cast<int64_t>(steps.size()), steps_per_epoch(lengths, 1000));
    for (const Indices& step : steps) EXPECT_FALSE(step.empty());
  }
}

TEST(Packing, StepsHoldAboutTheTokensAskedFor) {
  const auto lengths = random_lengths(2000, 100, 9);
  for (const Indices& step : epoch_steps(lengths, 4000, 1)) {
    EXPECT_NEAR(static_cast<double>(tokens_in(step, lengths)), 4000, 150);
  }
}

TEST(Packing, ExamplesLongerThanAStepGetStepsOfTheirOwn) {
  const std::vector<int64_t> lengths{50, 50, 50};
  EXPECT_EQ(epoch_steps(lengths, 10, 0).size(), 3u);
}

TEST(Packing, NoExamplesMakeNoSteps) {
  EXPECT_TRUE(epoch_steps({}, 10, 0).empty());
  EXPECT_EQ(steps_per_epoch({}, 10), 0);
}

TEST(Packing, TheOrderFollowsTheSeedAlone) {
  const auto lengths = random_lengths(100, 30, 4);
  EXPECT_EQ(epoch_steps(lengths, 200, 7), epoch_steps(lengths, 200, 7));
  EXPECT_NE(epoch_steps(lengths, 200, 7), epoch_steps(lengths, 200, 8));
}

TEST(Packing, MicroBatchesHoldEachExampleOfTheStepOnceWithinTheLimit) {
  const auto lengths = random_lengths(300, 400, 11);
  const Indices step = zero_to(300);
  for (const int64_t limit : {400, 1000, 7777, 1000000}) {
    for (const int64_t streams : {1, 2, 3}) {
      const auto batches = micro_batches(step, lengths, limit, streams);
      EXPECT_EQ(all_sorted(batches), step);
      EXPECT_EQ(batches.size() % static_cast<std::size_t>(streams), 0u) << limit << " " << streams;
      for (const Indices& batch : batches) EXPECT_LE(tokens_in(batch, lengths), limit);
    }
  }
}

TEST(Packing, AnExampleLongerThanTheLimitGetsAMicroBatchOfItsOwn) {
  const std::vector<int64_t> lengths{5, 90, 5, 5};
  const auto batches = micro_batches({0, 1, 2, 3}, lengths, 20, 1);
  EXPECT_EQ(all_sorted(batches), zero_to(4));
  EXPECT_THAT(batches, testing::Contains(Indices{1}));
}

TEST(Packing, StreamsGetNearlyEqualWork) {
  const auto lengths = random_lengths(40, 200, 13);
  const auto batches = micro_batches(zero_to(40), lengths, 100000, 2);
  ASSERT_EQ(batches.size(), 2u);
  EXPECT_NEAR(static_cast<double>(tokens_in(batches[0], lengths)),
              static_cast<double>(tokens_in(batches[1], lengths)), 40);
}

TEST(Packing, FewerExamplesThanStreamsGiveOneMicroBatchEach) {
  EXPECT_EQ(micro_batches({4}, {1, 1, 1, 1, 9}, 100, 8), (std::vector<Indices>{{4}}));
}

}  // namespace
}  // namespace tripost
