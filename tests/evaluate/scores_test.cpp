#include "evaluate/scores.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "trajectory/fake_task.h"

namespace tripost {
namespace {

const FakeTask kTask;
const Problem kProblem = kTask.parse_problem("2 + 3 + 4 =", "test");
const std::string kRight = kProblem.rationale;
const std::string kWrongAt2 =
    "(1) 2 + 3 = 5.\n(2) 5 + 4 = 8.\n(Final response) So the answer is 8.";
const std::string kLucky = "(1) 2 + 3 = 6.\n(2) 5 + 4 = 9.\n(Final response) So the answer is 9.";

Step step_of(const std::string& attempt, const std::string& feedback, int tokens) {
  Step step;
  step.attempt.text = attempt;
  step.attempt.verdict = kTask.grade(kProblem, attempt);
  step.attempt.num_tokens = tokens;
  step.feedback.text = feedback;
  step.feedback.num_tokens = 1;
  if (!feedback.empty()) step.feedback.review = kTask.parse_feedback(feedback);
  return step;
}

std::string negative_at(const std::string& step) {
  return "In step (" + step + ") the part \" x \" is incorrect. This is because y.";
}

Exchange exchange_of(std::vector<Step> steps) {
  Exchange exchange;
  exchange.problem = kProblem;
  exchange.steps = std::move(steps);
  return exchange;
}

TEST(ResultOf, ComparesFirstAndFinalAttempt) {
  const auto saved = result_of(
      exchange_of({step_of(kWrongAt2, negative_at("2"), 10), step_of(kRight, "", 20)}), kTask);
  EXPECT_FALSE(saved.first_correct);
  EXPECT_TRUE(saved.final_correct);
  EXPECT_TRUE(saved.changed);
  EXPECT_EQ(saved.num_tokens, 32);
  EXPECT_EQ(saved.level, "short");
  EXPECT_TRUE(saved.seen);
  const auto broken = result_of(
      exchange_of({step_of(kRight, negative_at("1"), 1), step_of(kWrongAt2, "", 1)}), kTask);
  EXPECT_TRUE(broken.first_correct);
  EXPECT_FALSE(broken.final_correct);
  EXPECT_TRUE(broken.any_correct);
}

TEST(ResultOf, AnUpdateThatCannotBeReadIsNotTheAnswer) {
  const auto result = result_of(
      exchange_of({step_of(kRight, negative_at("1"), 1), step_of("(1) hm", "", 1)}), kTask);
  EXPECT_TRUE(result.final_correct);
  EXPECT_FALSE(result.changed);
}

TEST(ResultOf, FeedbackIsJudgedByTheVerifier) {
  const auto praise = kTask.praise(kRight);
  const auto result = result_of(
      exchange_of({step_of(kWrongAt2, negative_at("2"), 1), step_of(kWrongAt2, negative_at("1"), 1),
                   step_of(kWrongAt2, praise, 1), step_of(kLucky, negative_at("1"), 1),
                   step_of(kWrongAt2, "Hm.", 1), step_of(kRight, negative_at("1"), 1),
                   step_of(kRight, praise, 1), step_of(kRight, "", 1)}),
      kTask);
  EXPECT_EQ(result.feedback.on_wrong, 5);  // the lucky answer is a wrong attempt
  EXPECT_EQ(result.feedback.negative_on_wrong, 3);
  EXPECT_EQ(result.feedback.right_step, 2);
  EXPECT_EQ(result.feedback.on_right, 2);
  EXPECT_EQ(result.feedback.negative_on_right, 1);
}

Result result(const std::string& level, bool first, bool final) {
  Result made;
  made.problem_id = level;
  made.level = level;
  made.seen = level == "short";
  made.first_correct = first;
  made.final_correct = final;
  made.any_correct = first || final;
  made.changed = first != final;
  made.num_tokens = 100;
  return made;
}

TEST(Score, SharesPerLevelSeenUnseenAndTotal) {
  std::vector<Result> results = {result("short", true, true), result("short", false, true),
                                 result("short", false, true), result("short", true, false),
                                 result("long", false, false)};
  results[0].feedback = {4, 3, 2, 5, 1};
  const auto rows = score(results, kTask, {"TriPosT", 2, 7, 1.5});
  ASSERT_EQ(rows.size(), 5u);
  const std::vector<std::string> subsets = {"short", "long", "seen", "unseen", "total"};
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(rows[i].subset, subsets[i]);
  const ScoreRow& seen = rows[2];
  EXPECT_EQ(seen.n, 4);
  EXPECT_EQ(seen.accuracy_first, 0.5);
  EXPECT_EQ(seen.accuracy_final, 0.75);
  EXPECT_EQ(seen.wrong_to_right, 0.5);
  EXPECT_EQ(seen.right_to_wrong, 0.25);
  EXPECT_EQ(seen.changed, 0.75);
  EXPECT_EQ(seen.accuracy_oracle, 1.0);
  EXPECT_EQ(seen.tokens_per_question, 100.0);
  EXPECT_EQ(seen.negative_on_wrong, 0.75);
  EXPECT_EQ(seen.negative_on_right, 0.2);
  EXPECT_EQ(*seen.right_step, 2.0 / 3);
  EXPECT_EQ(seen.ci95.low, wilson_interval(3, 4).low);
  EXPECT_EQ(seen.ci95_first.high, wilson_interval(2, 4).high);
  EXPECT_FALSE(
      rows[3].negative_on_wrong.has_value());  // no feedback there: not a number, rather than 0
  EXPECT_EQ(rows[4].n, 5);
  EXPECT_EQ(rows[4].accuracy_final, 0.6);
  EXPECT_EQ(rows[4].task, "running_sum");
  EXPECT_EQ(rows[4].labels.iteration, 2);
}

TEST(Score, SubsetsWithoutQuestionsHaveNoRow) {
  const auto rows = score({result("long", true, true)}, kTask, {});
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].subset, "long");
  EXPECT_EQ(rows[1].subset, "unseen");
  EXPECT_TRUE(score({}, kTask, {}).empty());
}

TEST(ScoreRow, EveryFieldComesBackFromJson) {
  auto rows = score({result("short", true, false)}, kTask, {"FT", 1, 18446744073709551615ull, 2.5});
  rows[0].negative_on_right = 0.25;
  const Json written = to_json(rows[0]);
  EXPECT_EQ(written["ci95"].size(), 2u);
  EXPECT_TRUE(written["right_step"].is_null());
  EXPECT_EQ(to_json(score_row_from_json(parse_json(to_line(written), "line"), "line")), written);
  Json broken = written;
  broken["ci95"] = {1};
  EXPECT_THROW(score_row_from_json(broken, "scores.json"), Error);
}

}  // namespace
}  // namespace tripost
