#include "task/arithmetic_recalculation.h"

#include <gtest/gtest.h>

#include <iterator>
#include <sstream>

#include "base/random.h"
#include "task/task.h"

namespace tripost {
namespace {

const std::unique_ptr<Task> task = make_task("multistep_arithmetic", FeedbackStyle::kRecalculated);
const std::unique_ptr<Task> paper = make_task("multistep_arithmetic");
const Problem problem = task->parse_problem("((7 - -1 + -1 + -4) - (-7 + 7 * 3 * -9)) =", "test");

constexpr const char* kWhole =
    "Let's calculate again: (2) 7 - -1 = 8 (8), 8 + -1 = 7 (7), 7 + -4 = 3 (3). (3) 7 * 3 = 21 "
    "(21), "
    "21 * -9 = -189 (-189), -7 + -189 = -196 (-196). (4) 3 - -196 = 199 (199).";

std::string with(const std::string& from, const std::string& to) {
  std::string attempt = problem.rationale;
  const std::size_t found = attempt.find(from);
  EXPECT_NE(found, std::string::npos) << from;
  return attempt.replace(found, from.size(), to);
}

TEST(Recalculation, NamesEveryCalculationOfARightAttemptBeforeThePraise) {
  EXPECT_EQ(recalculate(problem.rationale, "").text, kWhole);
  const std::string expected = std::string(kWhole) + " " + paper->praise(problem.rationale);
  EXPECT_EQ(task->praise(problem.rationale), expected);
  EXPECT_EQ(task->verify(problem, problem.rationale).feedback, expected);
}

TEST(Recalculation, EndsAtTheFirstCalculationThatComesToAnotherValue) {
  const Review review = task->verify(
      problem, with("(-7 + (21 * -9)) = (-7 + -189)", "(-7 + (21 * -9)) = (-7 + -179)"));
  EXPECT_EQ(
      review.feedback,
      "Let's calculate again: (2) 7 - -1 = 8 (8), 8 + -1 = 7 (7), 7 + -4 = 3 (3). (3) 7 * 3 "
      "= 21 (21), "
      "21 * -9 = -189 (-179) wrong. Step (1) to (2) are correct. In step (3) the part \" (-7 + (21 "
      "* -9)) = "
      "(-7 + -179) \" is incorrect. This is because there is an calculation error, since 21 * -9 = "
      "-189.");
}

TEST(Recalculation, PassesOverWhatIsNoSingleOperationAndEndsWithTheWrongStep) {
  EXPECT_EQ(
      recalculate("(2) Let's calculate A = (7 - -1 + 2) = (8 + 3) = 11.\n(3) B = (1 + 1) = 2.", "2")
          .text,
      "Let's calculate again: (2) 8 + 3 = 11 (11).");
}

TEST(Recalculation, NamesABracketThatStandsTwiceOnce) {
  EXPECT_EQ(recalculate("(2) A = ((2 + 3) * (2 + 3)) = (5 * 5) = 25.", "").text,
            "Let's calculate again: (2) 2 + 3 = 5 (5), 5 * 5 = 25 (25).");
}

TEST(Recalculation, IsLeftOutWhereNothingIsCalculated) {
  for (const char* text :
       {"", "no step", "(1) where A = (1 + 2).", "(2) = = =.", "(2) (((( = )))).",
        "(2) (99999999999999999999 + 1) = 2.", "(2) (1 / 2) = 0."})
    EXPECT_EQ(recalculate(text, "").text, "") << text;
}

TEST(Recalculation, IsReadBackWithTheVerdictAfterIt) {
  const Review review = task->verify(problem, with("(3 - -196) = 199", "(3 - -196) = -193"));
  const Review read = task->parse_feedback(review.feedback);
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.step, "4");
  EXPECT_EQ(read.segment, "(3 - -196) = -193");
  EXPECT_EQ(read.reason, review.reason);
  EXPECT_EQ(read.recalculation, review.recalculation);
  EXPECT_TRUE(task->parse_feedback(task->praise(problem.rationale)).correct);
  EXPECT_NE(task->parse_feedback(kWhole).error, "");
}

// Every "a o b = c (w)" of the text is worked out here once more; only the last may have another w.
// How many there are.
int right_calculations(const std::string& text) {
  std::istringstream stream(text);
  const std::vector<std::string> words(std::istream_iterator<std::string>(stream), {});
  int count = 0, others = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] != "=") continue;
    const long long a = std::stoll(words[i - 3]), b = std::stoll(words[i - 1]);
    const long long c = std::stoll(words[i + 1]), written = std::stoll(words[i + 2].substr(1));
    const char operation = words[i - 2][0];
    EXPECT_EQ(operation == '+' ? a + b : operation == '-' ? a - b : a * b, c) << text;
    EXPECT_EQ(others, 0) << text;
    others += written != c;
    ++count;
  }
  return count;
}

TEST(Recalculation, IsRightOnInjectedErrorsAndLeavesThePapersVerdictButForTheValueInItsReason) {
  Random random(7);
  int calculations = 0, errors = 0;
  for (const Problem& drawn : task->problems(Split::kTrain, {}, 500, 3)) {
    calculations += right_calculations(recalculate(drawn.rationale, "").text);
    const auto injected = task->inject_error(drawn, random);
    if (!injected) continue;
    const Review review = task->verify(drawn, injected->attempt);
    const Review plain = paper->verify(drawn, injected->attempt);
    EXPECT_EQ(review.error, plain.error);
    if (!review.error.empty()) continue;
    if (!review.recalculation.empty()) right_calculations(review.recalculation);
    const std::string verdict = plain.feedback.substr(0, plain.feedback.rfind(plain.reason));
    EXPECT_TRUE(review.feedback.ends_with(verdict + review.reason + ".")) << review.feedback;
    EXPECT_TRUE(review.reason == plain.reason || right_calculations(review.reason + " (0)") == 1);
    EXPECT_EQ(review.step, plain.step);
    ++errors;
  }
  EXPECT_GT(calculations, 500 * 5);
  EXPECT_GT(errors, 400);
}

}  // namespace
}  // namespace tripost
