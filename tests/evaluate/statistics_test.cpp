#include "evaluate/statistics.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"

namespace tripost {
namespace {

// 81/263, 15/148: R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3. The others
// by the formula in Python.
TEST(WilsonInterval, HasThePublishedValues) {
  EXPECT_NEAR(wilson_interval(81, 263).low, 0.2553, 5e-5);
  EXPECT_NEAR(wilson_interval(81, 263).high, 0.3662, 5e-5);
  EXPECT_NEAR(wilson_interval(15, 148).low, 0.0624, 5e-5);
  EXPECT_NEAR(wilson_interval(15, 148).high, 0.1605, 5e-5);
  EXPECT_NEAR(wilson_interval(10, 20).low, 0.2992980081982123, 1e-12);
  EXPECT_NEAR(wilson_interval(0, 10).high, 0.2775327998628892, 1e-12);
  EXPECT_EQ(wilson_interval(0, 10).low, 0.0);
  EXPECT_EQ(wilson_interval(400, 400).high, 1.0);
  EXPECT_NEAR(wilson_interval(400, 400).low, 0.9904877056657034, 1e-12);
}

// 2 * sum of C(n, k) / 2^n in exact integers (Python's math.comb).
TEST(McnemarExact, HasTheValuesOfTheBinomialTail) {
  EXPECT_EQ(mcnemar_exact(0, 0), 1.0);
  EXPECT_EQ(mcnemar_exact(10, 10), 1.0);
  EXPECT_NEAR(mcnemar_exact(0, 5), 0.0625, 1e-12);
  EXPECT_NEAR(mcnemar_exact(9, 1), 0.021484375, 1e-12);
  EXPECT_NEAR(mcnemar_exact(6, 16), 0.052478790283203125, 1e-12);
  EXPECT_NEAR(mcnemar_exact(100, 150), 0.001883300935076157, 1e-12);
  EXPECT_NEAR(mcnemar_exact(3000, 3200), 0.011488253770871206, 1e-9);
}

std::vector<Graded> graded(const std::vector<int>& correct) {
  std::vector<Graded> all;
  for (std::size_t i = 0; i < correct.size(); ++i)
    all.push_back({"q" + std::to_string(i), correct[i] != 0});
  return all;
}

// Of one seed.
GradedSeeds answers(const std::vector<int>& correct) { return {{42, graded(correct)}}; }

// Of a seed in which `only_a` questions were won by a alone, and `only_b` by b.
void add_seed(uint64_t seed, int only_a, int only_b, GradedSeeds& a, GradedSeeds& b) {
  std::vector<int> of_a(400, 0), of_b(400, 0);
  std::fill_n(of_a.begin(), only_a, 1);
  std::fill_n(of_b.begin() + only_a, only_b, 1);
  a[seed] = graded(of_a);
  b[seed] = graded(of_b);
}

TEST(PairedDifference, CountsWhatOneOfTheTwoAloneGotRight) {
  const auto result = paired_difference(answers({1, 0, 0, 0, 1}), answers({1, 1, 1, 0, 0}), 1);
  EXPECT_EQ(result.num_questions, 5);
  EXPECT_EQ(result.only_a, 1);
  EXPECT_EQ(result.only_b, 2);
  EXPECT_NEAR(result.difference, 0.2, 1e-12);
  EXPECT_EQ(result.p, 1.0);
  EXPECT_LE(result.interval.low, 0.2);
  EXPECT_GE(result.interval.high, 0.2);
}

TEST(PairedDifference, TheSameAnswersHaveNoDifferenceAtAll) {
  const auto result = paired_difference(answers({1, 0, 1}), answers({1, 0, 1}), 1);
  EXPECT_EQ(result.interval.low, 0.0);
  EXPECT_EQ(result.interval.high, 0.0);
}

// 100 of 400 questions gained, 40 lost: standard error sqrt((140 / 400 - 0.15^2) / 400) = 0.02861.
TEST(PairedDifference, TheBootstrapIntervalIsTheNormalOneOnManyQuestions) {
  std::vector<int> a(400, 0), b(400, 0);
  std::fill(b.begin(), b.begin() + 100, 1);
  std::fill(a.begin() + 100, a.begin() + 140, 1);
  const auto result = paired_difference(answers(a), answers(b), 3, 4000);
  EXPECT_NEAR(result.interval.low, 0.15 - 1.96 * 0.02861, 0.006);
  EXPECT_NEAR(result.interval.high, 0.15 + 1.96 * 0.02861, 0.006);
}

TEST(PairedDifference, DependsOnSeedAndQuestionsAndNotOnTheirOrder) {
  std::vector<int> a(60), b(60);
  Random random(5);
  for (auto& value : a) value = static_cast<int>(random.below(2));
  for (auto& value : b) value = static_cast<int>(random.below(2));
  auto reversed = answers(b);
  std::reverse(reversed[42].begin(), reversed[42].end());
  const auto one = paired_difference(answers(a), answers(b), 1),
             two = paired_difference(answers(a), reversed, 1);
  EXPECT_EQ(one.interval.low, two.interval.low);
  EXPECT_EQ(one.interval.high, two.interval.high);
  EXPECT_EQ(one.only_a, two.only_a);
}

TEST(PairedDifference, AnswersOfSeveralSeedsArePairedWithinTheirQuestion) {
  const GradedSeeds a = {{1, {{"x", true}, {"y", false}, {"only a", true}}}, {2, {{"x", false}}}};
  const GradedSeeds b = {{1, {{"y", true}, {"x", true}}}, {2, {{"x", true}, {"y", true}}}};
  const auto result = paired_difference(a, b, 1);
  EXPECT_EQ(result.num_questions, 2);
  EXPECT_EQ(result.num_pairs, 3);
  EXPECT_EQ(result.num_unpaired, 2);
  EXPECT_NEAR(result.difference, 2.0 / 3, 1e-12);
  // Question x gives 1 of 2, y gives 1 of 1: resamples are xx, xy, yx, yy.
  EXPECT_EQ(result.interval.low, 0.5);
  EXPECT_EQ(result.interval.high, 1.0);
}

TEST(PairedDifference, WithoutAPairThereIsNothing) {
  const auto result = paired_difference({{1, {{"x", true}}}}, {{1, {{"y", true}}}}, 1);
  EXPECT_EQ(result.num_questions, 0);
  EXPECT_EQ(result.num_unpaired, 2);
  EXPECT_EQ(result.p, 1.0);
}

TEST(PairedDifference, SeedsThatOnlyOneOfTheTwoHasAreLeftOut) {
  const auto result = paired_difference({{1, graded({0, 0})}, {2, graded({1, 1})}},
                                        {{1, graded({1, 0})}, {3, graded({1, 1})}}, 1);
  EXPECT_EQ(result.num_pairs, 2);
  EXPECT_EQ(result.num_unpaired, 4);
  EXPECT_DOUBLE_EQ(result.difference, 0.5);
  ASSERT_EQ(result.by_seed.size(), 1u);
  EXPECT_DOUBLE_EQ(result.by_seed.at(1).difference, 0.5);
}

// The seeds' p from scipy 1.17.1, scipy.stats.binomtest(only_a, only_a + only_b).pvalue.
TEST(PairedDifference, EverySeedHasItsOwnDifferenceAndTheLeastConvincingOneDecides) {
  GradedSeeds a, b;
  add_seed(42, 6, 16, a, b);
  add_seed(43, 1, 9, a, b);
  add_seed(44, 10, 30, a, b);
  const auto result = paired_difference(a, b, 1);
  EXPECT_NEAR(result.by_seed.at(42).difference, 0.025, 1e-12);
  EXPECT_NEAR(result.by_seed.at(42).p, 0.052478790283203125, 1e-12);
  EXPECT_NEAR(result.by_seed.at(43).p, 0.021484375, 1e-12);
  EXPECT_NEAR(result.by_seed.at(44).p, 0.0022214337732293643, 1e-12);
  EXPECT_EQ(result.by_seed.at(44).only_a, 10);
  EXPECT_EQ(result.by_seed.at(44).only_b, 30);
  EXPECT_EQ(result.only_b, 55);
  EXPECT_EQ(result.p, result.by_seed.at(42).p);
}

// The same questions three times are not three times as much evidence.
TEST(PairedDifference, SeedsThatRepeatEachOtherAddNoEvidence) {
  GradedSeeds a, b;
  add_seed(1, 6, 16, a, b);
  const double one = paired_difference(a, b, 1).p;
  for (const uint64_t seed : {2u, 3u}) add_seed(seed, 6, 16, a, b);
  EXPECT_EQ(paired_difference(a, b, 1).p, one);
}

TEST(PairedDifference, SeedsThatDifferInSignShowNothing) {
  GradedSeeds a, b;
  add_seed(1, 1, 30, a, b);
  add_seed(2, 30, 1, a, b);
  add_seed(3, 1, 30, a, b);
  EXPECT_EQ(paired_difference(a, b, 1).p, 1.0);
}

// One seed is far better, the other two far worse: with three seeds nobody can say which is
// typical.
TEST(PairedDifference, SeedsThatDisagreeWidenTheInterval) {
  GradedSeeds a, apart, alike;
  for (int seed = 0; seed < 3; ++seed) {
    for (int i = 0; i < 300; ++i) {
      const std::string id = "q" + std::to_string(i);
      a[seed].push_back({id, false});
      apart[seed].push_back({id, seed == 0});
      alike[seed].push_back({id, i % 3 == seed});
    }
  }
  const PairedDifference disagreeing = paired_difference(a, apart, 0),
                         agreeing = paired_difference(a, alike, 0);
  EXPECT_DOUBLE_EQ(disagreeing.difference, agreeing.difference);
  EXPECT_LT(agreeing.interval.high - agreeing.interval.low, 0.2);
  EXPECT_GT(disagreeing.interval.high - disagreeing.interval.low, 0.6);
}

}  // namespace
}  // namespace tripost
