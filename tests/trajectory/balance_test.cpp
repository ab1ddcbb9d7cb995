#include "trajectory/balance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/random.h"

namespace tripost {
namespace {

std::vector<Record> records_of(RecordKind kind, int count, const std::string& name) {
  std::vector<Record> records;
  for (int i = 0; i < count; ++i) {
    Record record;
    record.text = name + std::to_string(i);
    record.kind = kind;
    records.push_back(record);
  }
  return records;
}

std::vector<Record> collected_of(int improvements, int others) {
  auto records = records_of(RecordKind::kImprovement, improvements, "improvement ");
  const auto more = records_of(RecordKind::kNonImprovement, others, "other ");
  records.insert(records.end(), more.begin(), more.end());
  return records;
}

std::vector<Record> gold_of(int count) { return records_of(RecordKind::kGold, count, "gold "); }

std::vector<std::string> texts(const Balanced& balanced) {
  std::vector<std::string> all;
  for (const Record& record : balanced.records) all.push_back(record.text);
  return all;
}

TEST(Balance, ThePaperMixesThreeImprovementsWithTwoOthersAndTwoGold) {
  const Balanced balanced = balance(collected_of(30, 100), gold_of(550), {}, 1);
  EXPECT_EQ(balanced.improvement.kept, 30);
  EXPECT_EQ(balanced.non_improvement.kept, 20);
  EXPECT_EQ(balanced.gold.kept, 20);
  EXPECT_EQ(balanced.non_improvement.beyond_ratio, 80);
  EXPECT_EQ(balanced.gold.beyond_ratio, 530);
  EXPECT_EQ(balanced.records.size(), 70u);
}

TEST(Balance, TheShareOfOthersIsRoundedUpAndLimitedByWhatThereIs) {
  EXPECT_EQ(balance(collected_of(10, 100), gold_of(100), {}, 1).non_improvement.kept,
            7);  // 10 / 1.5 = 6.67
  const Balanced scarce = balance(collected_of(30, 5), gold_of(3), {}, 1);
  EXPECT_EQ(scarce.improvement.kept, 30);
  EXPECT_EQ(scarce.non_improvement.kept, 5);
  EXPECT_EQ(scarce.gold.kept, 3);
}

TEST(Balance, ARatioOfZeroKeepsEveryRecordThatIsNotGold) {
  const Balanced balanced = balance(collected_of(2, 9), gold_of(100), {0.0, 0}, 1);
  EXPECT_EQ(balanced.improvement.kept, 2);
  EXPECT_EQ(balanced.non_improvement.kept, 9);
  EXPECT_EQ(balanced.gold.kept, 9);
}

TEST(Balance, WithoutImprovementsNothingIsKeptAsInThePaper) {
  const Balanced balanced = balance(collected_of(0, 9), gold_of(10), {}, 1);
  EXPECT_TRUE(balanced.records.empty());
  EXPECT_EQ(balanced.non_improvement.beyond_ratio, 9);
  EXPECT_EQ(balanced.gold.beyond_ratio, 10);
}

TEST(Balance, ALimitThinsEveryKindByTheSameShare) {
  const Balanced balanced = balance(collected_of(30, 100), gold_of(550), {1.5, 35}, 1);
  EXPECT_EQ(balanced.improvement.kept, 15);
  EXPECT_EQ(balanced.non_improvement.kept, 10);
  EXPECT_EQ(balanced.gold.kept, 10);
  EXPECT_EQ(balanced.improvement.beyond_max, 15);
}

TEST(Balance, TextsThatAreThereTwiceAreKeptOnceAndCounted) {
  auto collected = collected_of(3, 2);
  collected.push_back(collected[0]);
  auto gold = gold_of(2);
  gold[1].text = "other 0";  // word for word a collected record
  const Balanced balanced = balance(collected, gold, {}, 1);
  EXPECT_EQ(balanced.improvement.offered, 4);
  EXPECT_EQ(balanced.improvement.duplicates, 1);
  EXPECT_EQ(balanced.gold.duplicates, 1);
  EXPECT_EQ(balanced.gold.kept, 1);
}

// Corrections are often the gold solution: they would leave the mix without gold.
TEST(Balance, GoldIsNoDuplicateOfACorrectedAttemptThatSaysTheSame) {
  auto collected = collected_of(30, 20);
  for (Record& record : collected) {
    if (record.kind == RecordKind::kNonImprovement) record.kind = RecordKind::kCorrected;
  }
  auto gold = gold_of(20);
  for (std::size_t i = 0; i < gold.size(); ++i) gold[i].text = "other " + std::to_string(i);
  const Balanced balanced = balance(collected, gold, {}, 1);
  EXPECT_EQ(balanced.non_improvement.kept, 20);
  EXPECT_EQ(balanced.gold.duplicates, 0);
  EXPECT_EQ(balanced.gold.kept, 20);
}

TEST(Balance, TheDrawDependsOnTheSeedAndNotOnTheOrderOfTheRecords) {
  auto collected = collected_of(30, 100);
  for (std::size_t i = 0; i < 50; ++i) {  // corrected attempts that say what right ones say
    collected.push_back(collected[30 + i]);
    collected.back().kind = RecordKind::kCorrected;
  }
  const auto first = texts(balance(collected, gold_of(50), {}, 1));
  Random(5).shuffle(collected);
  EXPECT_EQ(texts(balance(collected, gold_of(50), {}, 1)), first);
  EXPECT_NE(texts(balance(collected, gold_of(50), {}, 2)), first);
}

TEST(Balance, EveryRecordHasTheSameChance) {
  std::vector<int> times(10, 0);
  for (uint64_t seed = 0; seed < 3000; ++seed) {
    for (const auto& text : texts(balance(collected_of(3, 10), {}, {}, seed))) {
      if (text.starts_with("other ")) ++times[std::stoul(text.substr(6))];
    }
  }
  for (const int count : times)
    EXPECT_NEAR(count, 600, 110);  // 2 of 10 drawn; 5 standard deviations of 22
}

void expect_sums(const KindCounts& counts) {
  EXPECT_EQ(counts.offered,
            counts.duplicates + counts.beyond_ratio + counts.beyond_max + counts.kept);
}

TEST(Balance, WhateverComesInNothingIsLostUncountedAndTheMixHolds) {
  Random random(11);
  for (int round = 0; round < 300; ++round) {
    const int improvements = static_cast<int>(random.below(40)),
              others = static_cast<int>(random.below(40));
    auto collected = collected_of(improvements, others);
    if (!collected.empty() && random.below(2) == 0) collected.push_back(random.pick(collected));
    const BalanceConfig config{random.uniform() * 3 - 0.5, static_cast<int>(random.below(60))};
    const Balanced balanced =
        balance(collected, gold_of(static_cast<int>(random.below(40))), config, random.next());
    for (const auto* counts : {&balanced.improvement, &balanced.non_improvement, &balanced.gold})
      expect_sums(*counts);
    const auto kept = texts(balanced);
    EXPECT_EQ(std::set<std::string>(kept.begin(), kept.end()).size(), kept.size());
    EXPECT_EQ(static_cast<int>(kept.size()),
              balanced.improvement.kept + balanced.non_improvement.kept + balanced.gold.kept);
    if (config.max_records > 0) {
      EXPECT_LE(static_cast<int>(kept.size()), config.max_records);
    }
    EXPECT_LE(balanced.gold.kept, balanced.non_improvement.kept);
    if (config.improve_data_ratio > 0) {
      EXPECT_LE(balanced.non_improvement.kept, std::ceil(improvements / config.improve_data_ratio));
    }
  }
}

TEST(RemoveDuplicates, KeepsTheFirstOfTheSameWordsAndTellsHowManyWent) {
  Trajectory trajectory;
  trajectory.problem.question = "1 + 2 =";
  trajectory.steps.resize(1);
  trajectory.steps[0].attempt.text = "(1) 3.";
  std::vector<Trajectory> all(3, trajectory);
  all[1].sample = 1;                         // the same words from another sample
  all[2].steps[0].feedback.text = "Wrong.";  // other words
  all.push_back(trajectory);
  all[3].problem.question = "2 + 1 =";
  EXPECT_EQ(remove_duplicates(all), 1);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].sample, 0);
}

TEST(Balance, GoldThatTheModelSaidItselfStillHoldsTheMix) {
  // The model is always right, word for word: 100 right answers, of which the ratio keeps 20.
  const Balanced balanced = balance(
      collected_of(30, 100),
      [] {
        auto gold = gold_of(100);
        for (int i = 0; i < 100; ++i)
          gold[static_cast<std::size_t>(i)].text = "other " + std::to_string(i);
        return gold;
      }(),
      {}, 1);
  EXPECT_EQ(balanced.non_improvement.kept, 20);
  EXPECT_EQ(balanced.gold.duplicates, 20);
  EXPECT_EQ(balanced.gold.kept, 20);
}

}  // namespace
}  // namespace tripost
