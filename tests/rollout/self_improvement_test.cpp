#include "rollout/self_improvement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "rollout/fake_generate.h"
#include "rollout/rollout.h"
#include "trajectory/fake_task.h"

namespace tripost {
namespace {

using testing::ElementsAre;

const FakeTask kTask;
const Problem kProblem = kTask.parse_problem("2 + 3 =", "test");
const std::string kStart = "Q: 2 + 3 =\nAnswer: Let's think step by step.";
const std::string kUpdate = "\nUpdated Answer: Let's think step by step.";
const std::string kWrong = "(1) 2 + 3 = 6.\n(Final response) So the answer is 6.";
const std::string kOther = "(1) 2 + 3 = 4.\n(Final response) So the answer is 4.";
const std::string kRight = "(1) 2 + 3 = 5.\n(Final response) So the answer is 5.";
const std::string kPraise = "Step (1) is correct. The final response is also correct.";
const std::string kNegative =
    "In step (1) the part \" 2 + 3 \" is incorrect. This is because it is wrong.";

// Rules: an attempt first, then what follows which attempt or feedback.
struct Story {
  FakeModel model;
  Story& first(const std::string& attempt) {
    model.answer(kStart, "\n" + attempt);
    return *this;
  }
  Story& feedback(const std::string& attempt, const std::string& text) {
    model.answer(attempt + "\nFeedback:", " " + text + "\n");
    return *this;
  }
  Story& update(const std::string& attempt, const std::string& feedback, const std::string& text) {
    model.answer(attempt + "\nFeedback: " + feedback + kUpdate, "\n" + text);
    return *this;
  }
  Exchange told(int max_updates = 3) {
    SelfImprovementConfig config;
    config.max_updates = max_updates;
    const auto generate = model.generate();
    return self_improve(rollout({kProblem}, kTask, generate, {}), kTask, generate, config).at(0);
  }
};

TEST(SelfImprovement, GoesOnUntilTheModelCallsItsAttemptCorrect) {
  Story story;
  story.first(kWrong)
      .feedback(kWrong, kNegative)
      .update(kWrong, kNegative, kRight)
      .feedback(kRight, kPraise);
  const Exchange exchange = story.told();
  EXPECT_EQ(exchange.stop, StopReason::kSaidCorrect);
  ASSERT_EQ(exchange.steps.size(), 2u);
  EXPECT_EQ(exchange.steps[0].attempt.text, kWrong);
  EXPECT_EQ(exchange.steps[0].feedback.text, kNegative);
  EXPECT_EQ(exchange.steps[0].feedback.review.step, "1");
  EXPECT_EQ(exchange.steps[0].feedback.source, Source::kModel);
  EXPECT_EQ(exchange.steps[1].feedback.text, kPraise);
  EXPECT_EQ(final_attempt(exchange).text, kRight);
  EXPECT_TRUE(final_attempt(exchange).verdict.correct);
}

TEST(SelfImprovement, PromptsHoldTheLastAttemptOnly) {
  Story story;
  story.first(kWrong).feedback(kWrong, kNegative).update(kWrong, kNegative, kOther);
  story.feedback(kOther, kNegative).update(kOther, kNegative, kRight).feedback(kRight, kPraise);
  EXPECT_EQ(story.told().steps.size(), 3u);
  std::vector<std::string> prompts;
  for (const auto& batch : story.model.batches) prompts.push_back(batch.at(0).prompt);
  EXPECT_THAT(prompts, ElementsAre(kStart, kStart + "\n" + kWrong + "\nFeedback:",
                                   kStart + "\n" + kWrong + "\nFeedback: " + kNegative + kUpdate,
                                   kStart + "\n" + kOther + "\nFeedback:",
                                   kStart + "\n" + kOther + "\nFeedback: " + kNegative + kUpdate,
                                   kStart + "\n" + kRight + "\nFeedback:"));
  EXPECT_THAT(story.model.samplings.at(1).stop, ElementsAre("\n"));
  EXPECT_THAT(story.model.samplings.at(2).stop,
              ElementsAre("\nFeedback:", "\nUpdated Answer:", "\nQ:"));
}

TEST(SelfImprovement, AnUpdateThatChangesNothingEndsIt) {
  Story story;
  story.first(kWrong).feedback(kWrong, kNegative).update(kWrong, kNegative, kWrong);
  const Exchange exchange = story.told();
  EXPECT_EQ(exchange.stop, StopReason::kUnchanged);
  EXPECT_EQ(exchange.steps.size(), 2u);
}

TEST(SelfImprovement, GoingBackToAnOlderAttemptEndsIt) {
  Story story;
  story.first(kWrong).feedback(kWrong, kNegative).update(kWrong, kNegative, kOther);
  story.feedback(kOther, kNegative).update(kOther, kNegative, kWrong);
  const Exchange exchange = story.told(100);
  EXPECT_EQ(exchange.stop, StopReason::kRepeated);
  EXPECT_EQ(exchange.steps.size(), 3u);
}

TEST(SelfImprovement, FeedbackOutsideTheGrammarEndsIt) {
  for (const std::string feedback : {"Hm.", ""}) {
    Story story;
    story.first(kWrong).feedback(kWrong, feedback);
    const Exchange exchange = story.told();
    EXPECT_EQ(exchange.stop, StopReason::kNoGrammar);
    EXPECT_EQ(exchange.steps.size(), 1u);
    EXPECT_FALSE(exchange.steps[0].feedback.review.error.empty());
  }
}

TEST(SelfImprovement, FeedbackAtItsTokenLimitIsNotTrusted) {
  Story story;
  story.first(kWrong).model.answer(kWrong + "\nFeedback:", FinishReason::kLength, " " + kNegative);
  EXPECT_EQ(story.told().stop, StopReason::kNoGrammar);
}

TEST(SelfImprovement, TheLimitOfUpdatesHolds) {
  Story story;
  story.first(kWrong)
      .feedback(kWrong, kNegative)
      .update(kWrong, kNegative, kOther)
      .feedback(kOther, kNegative);
  const Exchange exchange = story.told(1);
  EXPECT_EQ(exchange.stop, StopReason::kMaxUpdates);
  EXPECT_EQ(exchange.steps.size(), 2u);
  EXPECT_EQ(exchange.steps[1].feedback.text, kNegative);
  EXPECT_EQ(final_attempt(exchange).text, kOther);
  EXPECT_EQ(story.told(0).steps.size(), 1u);
}

TEST(SelfImprovement, AnIncompleteUpdateEndsItAndIsNotTheAnswer) {
  Story story;
  story.first(kWrong).feedback(kWrong, kNegative);
  story.model.answer(kNegative + kUpdate, FinishReason::kLength, "\n(1) 2 + 3");
  const Exchange exchange = story.told();
  EXPECT_EQ(exchange.stop, StopReason::kIncomplete);
  EXPECT_EQ(final_attempt(exchange).text, kWrong);
}

TEST(SelfImprovement, AnIncompleteFirstAttemptIsNotAskedAbout) {
  Story story;
  story.model.answer(kStart, FinishReason::kLength, "\n(1) 2 + 3");
  EXPECT_EQ(story.told().stop, StopReason::kIncomplete);
  EXPECT_EQ(story.model.batches.size(), 1u);
}

TEST(SelfImprovement, AFailureKeepsWhatWasSaidBefore) {
  Story story;
  story.first(kWrong).feedback(kWrong, kNegative);
  story.model.answer(kNegative + kUpdate, FinishReason::kError, "context is full");
  const Exchange exchange = story.told();
  EXPECT_EQ(exchange.stop, StopReason::kFailed);
  EXPECT_EQ(exchange.failure, "context is full");
  EXPECT_EQ(exchange.steps.size(), 1u);
  EXPECT_EQ(final_attempt(exchange).text, kWrong);
}

// Long, repetitive, valid answers: the reference's repetition guard cut them
// (reference-behaviour.md 11.37).
TEST(SelfImprovement, NoGuardCutsALongValidAnswer) {
  std::string question = "1";
  for (int i = 0; i < 30; ++i) question += " + 1";
  const Problem problem = kTask.parse_problem(question + " =", "test");
  FakeModel model;
  model.answer("step by step.", "\n" + problem.rationale);
  model.answer(problem.rationale + "\nFeedback:", " " + kTask.praise(problem.rationale));
  const auto generate = model.generate();
  const auto exchange =
      self_improve(rollout({problem}, kTask, generate, {}), kTask, generate, {}).at(0);
  EXPECT_EQ(exchange.stop, StopReason::kSaidCorrect);
  EXPECT_EQ(final_attempt(exchange).text, problem.rationale);
}

TEST(SelfImprovement, WorksOnAllProblemsAtOnceAndKeepsTheirOrder) {
  Story story;
  story.first(kWrong)
      .feedback(kWrong, kNegative)
      .update(kWrong, kNegative, kRight)
      .feedback(kRight, kPraise);
  const Problem other = kTask.parse_problem("1 + 1 =", "test");
  const std::string sum = "(1) 1 + 1 = 2.\n(Final response) So the answer is 2.";
  story.model.answer("step by step.", "\n" + sum);
  story.model.answer(sum + "\nFeedback:", kPraise);
  const auto generate = story.model.generate();
  RolloutConfig config;
  config.samples = 2;
  const auto exchanges =
      self_improve(rollout({kProblem, other}, kTask, generate, config), kTask, generate, {});
  ASSERT_EQ(exchanges.size(), 4u);
  EXPECT_EQ(exchanges[0].steps.size(), 2u);
  EXPECT_EQ(exchanges[2].problem.id, other.id);
  EXPECT_EQ(exchanges[3].steps.size(), 1u);
  std::vector<std::size_t> sizes;
  std::set<uint64_t> seeds;
  for (const auto& batch : story.model.batches) {
    sizes.push_back(batch.size());
    for (const Request& request : batch) seeds.insert(request.seed);
  }
  EXPECT_THAT(sizes, ElementsAre(4, 4, 2, 2));
  EXPECT_EQ(seeds.size(), 12u);  // no two generations draw alike
  for (const Exchange& exchange : exchanges) EXPECT_EQ(exchange.stop, StopReason::kSaidCorrect);
}

}  // namespace
}  // namespace tripost
