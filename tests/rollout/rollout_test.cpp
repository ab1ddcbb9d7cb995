#include "rollout/rollout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/random.h"
#include "rollout/fake_generate.h"
#include "trajectory/fake_task.h"

namespace tripost {
namespace {

using testing::ElementsAre;

const FakeTask kTask;
const Problem kFirst = kTask.parse_problem("2 + 3 =", "test");
const Problem kSecond = kTask.parse_problem("4 + 5 =", "test");
const std::string kPrompt = "Q: 2 + 3 =\nAnswer: Let's think step by step.";

TEST(Rollout, PromptsEndInTheLeadInAndAttemptsLoseTheNewlinesAround) {
  FakeModel model;
  model.answer(kPrompt, "\n(1) 2 + 3 = 5.\n(Final response) So the answer is 5.\n");
  const auto exchanges = rollout({kFirst}, kTask, model.generate(), {});
  EXPECT_EQ(model.batches.at(0).at(0).prompt, kPrompt);
  ASSERT_EQ(exchanges.size(), 1u);
  const Attempt& attempt = exchanges[0].steps.at(0).attempt;
  EXPECT_EQ(attempt.text, "(1) 2 + 3 = 5.\n(Final response) So the answer is 5.");
  EXPECT_TRUE(attempt.verdict.correct);
  EXPECT_EQ(attempt.verdict.answer, "5");
  EXPECT_TRUE(attempt.complete);
  EXPECT_EQ(attempt.source, Source::kModel);
  EXPECT_EQ(attempt.log_probability, -1.5);
  EXPECT_GT(attempt.num_tokens, 0);
  EXPECT_EQ(exchanges[0].stop, StopReason::kNotAsked);
  EXPECT_TRUE(exchanges[0].steps[0].feedback.text.empty());
}

TEST(Rollout, AttemptsEndWhereTheModelGoesOnByItself) {
  FakeModel model;
  model.answer(kPrompt, "\n(1) x.\nFeedback: Good.\nQ: next");
  EXPECT_EQ(rollout({kFirst}, kTask, model.generate(), {}).at(0).steps[0].attempt.text, "(1) x.");
  EXPECT_THAT(model.samplings.at(0).stop, ElementsAre("\nFeedback:", "\nUpdated Answer:", "\nQ:"));
}

TEST(Rollout, EverySampleHasTheSeedOfItsIdentity) {
  FakeModel model;
  model.answer("step by step.", "\n(1) x.");
  RolloutConfig config;
  config.samples = 2;
  config.seed = 7;
  config.iteration = 3;
  const auto exchanges = rollout({kFirst, kSecond}, kTask, model.generate(), config);
  const std::vector<Request> requests = model.batches.at(0);
  ASSERT_EQ(requests.size(), 4u);
  EXPECT_EQ(requests[1].seed, seed_from({7, 3, hash_text(kFirst.id), 1}));
  std::set<uint64_t> seeds;
  for (const Request& request : requests) seeds.insert(request.seed);
  EXPECT_EQ(seeds.size(), 4u);
  EXPECT_EQ(exchanges[1].problem.id, kFirst.id);
  EXPECT_EQ(exchanges[1].sample, 1);
  EXPECT_EQ(exchanges[2].problem.id, kSecond.id);
  rollout({kSecond}, kTask, model.generate(), config);  // alone it draws what it drew in company
  EXPECT_EQ(model.batches[1][1].seed, requests[3].seed);
}

TEST(Rollout, AnAttemptAtItsTokenLimitIsIncomplete) {
  FakeModel model;
  model.answer(kPrompt, FinishReason::kLength, "\n(1) 2 + ");
  const Attempt attempt = rollout({kFirst}, kTask, model.generate(), {}).at(0).steps[0].attempt;
  EXPECT_FALSE(attempt.complete);
  EXPECT_EQ(attempt.verdict.error, "there is no answer");
}

TEST(Rollout, AGenerationThatFailsStaysInItsExchange) {
  FakeModel model;
  model.answer(kPrompt, FinishReason::kError, "prompt too long");
  model.answer("step by step.", "\n(1) 4 + 5 = 9.\n(Final response) So the answer is 9.");
  const auto exchanges = rollout({kFirst, kSecond}, kTask, model.generate(), {});
  EXPECT_EQ(exchanges[0].stop, StopReason::kFailed);
  EXPECT_EQ(exchanges[0].failure, "prompt too long");
  EXPECT_FALSE(exchanges[0].steps.at(0).attempt.verdict.correct);
  EXPECT_EQ(exchanges[0].steps[0].attempt.verdict.error, "generation failed: prompt too long");
  EXPECT_TRUE(exchanges[1].steps[0].attempt.verdict.correct);
}

TEST(Rollout, BytesThatAreNotTextAreRepairedOnce) {
  FakeModel model;
  model.answer(kPrompt, "\n(1) \xC3.");  // the first byte of a two-byte character
  EXPECT_EQ(rollout({kFirst}, kTask, model.generate(), {}).at(0).steps[0].attempt.text,
            "(1) \xEF\xBF\xBD.");
}

}  // namespace
}  // namespace tripost
