// Properties over thousands of generated date questions.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/random.h"
#include "task/date_errors.h"
#include "task/date_question.h"
#include "task/property_problems.h"
#include "task/task.h"

namespace tripost {
namespace {

const std::unique_ptr<Task> task = make_task("date_understanding");

TEST(DateProperties, EveryGoldRationaleIsCorrectGradedRightAndReadBack) {
  for (const Problem& problem : task->problems(Split::kTest, {}, num_property_problems(), 11)) {
    const Review review = task->verify(problem, problem.rationale);
    ASSERT_TRUE(review.correct) << problem.question << "\n"
                                << problem.rationale << "\n"
                                << review.feedback << review.error;
    const Verdict verdict = task->grade(problem, problem.rationale);
    ASSERT_TRUE(verdict.correct && verdict.answer == problem.gold) << problem.rationale;
    ASSERT_EQ(review.feedback, task->praise(problem.rationale));
    const Problem parsed = task->parse_problem(problem.question, "test");
    ASSERT_EQ(parsed.id, problem.id);
    ASSERT_EQ(parsed.gold, problem.gold) << problem.question;
    ASSERT_EQ(parsed.rationale, problem.rationale);
  }
}

TEST(DateProperties, EveryContextIsReadAsTheFamilyItWasDrawnFrom) {
  Random random(16);
  const int count = num_property_problems();
  std::map<std::string, int> drawn;
  for (int i = 0; i < count; ++i) {
    const DateContext context = draw_context(1 + i % 2, random);
    const auto read = understand_context(context.text);
    ASSERT_TRUE(read) << context.text;
    ASSERT_EQ(read->family, context.family) << context.text;
    ASSERT_EQ(read->today(), context.today()) << context.text;
    ++drawn[context.family];
  }
  EXPECT_EQ(drawn.size(), context_families().size());
  EXPECT_GE(drawn.size(), 40u);
}

// A month before Dec 31 is Nov 30 to some and Dec 1 to others.
TEST(DateProperties, NoGeneratedQuestionAsksForADateOnWhichPeopleDisagree) {
  Random random(17);
  const int count = num_property_problems();
  int num_ends_of_month = 0;
  for (int i = 0; i < count; ++i) {
    const DateQuestion question = draw_date_question(1 + i % 2, random);
    const Date today = question.facts->today(), asked = *question.answer();
    if (day_of(today) > 28) ++num_ends_of_month;
    const Unit unit = question.asked->offset.unit;
    if (unit == Unit::kMonth || unit == Unit::kYear) {
      ASSERT_EQ(day_of(asked), day_of(today)) << question.text();
    }
  }
  EXPECT_GT(num_ends_of_month, count / 20);
}

TEST(DateProperties, InjectedErrorsAreFoundAtTheirStepAndImprovedAway) {
  const int count = num_property_problems();
  Random random(12);
  std::map<std::string, int> made, missed;
  std::map<std::string, std::string> examples;
  for (const Problem& problem : task->problems(Split::kTest, {}, count, 13)) {
    const auto injected = task->inject_error(problem, random);
    ASSERT_TRUE(injected);
    ++made[injected->kind];
    const Review review = task->verify(problem, injected->attempt);
    if (review.step != injected->step) {
      ++missed[injected->kind];
      examples[injected->kind] = injected->kind + " at " + injected->step + "\n" +
                                 problem.question + "\n" + injected->attempt + "\n" +
                                 review.feedback + review.error;
      continue;
    }
    std::string why;
    const auto improved = task->improve(problem, injected->attempt, review, why);
    ASSERT_TRUE(improved) << why << "\n" << injected->attempt;
    const Review again = task->verify(problem, *improved);
    ASSERT_TRUE(again.correct) << injected->attempt << "\n\n"
                               << *improved << "\n"
                               << again.feedback << again.error;
    ASSERT_TRUE(task->grade(problem, *improved).correct);
    ASSERT_EQ(task->parse_feedback(review.feedback).step, injected->step) << review.feedback;
    ASSERT_EQ(task->parse_feedback(review.feedback).reason, review.reason) << review.feedback;
  }
  int total_missed = 0;
  for (const auto& [kind, count] : missed) {
    total_missed += count;
    RecordProperty("missed " + kind, count);
  }
  std::string shown;
  for (const auto& [kind, example] : examples)
    shown +=
        std::to_string(missed[kind]) + " of " + std::to_string(made[kind]) + " " + example + "\n\n";
  EXPECT_EQ(total_missed, 0) << shown;
  for (const std::string& kind : date_error_kinds()) EXPECT_GT(made[kind], count / 100) << kind;
}

TEST(DateProperties, NoContextIsInTwoSplitsWhateverTheSeeds) {
  std::map<std::string, Split> split_of_context;
  for (const Split split : {Split::kTrain, Split::kValidation, Split::kTest}) {
    for (uint64_t seed = 0; seed < 3; ++seed) {
      for (const Problem& problem : task->problems(split, {"1-2", "3+"}, 2000, seed)) {
        const std::string context = problem.question.substr(0, problem.question.rfind("What is"));
        ASSERT_EQ(split_of_context.emplace(context, split).first->second, split) << context;
      }
    }
  }
}

}  // namespace
}  // namespace tripost
