#include "edit/progress.h"

#include <gtest/gtest.h>

#include "task/task.h"

namespace tripost {
namespace {

Review wrong_at(const std::string& step, const std::string& segment) {
  Review review;
  review.step = step;
  review.segment = segment;
  return review;
}

TEST(CompareSteps, ReadsIdsAsDottedNumbers) {
  EXPECT_TRUE(std::is_lt(compare_steps("9", "10")));
  EXPECT_TRUE(std::is_lt(compare_steps("3", "3.1")));
  EXPECT_TRUE(std::is_lt(compare_steps("3.9", "3.10")));
  EXPECT_TRUE(std::is_lt(compare_steps("3.10", "4")));
  EXPECT_TRUE(std::is_lt(compare_steps("12", "Final response")));
  EXPECT_TRUE(std::is_eq(compare_steps("Final response", "final response")));
  EXPECT_TRUE(std::is_eq(compare_steps("3.1", "3.1")));
  EXPECT_TRUE(std::is_lt(compare_steps("no step", "1")));
  EXPECT_TRUE(std::is_lt(compare_steps("3.", "1")));
}

TEST(FaultOfUpdate, AcceptsAnUpdateThatKeepsTheRightStepsAndChangesTheWrongOne) {
  EXPECT_EQ(
      fault_of_update("(1) a\n(2) b\n(3) c", wrong_at("2", "b"), "(1) a\n(2) B\n(3) x\n(4) y"), "");
  EXPECT_EQ(fault_of_update("(1) a\n(2) b", wrong_at("1", "a"), "(1) A\n(2) b"), "");
  EXPECT_EQ(fault_of_update("(1) a\n(Final response) b", wrong_at("Final response", "b"),
                            "(1) a\n(Final response) c"),
            "");
}

// A model that repeats itself writes a step number twice; the verifier means the second.
TEST(FaultOfUpdate, TakesTheVerifiersLineWhereAStepStandsTwice) {
  const auto task = make_task("multistep_arithmetic");
  const Problem problem = task->problems(Split::kTrain, {}, 1, 1).front();
  const std::size_t second = problem.rationale.find("\n(2)"),
                    third = problem.rationale.find("\n(3)");
  std::string attempt = problem.rationale;
  attempt.insert(third, problem.rationale.substr(second, third - second));
  const Review review = task->verify(problem, attempt);
  ASSERT_EQ(review.step, "2");
  std::string why;
  const auto update = task->improve(problem, attempt, review, why);
  ASSERT_TRUE(update) << why;
  EXPECT_EQ(*update, problem.rationale);
  EXPECT_EQ(fault_of_update(attempt, review, *update), "");
}

TEST(FaultOfUpdate, NamesWhatIsWrongWithAnUpdate) {
  const std::string attempt = "(1) a\n(2) b\n(3) c";
  const Review review = wrong_at("2", "b");
  EXPECT_EQ(fault_of_update(attempt, review, ""), "the update is empty");
  EXPECT_EQ(fault_of_update(attempt, review, attempt),
            "the update is the attempt that it should have changed");
  EXPECT_EQ(fault_of_update(attempt, review, "(1) A\n(2) B\n(3) c"),
            "the update changes line 1, which stands before the wrong step (2)");
  EXPECT_EQ(fault_of_update(attempt, review, "(1) a\n(2) b\n(3) C"),
            "the update leaves the wrong step (2) as it was");
  EXPECT_EQ(fault_of_update(attempt, review, "(1) a\n(2) B\nFeedback: good"),
            "the update holds the label \"Feedback:\"");
  EXPECT_EQ(fault_of_update(attempt, wrong_at("3", "c"), "(1) a"),
            "the update changes line 2, which stands before the wrong step (3)");
}

TEST(FaultOfUpdate, TellsStepsWithTheSameIdApartByTheQuotedPart) {
  const std::string attempt = "(3.1) x\n(3.1) Sort \"Ab\"\n(4) c";
  EXPECT_EQ(fault_of_update(attempt, wrong_at("3.1", "\"ab\""), "(3.1) x\n(3.1) y\n(4) c"), "");
  EXPECT_NE(fault_of_update(attempt, wrong_at("3.1", "\"ab\""), "(3.1) y\n(3.1) y\n(4) c"), "");
}

TEST(FaultOfUpdate, DoesNotTakeStepTenForStepOne) {
  EXPECT_EQ(fault_of_update("(10) a\n(1) b", wrong_at("1", "b"), "(10) a\n(1) B"), "");
}

TEST(MakesProgress, MeansALaterStepOrAnotherPartOrRight) {
  EXPECT_TRUE(makes_progress(wrong_at("9", "a"), wrong_at("10", "a")));
  EXPECT_FALSE(makes_progress(wrong_at("10", "a"), wrong_at("9", "b")));
  EXPECT_TRUE(makes_progress(wrong_at("9", "a"), wrong_at("9", "b")));
  EXPECT_FALSE(makes_progress(wrong_at("9", "a"), wrong_at("9", "a")));
  Review right;
  right.correct = true;
  EXPECT_TRUE(makes_progress(wrong_at("Final response", "a"), right));
}

TEST(Agrees, AsksForTheSameStepAndOnePartInsideTheOther) {
  EXPECT_TRUE(agrees(wrong_at("2", "1 + 2 = 4"), wrong_at("2", "2 = 4")));
  EXPECT_TRUE(agrees(wrong_at("2", "2 = 4"), wrong_at("2", "1 + 2 = 4")));
  EXPECT_FALSE(agrees(wrong_at("2", "3 + 3"), wrong_at("2", "1 + 2 = 4")));
  EXPECT_FALSE(agrees(wrong_at("3", "2 = 4"), wrong_at("2", "2 = 4")));
  Review recalculated = wrong_at("2", "2 = 4");
  recalculated.recalculation = "Let's calculate again: (2) 1 + 1 = 2, not 4.";
  EXPECT_FALSE(agrees(recalculated, wrong_at("2", "2 = 4")));
  EXPECT_TRUE(agrees(recalculated, recalculated));
  Review unreadable = wrong_at("2", "2 = 4");
  unreadable.error = "no grammar";
  EXPECT_FALSE(agrees(unreadable, wrong_at("2", "2 = 4")));
}

}  // namespace
}  // namespace tripost
