#include "evaluate/evaluate.h"

#include <gtest/gtest.h>

#include "rollout/fake_generate.h"
#include "trajectory/fake_task.h"

namespace tripost {
namespace {

const FakeTask kTask;
const Problem kProblem = kTask.parse_problem("2 + 3 =", "test");
const std::string kWrong = "(1) 2 + 3 = 6.\n(Final response) So the answer is 6.";
const std::string kNegative =
    "In step (1) the part \" 2 + 3 = 6 \" is incorrect. This is because it is wrong.";

FakeModel corrects_itself() {
  FakeModel model;
  model.answer("Q: 2 + 3 =\nAnswer: Let's think step by step.", "\n" + kWrong);
  model.answer(kWrong + "\nFeedback:", " " + kNegative);
  model.answer(kNegative + "\nUpdated Answer: Let's think step by step.",
               "\n" + kProblem.rationale);
  model.answer(kProblem.rationale + "\nFeedback:", " " + kTask.praise(kProblem.rationale));
  return model;
}

TEST(Evaluate, ScoresTheFirstAttemptAndWhatTheModelMakesOfIt) {
  FakeModel model = corrects_itself();
  const Evaluation evaluation = evaluate({kProblem}, kTask, model.generate(), {});
  ASSERT_EQ(evaluation.results.size(), 1u);
  EXPECT_FALSE(evaluation.results[0].first_correct);
  EXPECT_TRUE(evaluation.results[0].final_correct);
  EXPECT_EQ(evaluation.results[0].feedback.right_step, 1);
  EXPECT_GE(evaluation.seconds, 0.0);
  EXPECT_EQ(model.samplings.at(0).temperature, 0.0);  // greedy
}

TEST(Evaluate, WhatWasCutAndWhatFailedIsSaid) {
  Exchange whole{.problem = kProblem, .steps = {{}}, .stop = StopReason::kSaidCorrect};
  whole.steps[0].attempt.complete = true;
  Exchange cut{.problem = kProblem, .steps = {{}}, .stop = StopReason::kIncomplete};
  cut.steps[0].attempt.complete = false;
  const Exchange failed{.problem = kProblem,
                        .steps = {{}},
                        .stop = StopReason::kFailed,
                        .failure = "the prompt has 600 tokens, the model 512 positions"};
  const std::string text = describe_ends({whole, whole, cut, failed});
  EXPECT_EQ(text.find("1 of 4 first attempts cut at the token limit; turns ended: "), 0u) << text;
  for (const auto* part : {name_of(StopReason::kSaidCorrect), " 2", "model 512 positions"})
    EXPECT_NE(text.find(part), std::string::npos) << text;
}

TEST(Evaluate, WithoutSelfImprovementTheFirstAttemptIsFinal) {
  FakeModel model = corrects_itself();
  EvaluateConfig config;
  config.self_improve = false;
  const Evaluation evaluation = evaluate({kProblem}, kTask, model.generate(), config);
  EXPECT_FALSE(evaluation.results[0].final_correct);
  EXPECT_FALSE(evaluation.results[0].changed);
  EXPECT_EQ(model.batches.size(), 1u);
}

}  // namespace
}  // namespace tripost
