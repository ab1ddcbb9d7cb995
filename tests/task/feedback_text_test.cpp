#include "task/feedback_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tripost {
namespace {

void expect_read_back(const std::string& feedback, const std::string& step,
                      const std::string& segment, const std::string& reason) {
  const Review review = read_feedback(feedback);
  EXPECT_EQ(review.error, "") << feedback;
  EXPECT_EQ(review.step, step);
  EXPECT_EQ(review.segment, segment);
  EXPECT_EQ(review.reason, reason);
  EXPECT_EQ(review.feedback, feedback);
}

TEST(FeedbackText, IsReadBackWhole) {
  const std::string text = error_feedback("2", "3", "2 + 2 = 5", "it is 4");
  EXPECT_EQ(
      text,
      "Step (1) to (2) are correct. In step (3) the part \" 2 + 2 = 5 \" is incorrect. This is "
      "because it is 4.");
  expect_read_back(text, "3", "2 + 2 = 5", "it is 4");
}

TEST(FeedbackText, LeavesOutAReasonThatIsNotGiven) {
  const std::string text = error_feedback("", "1", "2 + 2 = 5", "");
  EXPECT_EQ(text, "In step (1) the part \" 2 + 2 = 5 \" is incorrect.");
  expect_read_back(text, "1", "2 + 2 = 5", "");
}

TEST(FeedbackText, LeavesOutAPartThatIsNotGiven) {
  const std::string text = error_feedback("1", "Final response", "", "it is 4");
  EXPECT_EQ(
      text,
      "Step (1) is correct. There is a mistake in (Final response). This is because it is 4.");
  expect_read_back(text, "Final response", "", "it is 4");
}

TEST(FeedbackText, SaysWhatIsMissing) {
  EXPECT_THAT(read_feedback("In step (1) the part \" x \" is wrong.").error,
              testing::HasSubstr("is incorrect."));
  EXPECT_THAT(read_feedback("In step (1) the part \" x \" is incorrect. Because y.").error,
              testing::HasSubstr("This is because"));
  EXPECT_THAT(read_feedback("There is a mistake in step (2).").error,
              testing::HasSubstr("a step in brackets"));
  EXPECT_THAT(read_feedback("There is a mistake in (2)").error, testing::HasSubstr("full stop"));
  EXPECT_THAT(read_feedback("In step (1) the part \" x \" is incorrect. This is because .").error,
              testing::HasSubstr("a reason"));
}

}  // namespace
}  // namespace tripost
