#include "edit/llm_attempts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "support/temporary_folder.h"
#include "trajectory/fake_task.h"

namespace tripost {
namespace {

using testing::HasSubstr;

const FakeTask kTask;
const Problem kProblem = kTask.parse_problem("2 + 3 + 4 =", "test");

class LlmAttempts : public testing::Test {
 protected:
  LlmAttempts() { std::ofstream(prompt()) << "=== question\nQ: {question}\nAnswer: {lead_in}\n"; }
  std::filesystem::path prompt() const { return folder_.path() / "attempt.txt"; }

  // The exchange that comes of one answer.
  Exchange after(const Completion& completion, LlmSourceConfig config = {}) {
    const auto exchanges = llm_attempts(
        {kProblem}, kTask, prompt(),
        [&](const std::vector<Request>& requests, const Sampling& sampling) {
          requests_ = requests;
          stops_ = sampling.stop;
          return std::vector<Completion>(requests.size(), completion);
        },
        config);
    EXPECT_EQ(exchanges.size(), 1u);
    return exchanges.at(0);
  }

  TemporaryFolder folder_;
  std::vector<Request> requests_;
  std::vector<std::string> stops_;
};

TEST_F(LlmAttempts, StepsAreReadWithoutWhatStandsAroundThem) {
  const Exchange exchange = after(
      {.text = "Sure!\n```\n" + kProblem.rationale + "\n```\nAnything else?", .num_tokens = 7});
  const Attempt& attempt = exchange.steps.at(0).attempt;
  EXPECT_EQ(attempt.text, kProblem.rationale);
  EXPECT_TRUE(attempt.verdict.correct);
  EXPECT_TRUE(attempt.complete);
  EXPECT_EQ(attempt.source, Source::kLlm);
  EXPECT_EQ(attempt.num_tokens, 7);
  EXPECT_EQ(exchange.stop, StopReason::kNotAsked);
  EXPECT_EQ(requests_.at(0).prompt, "Q: 2 + 3 + 4 =\nAnswer: Let's think step by step.");
  EXPECT_THAT(stops_, testing::ElementsAre("[END]", "\nQ:"));
}

TEST_F(LlmAttempts, AnAnswerInWordsOfItsOwnIsForTheGraderToJudge) {
  const Exchange exchange = after({.text = " First 5, then 9.\nSo the answer is 9.\n"});
  EXPECT_EQ(exchange.steps.at(0).attempt.text, "First 5, then 9.\nSo the answer is 9.");
  EXPECT_TRUE(exchange.steps.at(0).attempt.verdict.correct);
}

TEST_F(LlmAttempts, WhatGivesNoAttemptSaysWhy) {
  const Exchange failed =
      after({.finish_reason = FinishReason::kError, .error = "no answer in 6 calls"});
  EXPECT_EQ(failed.stop, StopReason::kFailed);
  EXPECT_EQ(failed.failure, "no answer in 6 calls");
  EXPECT_FALSE(failed.steps.at(0).attempt.complete);
  requests_.clear();
  const Exchange too_long = after({.text = kProblem.rationale}, {.max_prompt_bytes = 10});
  EXPECT_EQ(too_long.stop, StopReason::kFailed);
  EXPECT_THAT(too_long.failure, HasSubstr("10 bytes"));
  EXPECT_TRUE(requests_.empty());
  EXPECT_FALSE(after({.text = "(1) 2", .finish_reason = FinishReason::kLength})
                   .steps.at(0)
                   .attempt.complete);
}

TEST_F(LlmAttempts, SamplesOfOneQuestionHaveSeedsOfTheirOwn) {
  std::set<uint64_t> seeds;
  const auto exchanges = llm_attempts(
      {kProblem, kTask.parse_problem("1 + 1 =", "test")}, kTask, prompt(),
      [&](const std::vector<Request>& requests, const Sampling&) {
        for (const Request& request : requests) seeds.insert(request.seed);
        return std::vector<Completion>(requests.size(), {.text = "So the answer is 9."});
      },
      {}, 3);
  EXPECT_EQ(seeds.size(), 6u);
  ASSERT_EQ(exchanges.size(), 6u);
  EXPECT_EQ(exchanges[2].problem.question, "2 + 3 + 4 =");
  EXPECT_EQ(exchanges[2].sample, 2);
  EXPECT_EQ(exchanges[3].problem.question, "1 + 1 =");
  EXPECT_TRUE(exchanges[2].steps[0].attempt.verdict.correct);
  EXPECT_FALSE(exchanges[3].steps[0].attempt.verdict.correct);
}

}  // namespace
}  // namespace tripost
