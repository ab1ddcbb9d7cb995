#include "edit/source_turns.h"

#include <gtest/gtest.h>

#include <functional>

#include "edit/scripted_source.h"
#include "trajectory/fake_task.h"

namespace tripost {
namespace {

const FakeTask kTask;
const Problem kProblem = kTask.parse_problem("2 + 3 + 4 =", "test");
const std::string kWrong = "(1) 2 + 3 = 5.\n(2) 5 + 4 = 8.\n(Final response) So the answer is 8.";
const std::string kWorse = "(1) 2 + 3 = 5.\n(2) 5 + 4 = 7.\n(Final response) So the answer is 7.";

Exchange exchange_of(const std::string& text) {
  Step step;
  step.attempt = {.text = text, .verdict = kTask.grade(kProblem, text)};
  return {.problem = kProblem, .steps = {step}};
}

class Feedback : public FeedbackSource {
 public:
  explicit Feedback(std::function<Reviewed(const std::string&)> say) : say_(std::move(say)) {}
  Source source() const override { return Source::kLlm; }
  std::vector<Reviewed> review(const std::vector<ReviewRequest>& requests) override {
    std::vector<Reviewed> answers;
    for (const auto& request : requests) answers.push_back(say_(request.attempt));
    return answers;
  }

 private:
  std::function<Reviewed(const std::string&)> say_;
};

class Improvement : public ImprovementSource {
 public:
  explicit Improvement(std::function<Improved(const std::string&)> write)
      : write_(std::move(write)) {}
  Source source() const override { return Source::kLlm; }
  std::vector<Improved> improve(const std::vector<ImprovementRequest>& requests) override {
    std::vector<Improved> answers;
    for (const auto& request : requests) answers.push_back(write_(request.attempt));
    return answers;
  }

 private:
  std::function<Improved(const std::string&)> write_;
};

Reviewed verified(const std::string& attempt) { return {kTask.verify(kProblem, attempt), ""}; }
Improved gold(const std::string&) { return {.attempt = kProblem.rationale}; }

Exchange after_turns(const std::string& attempt, std::function<Reviewed(const std::string&)> say,
                     std::function<Improved(const std::string&)> write, int max_updates = 2) {
  Feedback feedback(std::move(say));
  Improvement improvement(std::move(write));
  return correct_in_turns({exchange_of(attempt)}, kTask, feedback, improvement, max_updates).at(0);
}

TEST(SourceTurns, WrongAttemptsAreCorrectedAndRightOnesPraisedInTheirOrder) {
  Feedback feedback(verified);
  ScriptedImprovement improvement(kTask);
  const auto exchanges =
      correct_in_turns({exchange_of(kWrong), exchange_of(kProblem.rationale), exchange_of(kWorse)},
                       kTask, feedback, improvement, 2);
  ASSERT_EQ(exchanges.size(), 3u);
  for (const std::size_t i : {0u, 2u}) {
    ASSERT_EQ(exchanges[i].steps.size(), 2u);
    EXPECT_EQ(final_attempt(exchanges[i]).text, kProblem.rationale);
    EXPECT_TRUE(final_attempt(exchanges[i]).verdict.correct);
    EXPECT_EQ(exchanges[i].steps[0].feedback.review.step, "2");
    EXPECT_EQ(exchanges[i].steps[0].feedback.source, Source::kLlm);
  }
  EXPECT_EQ(exchanges[0].steps[0].attempt.text, kWrong);
  EXPECT_EQ(exchanges[1].steps.size(), 1u);
  EXPECT_EQ(exchanges[1].steps[0].feedback.text, kTask.praise(kProblem.rationale));
  for (const Exchange& exchange : exchanges) EXPECT_EQ(exchange.stop, StopReason::kSaidCorrect);
}

TEST(SourceTurns, TheyEndWithTheLastUpdateThatIsAllowed) {
  int written = 0;
  const Exchange exchange = after_turns(
      kWrong, [](const std::string&) { return verified(kWrong); },
      [&](const std::string&) {
        return Improved{.attempt = kWrong + std::string(static_cast<std::size_t>(++written), ' ')};
      });
  EXPECT_EQ(exchange.stop, StopReason::kMaxUpdates);
  EXPECT_EQ(exchange.steps.size(), 3u);
  EXPECT_NE(exchange.steps.back().feedback.text, "");
  EXPECT_EQ(written, 2);
}

TEST(SourceTurns, AnUpdateThatChangesNothingOrGoesBackEndsThem) {
  EXPECT_EQ(
      after_turns(kWrong, verified, [](const std::string&) { return Improved{.attempt = kWrong}; })
          .stop,
      StopReason::kUnchanged);
  const Exchange back = after_turns(kWrong, verified, [](const std::string& attempt) {
    return Improved{.attempt = attempt == kWrong ? kWorse : kWrong};
  });
  EXPECT_EQ(back.stop, StopReason::kRepeated);
  EXPECT_EQ(back.steps.size(), 3u);
}

TEST(SourceTurns, WhatCannotBeUsedEndsThemAndSaysWhy) {
  const auto expect_failure = [](const Exchange& exchange, const std::string& why) {
    EXPECT_EQ(exchange.stop, StopReason::kFailed);
    EXPECT_EQ(exchange.failure, why);
    EXPECT_EQ(exchange.steps.size(), 1u);
  };
  expect_failure(after_turns(
                     kWrong,
                     [](const std::string&) {
                       return Reviewed{{}, "no step"};
                     },
                     gold),
                 "no step");
  expect_failure(after_turns("nonsense", verified, gold), "no feedback: there is no answer");
  expect_failure(
      after_turns(kWrong, verified, [](const std::string&) { return Improved{.why = "cut"}; }),
      "cut");
  expect_failure(
      after_turns(kWrong, verified, [](const std::string&) { return Improved{.failure = "gone"}; }),
      "gone");
}

TEST(SourceTurns, AnAttemptAtItsLimitAndOneThatFailedAreNotAskedAbout) {
  Exchange cut = exchange_of(kWrong), failed = exchange_of("");
  cut.steps[0].attempt.complete = false;
  failed.stop = StopReason::kFailed;
  failed.failure = "no answer";
  Feedback feedback([](const std::string&) -> Reviewed {
    ADD_FAILURE() << "asked";
    return {};
  });
  Improvement improvement(gold);
  const auto exchanges = correct_in_turns({cut, failed}, kTask, feedback, improvement, 2);
  EXPECT_EQ(exchanges[0].stop, StopReason::kIncomplete);
  EXPECT_EQ(exchanges[1].failure, "no answer");
}

}  // namespace
}  // namespace tripost
