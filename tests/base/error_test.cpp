#include "base/error.h"

#include <gtest/gtest.h>

#include <vector>

namespace tripost {
namespace {

TEST(NearestName, FindsTheTypoAndNothingWhenNothingIsNear) {
  const std::vector<std::string> names = {"learning-rate", "max-steps", "seed"};
  EXPECT_EQ(nearest_name("learning_rate", names), "learning-rate");
  EXPECT_EQ(nearest_name("sede", names), "seed");
  EXPECT_EQ(nearest_name("completely-different", names), "");
}

TEST(EditDistance, CountsInsertionsDeletionsAndSubstitutions) {
  EXPECT_EQ(edit_distance("", ""), 0u);
  EXPECT_EQ(edit_distance("abc", ""), 3u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
}

}  // namespace
}  // namespace tripost
