// Properties over thousands of generated problems, and text that no model should write but some
// will.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "base/random.h"
#include "task/logical_deduction_errors.h"
#include "task/logical_deduction_pattern.h"
#include "task/logical_deduction_question.h"
#include "task/property_problems.h"
#include "task/task.h"

namespace tripost {
namespace {

const std::unique_ptr<Task> task = make_task("logical_deduction");

TEST(DeductionProperties, GoldVerifiesAndInjectedErrorsAreFoundAtTheirStepAndImprovedAway) {
  expect_gold_holds_and_errors_are_found(*task, deduction_error_kinds(), 0.005);
}

// --- an oracle for patterns: tokens against one ordering, as the information sentence defines them

bool fits(const std::vector<std::string>& tokens, std::size_t token,
          const std::vector<std::string>& order, std::size_t place) {
  if (token == tokens.size()) return place == order.size();
  if (tokens[token] == "??") {
    for (std::size_t next = place; next <= order.size(); ++next)
      if (fits(tokens, token + 1, order, next)) return true;
    return false;
  }
  if (place == order.size()) return false;
  return (tokens[token] == "?" || tokens[token] == order[place]) &&
         fits(tokens, token + 1, order, place + 1);
}

TEST(DeductionProperties, APatternMeansTheOrderingsThatFitItWordByWord) {
  const Problem problem = task->problems(Split::kTrain, {"5"}, 1, 1).front();
  std::string why;
  DeductionQuestion question = *read_deduction_question(problem.question, why);
  const std::vector<std::string> names = {"v", "w", "x", "y", "z"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    question.objects[i].short_name = names[i];
    question.objects[i].forms = {names[i]};
  }
  Random random(21);
  for (int repeat = 0; repeat < 3000; ++repeat) {
    auto shuffled = names;
    random.shuffle(shuffled);
    std::vector<std::string> tokens;
    for (const std::string& name : shuffled) {
      while (random.below(3) == 0) tokens.push_back(random.below(2) == 0 ? "?" : "??");
      if (random.below(2) == 0) tokens.push_back(name);
    }
    std::string text;
    for (const std::string& token : tokens) text += token + " ";
    const auto read = read_pattern(question, "(" + question.axis->first.label + ") " + text + "(" +
                                                 question.axis->last.label + ")");
    ASSERT_TRUE(read.pattern) << text << read.mistake << read.unreadable;
    auto backwards = tokens;
    std::reverse(backwards.begin(), backwards.end());
    std::string reversed;
    for (const std::string& token : backwards) reversed += token + " ";
    const auto read_back =
        read_pattern(question, "(" + question.axis->last.label + ") " + reversed + "(" +
                                   question.axis->first.label + ")");
    ASSERT_EQ(read_back.pattern, read.pattern) << text;
    ASSERT_EQ(read_pattern(question, write_pattern(question, *read.pattern)).pattern, read.pattern);

    const OrderingSet meaning = read.pattern->meaning(5);
    std::vector<int> order(5);
    std::iota(order.begin(), order.end(), 0);
    int count = 0;
    do {
      std::vector<std::string> named;
      OrderingSet only(5);
      for (std::size_t i = 0; i < order.size(); ++i) {
        named.push_back(names[static_cast<std::size_t>(order[i])]);
        only.keep(has_place(order[i], static_cast<int>(i)));
      }
      const bool expected = fits(tokens, 0, named, 0);
      ASSERT_EQ(only.is_within(meaning), expected) << text;
      count += expected ? 1 : 0;
    } while (std::next_permutation(order.begin(), order.end()));
    ASSERT_EQ(meaning.count(), count) << text;
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
  if (!review.step.empty()) {
    const Review read = task->parse_feedback(review.feedback);
    ASSERT_EQ(read.step, review.step) << review.feedback;
  }
  std::string why;
  const auto improved = task->improve(problem, attempt, review, why);
  ASSERT_NE(improved.has_value(), !why.empty());
  if (improved) {
    const Review second = task->verify(problem, *improved);
    ASSERT_TRUE(second.correct) << attempt << "\n\n"
                                << *improved << "\n"
                                << second.feedback << second.error;
  }
}

std::string mutated(std::string text, Random& random) {
  static const std::string kLikely = "?()\"., \nABCDE0123456789";
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
        text.insert(place, text.substr(random.below(text.size()), random.below(60)));
        break;
      default:
        text.erase(place, random.below(60));
    }
  }
  return text;
}

TEST(DeductionProperties, MutatedRationalesAlwaysEndInExactlyOneOutcome) {
  Random random(14);
  const auto problems = task->problems(Split::kTest, {}, 300, 15);
  for (int i = 0; i < 15000; ++i) {
    const Problem& problem = random.pick(problems);
    expect_survives(problem, mutated(problem.rationale, random));
    if (HasFatalFailure()) return;
  }
}

TEST(DeductionProperties, MutatedQuestionsAreReadOrRefusedWithAReason) {
  Random random(16);
  const auto problems = task->problems(Split::kTest, {}, 300, 17);
  for (int i = 0; i < 5000; ++i) {
    std::string why;
    const auto question =
        read_deduction_question(mutated(random.pick(problems).question, random), why);
    ASSERT_NE(question.has_value(), !why.empty());
    if (!question) continue;
    const Problem problem = task->parse_problem(question->text(), "test");
    ASSERT_EQ(problem.question, question->text());
    if (!problem.rationale.empty()) expect_survives(problem, problem.rationale);
    if (HasFatalFailure()) return;
  }
}

TEST(DeductionProperties, LinesOfTenThousandCharactersAndMoreAreNoDanger) {
  const Problem problem = task->problems(Split::kTest, {"7"}, 1, 18).front();
  const std::string step1 = problem.rationale.substr(0, problem.rationale.find('\n') + 1);
  const std::string clue = step1.substr(4, step1.find('"') - 4);
  const std::string many(100000, '?');
  std::string spaced, steps, open;
  for (int i = 0; i < 20000; ++i) spaced += " ?", steps += " (1) and", open += "(left) ";
  for (const std::string& attempt :
       {"(1) " + clue + "\"(left)" + spaced + " (right)\".", "(1) " + clue + "\"" + many + "\".",
        "(1) " + clue + "\"" + open + "\".", step1 + "(2) Combining" + steps + " we get: \"x\".",
        step1 + "(2) Combining" + steps + " we get: \"(left)" + spaced + " (right)\".",
        "(1) There are in total seven things: " + std::string(50000, ',') + ".",
        "(1) According to this ordering, " + spaced + " that is" + spaced + " is" + spaced + ".",
        "(Final response)" + spaced + " So the answer is (A).", std::string(100000, '\n'), many,
        "(" + std::string(100000, '9') + ") Let's go.", std::string(100000, '('),
        std::string(100000, '"')}) {
    expect_survives(problem, attempt);
  }
}

}  // namespace
}  // namespace tripost
