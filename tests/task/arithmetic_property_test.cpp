// Properties over thousands of generated problems, and text that no model should write but some
// will.
#include <gtest/gtest.h>

#include "base/random.h"
#include "task/arithmetic_errors.h"
#include "task/property_problems.h"
#include "task/task.h"

namespace tripost {
namespace {

const std::unique_ptr<Task> task = make_task("multistep_arithmetic");

TEST(Properties, GoldVerifiesAndInjectedErrorsAreFoundAtTheirStepAndImprovedAway) {
  expect_gold_holds_and_errors_are_found(*task, arithmetic_error_kinds(), 0.01);
}

void expect_survives(const Problem& problem, const std::string& attempt) {
  const Review review = task->verify(problem, attempt);
  const int outcomes =
      (review.correct ? 1 : 0) + (review.step.empty() ? 0 : 1) + (review.error.empty() ? 0 : 1);
  ASSERT_EQ(outcomes, 1) << attempt;
  ASSERT_EQ(review.segment.empty(), review.step.empty()) << attempt << "\n" << review.feedback;
  const Verdict verdict = task->grade(problem, attempt);
  ASSERT_TRUE(verdict.correct || !review.correct) << attempt;
  task->praise(attempt);
  task->parse_feedback(attempt);
  const Review read = task->parse_feedback(review.feedback);
  if (!review.step.empty()) {
    ASSERT_EQ(read.step, review.step) << review.feedback;
  }
  std::string why;
  const auto improved = task->improve(problem, attempt, review, why);
  ASSERT_NE(improved.has_value(), !why.empty());
  if (improved) {
    ASSERT_TRUE(task->verify(problem, *improved).correct) << attempt << "\n\n" << *improved;
  }
}

std::string mutated(std::string text, Random& random) {
  static const std::string kLikely = "()+-*=\"., \nABCD0123456789";
  for (uint64_t changes = 1 + random.below(4); changes > 0 && !text.empty(); --changes) {
    const std::size_t place = random.below(text.size());
    const char byte = random.below(2) == 0 ? kLikely[random.below(kLikely.size())]
                                           : static_cast<char>(random.below(256));
    switch (random.below(5)) {
      case 0:
        text[place] = byte;
        break;
      case 1:
        text.insert(place, 1, byte);
        break;
      case 2:
        text.erase(place, 1 + random.below(3));
        break;
      case 3:
        text.insert(place, text.substr(random.below(text.size()), random.below(40)));
        break;
      default:
        text.erase(place, random.below(text.size()));
    }
  }
  return text;
}

TEST(Properties, MutatedRationalesAlwaysEndInExactlyOneOutcome) {
  Random random(14);
  const auto problems = task->problems(Split::kTrain, {"l3-4d2", "l3-4d22", "l5-6d222"}, 300, 15);
  for (int i = 0; i < 15000; ++i) {
    const Problem& problem = random.pick(problems);
    expect_survives(problem, mutated(problem.rationale, random));
    if (HasFatalFailure()) return;
  }
}

TEST(Properties, LinesOfTenThousandCharactersAndMoreAreNoDanger) {
  const Problem problem = task->parse_problem("((1 - 8 + 6) * (-6 - 1 + 2)) =", "test");
  const std::string step1 = problem.rationale.substr(0, problem.rationale.find('\n') + 1);
  std::string sum = "1", letters = "A", definitions, equals = "5";
  for (int i = 0; i < 5000; ++i) {
    sum += " + 1";
    letters += " + A";
    equals += " = 5";
    definitions += "A = (1 - 2), ";
  }
  const std::string open(10000, '('), close(10000, ')');
  for (const std::string& attempt :
       {open, open + close, step1 + "(2) Let's calculate A = " + sum + ".",
        step1 + "(2) Let's calculate A = (1 - 8 + 6) = " + open + "-1" + close + " = -1.",
        step1 + "(2) Let's calculate A = (1 - 8 + 6) = " + equals + ".",
        "(1) This equation can be written as \"" + open + "A * B" + close +
            "\", where A = (1 - 8 + 6) and B = (-6 - 1 + 2).\n(2) Let's calculate A = 7.",
        "(1) This equation can be written as \"" + letters + "\", where A = " + sum +
            " and B = (2).",
        "(1) This equation can be written as \"(A * B)\", where " + definitions + " and B = (2).",
        "(1) This equation can be written as \"(A * B)\", where A = " + open + "1 - 8 + 6" + close +
            " and B = (-6 - 1 + 2).\n(2) Let's calculate B = 0.",
        std::string(100000, '\n'), std::string(100000, '1'),
        "(" + std::string(100000, '9') + ") Let's go.", "Step (1) to " + std::string(10000, '('),
        "(Final response) So the answer is " + std::string(10000, '7') + "."}) {
    expect_survives(problem, attempt);
  }
}

}  // namespace
}  // namespace tripost
