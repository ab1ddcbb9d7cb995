// Properties over thousands of generated lists, and text that no model should write but some will.
#include <gtest/gtest.h>

#include "base/random.h"
#include "task/property_problems.h"
#include "task/word_sorting_errors.h"

namespace tripost {
namespace {

const std::unique_ptr<Task> task = make_task("word_sorting");

TEST(SortingProperties, GoldVerifiesAndInjectedErrorsAreFoundAtTheirStepAndImprovedAway) {
  expect_gold_holds_and_errors_are_found(*task, sorting_error_kinds(), 0.005);
}

TEST(SortingProperties, EveryPrefixOfARationaleIsContinuedToTheSameRationale) {
  for (const Problem& problem : task->problems(Split::kTest, {}, 500, 17)) {
    for (std::size_t end = 0; end != std::string::npos;
         end = problem.rationale.find('\n', end + 1)) {
      const std::string kept = end == 0 ? "" : problem.rationale.substr(0, end + 1);
      const std::string attempt = kept + "(Final response) So the answer is: nothing.";
      const Review review = task->verify(problem, attempt);
      ASSERT_EQ(review.step, "Final response") << attempt;
      std::string why;
      ASSERT_EQ(task->improve(problem, attempt, review, why), problem.rationale) << why;
    }
  }
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
  static const std::string kLikely = "()[]<>?=\"., \nabcst0123456789";
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

TEST(SortingProperties, MutatedRationalesAlwaysEndInExactlyOneOutcome) {
  Random random(14);
  const auto problems = task->problems(Split::kTest, {"4-7", "8-10", "15+"}, 300, 15);
  for (int i = 0; i < 15000; ++i) {
    const Problem& problem = random.pick(problems);
    expect_survives(problem, mutated(problem.rationale, random));
    if (HasFatalFailure()) return;
  }
}

// The lines of two rationales mixed: steps that are well formed and stand in the wrong place.
TEST(SortingProperties, ShuffledLinesAlwaysEndInExactlyOneOutcome) {
  Random random(16);
  const auto problems = task->problems(Split::kTest, {"4-7", "11-15"}, 300, 18);
  for (int i = 0; i < 5000; ++i) {
    const Problem& problem = random.pick(problems);
    std::vector<std::string> lines;
    std::size_t begin = 0;
    while (begin < problem.rationale.size()) {
      const std::size_t end =
          std::min(problem.rationale.find('\n', begin), problem.rationale.size());
      lines.push_back(problem.rationale.substr(begin, end - begin));
      begin = end + 1;
    }
    for (uint64_t swaps = 1 + random.below(5); swaps > 0; --swaps)
      std::swap(lines[random.below(lines.size())], lines[random.below(lines.size())]);
    std::string attempt;
    for (const std::string& line : lines)
      if (random.below(8) > 0) attempt += line + "\n";
    expect_survives(problem, attempt);
    if (HasFatalFailure()) return;
  }
}

TEST(SortingProperties, LinesOfTenThousandCharactersAndMoreAreNoDanger) {
  const Problem problem = task->parse_problem("List: grip taxicab tattler ovary", "test");
  const std::string step1 = problem.rationale.substr(0, problem.rationale.find('\n') + 1);
  std::string entries, order, groups, steps;
  for (int i = 0; i < 5000; ++i) {
    entries += "\"grip\"=\"g\" (7), ";
    order += "\"grip\" < ";
    groups += "(7) \"grip\" < ";
    steps += "1.";
  }
  for (const std::string& attempt :
       {"(1) The first letter: " + entries + ".", step1 + "(2) We now have: " + groups + ".",
        step1 + "(2) Hence, we have " + order + ".",
        step1 + "(2) We now have: " + std::string(100000, '(') + ".",
        step1 + "(2) We now have: " + std::string(100000, '[') + "?.",
        step1 + "(2) We now have: " + std::string(100000, '"') + "?.",
        step1 + "(2) We now have: " + std::string(100000, '<') + "?.",
        step1 + "(2) Now sort this subpart " + std::string(100000, '[') + " by looking at: .",
        step1 + "(2) Now sort this subpart [" + order +
            "] by looking at their second letters: " + entries + ".",
        "(" + steps + "1) We now have: x.", "(" + std::string(100000, '1') + ") We now have: x.",
        "(1) The first letter: \"grip\"=\"g\" (" + std::string(100000, '7') + ").",
        std::string(100000, '\n'), std::string(100000, '('),
        "(Final response) So the answer is: " + order + "."}) {
    expect_survives(problem, attempt);
  }
  std::string blanks = step1 + "(2) We now have: ";
  for (int i = 0; i < 50000; ++i) blanks += "( ";
  expect_survives(problem, blanks + ".");
}

}  // namespace
}  // namespace tripost
