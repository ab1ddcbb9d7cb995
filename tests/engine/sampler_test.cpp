#include "engine/sampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/random.h"

namespace tripost {
namespace {

std::vector<float> random_logits(int64_t count, uint64_t seed) {
  Random random(seed);
  std::vector<float> logits(static_cast<std::size_t>(count));
  for (float& logit : logits) logit = static_cast<float>(6.0 * random.uniform() * random.uniform());
  return logits;
}

// The distribution by the definitions, in double precision: temperature, top-k, top-p on what is
// left, min-p.
std::vector<double> brute_force(const std::vector<float>& logits, const Sampling& sampling) {
  std::vector<double> p(logits.size());
  const double largest = *std::max_element(logits.begin(), logits.end());
  for (std::size_t i = 0; i < p.size(); ++i)
    p[i] = std::exp((logits[i] - largest) / sampling.temperature);
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return p[a] > p[b]; });
  const std::size_t k =
      sampling.top_k > 0 ? std::min<std::size_t>(sampling.top_k, p.size()) : p.size();
  for (std::size_t rank = k; rank < p.size(); ++rank) p[order[rank]] = 0;
  const double mass = std::accumulate(p.begin(), p.end(), 0.0);
  double before = 0;
  for (const std::size_t id : order) {
    const double own = p[id];
    if (before >= sampling.top_p * mass || own < sampling.min_p * 1.0) p[id] = 0;
    before += own;
  }
  const double total = std::accumulate(p.begin(), p.end(), 0.0);
  for (double& value : p) value /= total;
  return p;
}

class SamplerRules : public ::testing::TestWithParam<Sampling> {};

TEST_P(SamplerRules, DrawsFollowTheDistributionComputedByDefinition) {
  const auto logits = random_logits(200, 4);
  const auto expected = brute_force(logits, GetParam());
  Sampler sampler(200);
  constexpr int kDraws = 40000;
  std::vector<int> counts(200);
  for (int draw = 0; draw < kDraws; ++draw)
    ++counts[sampler.sample(logits.data(), GetParam(), 11, draw).id];
  double chi_squared = 0;
  int kinds = 0;
  for (std::size_t id = 0; id < 200; ++id) {
    if (expected[id] == 0) {
      EXPECT_EQ(counts[id], 0) << "token " << id << " is ruled out";
      continue;
    }
    ++kinds;
    chi_squared += std::pow(counts[id] - expected[id] * kDraws, 2) / (expected[id] * kDraws);
  }
  // Mean kinds - 1, variance twice that: five deviations.
  EXPECT_LT(chi_squared, kinds + 5 * std::sqrt(2.0 * kinds));
}

INSTANTIATE_TEST_SUITE_P(
    Rules, SamplerRules,
    ::testing::Values(
        Sampling{.temperature = 1.0}, Sampling{.temperature = 0.5}, Sampling{.temperature = 2.5},
        Sampling{.temperature = 1.0, .top_k = 1}, Sampling{.temperature = 1.0, .top_k = 7},
        Sampling{.temperature = 1.0, .top_k = 500}, Sampling{.temperature = 1.0, .top_p = 0.6},
        Sampling{.temperature = 1.0, .top_p = 1e-6}, Sampling{.temperature = 0.7, .top_p = 0.95},
        Sampling{.temperature = 1.0, .min_p = 0.1},
        Sampling{.temperature = 0.8, .top_k = 50, .top_p = 0.9, .min_p = 0.02}));

TEST(Sampler, GreedyTakesTheLowestOfTheLargest) {
  std::vector<float> logits(100, 1.0f);
  logits[70] = logits[30] = 2.0f;
  EXPECT_EQ(Sampler(100).sample(logits.data(), {}, 1, 1).id, 30);
}

TEST(Sampler, TopKOfEqualLogitsKeepsTheLowestIds) {
  const std::vector<float> logits(100, 0.5f);
  Sampler sampler(100);
  for (int draw = 0; draw < 200; ++draw) {
    EXPECT_LT(sampler.sample(logits.data(), {.temperature = 1.0, .top_k = 3}, 1, draw).id, 3);
  }
}

TEST(Sampler, LogProbabilitiesAreUntemperedAndUntruncated) {
  const auto logits = random_logits(300, 9);
  double sum = 0;
  for (const float logit : logits) sum += std::exp(static_cast<double>(logit));
  Sampler sampler(300);
  for (int draw = 0; draw < 50; ++draw) {
    const Draw drawn =
        sampler.sample(logits.data(), {.temperature = 1.7, .top_k = 20, .top_p = 0.8}, 3, draw);
    EXPECT_NEAR(drawn.log_probability, logits[drawn.id] - std::log(sum), 1e-5);
  }
}

