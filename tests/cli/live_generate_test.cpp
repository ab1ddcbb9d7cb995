// Two ways to the same completions; here because no folder below sees both.
#include "serve/live_generate.h"

#include <gtest/gtest.h>

#include "engine/generator.h"
#include "engine/live_engine.h"
#include "engine/tiny_model.h"

namespace tripost {
namespace {

TEST(LiveGenerate, SaysOfACompletionThatEndsInEosWhatTheGeneratorSays) {
  const Tokenizer tokenizer = Tokenizer::load(TRIPOST_SOURCE_DIR "/tests/data/text/gpt2");
  ModelConfig config = testing::tiny_config();
  config.vocab_size = tokenizer.vocab_size();
  const Request request{"Q: 1 + 2 =", 7};
  const Sampling sampling{.max_new_tokens = 30};
  const auto free_run =
      Engine(*testing::tiny_model(config), {})
          .generate({{tokenizer.encode(request.prompt, true), sampling, request.seed}});
  config.eos_token_ids = {free_run.front().ids[10]};
  auto model = testing::tiny_model(config);
  Engine engine(*model, {});
  const Completion expected = make_generator(engine, tokenizer)({request}, sampling).front();
  ASSERT_EQ(expected.finish_reason, FinishReason::kStop);
  ASSERT_LT(expected.num_tokens, 30);
  const auto live = make_live_engine(*model, {.max_batch = 2});
  const std::function<bool()> is_wanted = [] { return true; };
  const Completion completion =
      make_live_generate(*live, tokenizer, is_wanted)({request}, sampling).front();
  EXPECT_EQ(completion.text, expected.text);
  EXPECT_EQ(completion.num_tokens, expected.num_tokens);
  EXPECT_EQ(completion.finish_reason, expected.finish_reason);
  EXPECT_NEAR(completion.log_probability, expected.log_probability, 1e-4);
}

}  // namespace
}  // namespace tripost
