#include "base/random.h"

#include <gtest/gtest.h>

#include <set>

namespace tripost {
namespace {

TEST(Random, TheSameIdentityGivesTheSameSeedAndOrderMatters) {
  EXPECT_EQ(seed_from({1, 2}), seed_from({1, 2}));
  EXPECT_NE(seed_from({1, 2}), seed_from({2, 1}));
  EXPECT_NE(seed_from({1}), seed_from({1, 0}));
}

TEST(Random, DrawsStayInsideTheirBoundsAndReachThem) {
  Random random(7);
  std::set<int64_t> drawn;
  for (int i = 0; i < 1000; ++i) drawn.insert(random.between(-3, 3));
  EXPECT_EQ(drawn, (std::set<int64_t>{-3, -2, -1, 0, 1, 2, 3}));
}

TEST(Random, TextHashesAreStableAcrossVersions) {
  // Problem ids and splits depend on these values: changing them moves questions between splits.
  EXPECT_EQ(hash_text(""), 0xF52A15E9A9B5E89Bull);
  EXPECT_EQ(hash_text("((1 + 2 + 3) - (4 - 5 - 6)) ="), hash_text("((1 + 2 + 3) - (4 - 5 - 6)) ="));
}

}  // namespace
}  // namespace tripost
