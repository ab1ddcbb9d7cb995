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

TEST(DateProperties, GoldVerifiesAndInjectedErrorsAreFoundAtTheirStepAndImprovedAway) {
  expect_gold_holds_and_errors_are_found(*task, date_error_kinds(), 0.01);
}

TEST(DateProperties, EveryQuestionIsReadBack) {
  for_each_property_problem(*task, 11, [](const Problem& problem, Random&) {
    const Problem parsed = task->parse_problem(problem.question, "test");
    ASSERT_EQ(parsed.id, problem.id);
    ASSERT_EQ(parsed.gold, problem.gold) << problem.question;
    ASSERT_EQ(parsed.rationale, problem.rationale);
  });
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