TEST(Sampler, APenaltyOnRepetitionIsThatOfTransformersAndLeavesLogProbabilitiesAlone) {
  auto logits = random_logits(300, 9);
  for (float& logit : logits) logit -= 2.0f;  // so that some are below 0
  const std::vector<int32_t> seen = {0, 17, 42, 43, 44, 250, 299};
  auto penalised = logits;
  for (const int32_t id : seen) {
    float& logit = penalised[static_cast<std::size_t>(id)];
    logit = static_cast<float>(logit > 0 ? logit / 1.8 : logit * 1.8);
  }
  double sum = 0;
  for (const float logit : logits) sum += std::exp(static_cast<double>(logit));
  Sampler sampler(300), plain(300);
  for (Sampling sampling : {Sampling{}, Sampling{.temperature = 1.0},
                            Sampling{.temperature = 0.6, .top_k = 30, .top_p = 0.9}}) {
    for (int draw = 0; draw < 100; ++draw) {
      sampling.repetition_penalty = 1.0;
      const int32_t expected = plain.sample(penalised.data(), sampling, 3, draw).id;
      sampling.repetition_penalty = 1.8;
      const Draw drawn = sampler.sample(logits.data(), sampling, 3, draw, seen);
      EXPECT_EQ(drawn.id, expected);
      EXPECT_NEAR(drawn.log_probability, logits[static_cast<std::size_t>(drawn.id)] - std::log(sum),
                  1e-5);
      for (const LikelyToken& token : sampler.likeliest(300)) {
        EXPECT_NEAR(token.log_probability,
                    logits[static_cast<std::size_t>(token.id)] - std::log(sum), 1e-5);
      }
    }
  }
}

TEST(Sampler, ADrawDependsOnSeedAndPositionOnly) {
  const auto logits = random_logits(300, 2), others = random_logits(300, 3);
  const Sampling sampling{.temperature = 1.0};
  Sampler one(300), two(300);
  for (int position = 0; position < 20; ++position) {
    const int32_t first = one.sample(logits.data(), sampling, 5, position).id;
    two.sample(others.data(), sampling, 6, position);
    EXPECT_EQ(first, two.sample(logits.data(), sampling, 5, position).id);
  }
}

TEST(Sampler, LogitsWithoutAFiniteDistributionGiveNoToken) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const float bad : {nan, kInfinity, -nan}) {
    for (const int place : {0, 17, 99}) {
      auto logits = random_logits(100, 1);
      logits[place] = bad;
      EXPECT_EQ(Sampler(100).sample(logits.data(), {}, 1, 1).id, -1);
      EXPECT_EQ(Sampler(100).sample(logits.data(), {.temperature = 1.0, .top_p = 0.9}, 1, 1).id,
                -1);
    }
  }
  const std::vector<float> none(100, -kInfinity), all_nan(100, nan);
  EXPECT_EQ(Sampler(100).sample(none.data(), {.temperature = 1.0}, 1, 1).id, -1);
  EXPECT_EQ(Sampler(100).sample(all_nan.data(), {}, 1, 1).id, -1);
}

TEST(Sampler, AMaskedLogitIsNeverDrawnAndDoesNoHarm) {
  auto logits = random_logits(100, 1);
  for (int id = 0; id < 99; ++id) logits[id] = -std::numeric_limits<float>::infinity();
  const Draw draw = Sampler(100).sample(logits.data(), {.temperature = 1.0}, 1, 1);
  EXPECT_EQ(draw.id, 99);
  EXPECT_NEAR(draw.log_probability, 0.0, 1e-6);
}

TEST(Sampler, ATemperatureNearZeroIsGreedy) {
  const auto logits = random_logits(100, 8);
  const int32_t greedy = Sampler(100).sample(logits.data(), {}, 1, 1).id;
  EXPECT_EQ(Sampler(100).sample(logits.data(), {.temperature = 1e-40}, 1, 1).id, greedy);
}

TEST(SamplingKernels, AllInstructionSetsAgreeWithTheStandardLibrary) {
  std::vector<float> row = random_logits(1024, 6), weights(1024);
  for (float& value : row) value = value * 20 - 60;
  const float largest = *std::max_element(row.begin(), row.end());
  for (const auto* kernels : kernels::runnable_sampling_kernels()) {
    EXPECT_EQ(kernels->largest(row.data(), 1024), largest);
    const double sum = kernels->exponentials(row.data(), 1024, largest, 0.7f, weights.data());
    double expected = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const double exact = std::exp((static_cast<double>(row[i]) - largest) * 0.7f);
      // The exponent itself is rounded once in float32: up to 60 * 2^-24 of relative error.
      EXPECT_NEAR(weights[i], exact, 8e-6 * exact + 1e-37);
      expected += exact;
    }
    EXPECT_NEAR(sum, expected, 1e-5 * expected);
    const double target = 0.37 * sum;
    double before = 0;
    int64_t id = 0;
    while ((before += weights[id]) <= target) ++id;
    EXPECT_EQ(kernels->find(weights.data(), 1024, target), id);
    EXPECT_EQ(kernels->find(weights.data(), 1024, 2 * sum), 1023);
  }
}

}  // namespace
}  // namespace tripost
