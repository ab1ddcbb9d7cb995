#include "engine/generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

#include "base/file.h"
#include "engine/tiny_model.h"

namespace tripost {
namespace {

// A byte-level BPE of 900 tokens, <|endoftext|> is 0 and its EOS; the model speaks its ids at
// random.
class Generator : public ::testing::Test {
 protected:
  Generator() : tokenizer_(Tokenizer::load(folder_with_eos())) {
    ModelConfig config = testing::tiny_config();
    config.vocab_size = tokenizer_.vocab_size();
    model_ = testing::tiny_model(config);
    engine_ = std::make_unique<Engine>(*model_, EngineOptions{});
  }

  // The fixture names no EOS; a config.json beside it does.
  static std::filesystem::path folder_with_eos() {
    const auto folder = std::filesystem::path(::testing::TempDir()) /
                        ("tripost_generator_test_" + std::to_string(::getpid()));
    write_file_atomically(folder / "tokenizer.json",
                          read_file(TRIPOST_SOURCE_DIR "/tests/data/text/gpt2/tokenizer.json"));
    write_file_atomically(folder / "config.json", R"({"eos_token_id": 0})");
    return folder;
  }

  void TearDown() override { std::filesystem::remove_all(folder_with_eos()); }

  Completion complete(const std::string& prompt, const Sampling& sampling) {
    return make_generator(*engine_, tokenizer_)({{prompt, 7}}, sampling).front();
  }

  Tokenizer tokenizer_;
  std::unique_ptr<Transformer> model_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(Generator, TheTextIsThatOfTheTokensAndTheLogProbabilityTheirSum) {
  const Sampling sampling{.temperature = 1.0, .max_new_tokens = 40, .ignore_eos = true};
  const Completion completion = complete("Q: 1 + 2 =", sampling);
  const TokenCompletion tokens =
      engine_->generate({{tokenizer_.encode("Q: 1 + 2 =", true), sampling, 7}}).front();
  EXPECT_EQ(completion.text, tokenizer_.decode(tokens.ids));
  EXPECT_EQ(completion.num_tokens, 40);
  EXPECT_EQ(completion.finish_reason, FinishReason::kLength);
  double sum = 0;
  for (const float value : tokens.log_probabilities) sum += value;
  // Two runs: the second finds the prompt cached, and products of other shapes round otherwise.
  EXPECT_NEAR(completion.log_probability, sum, 1e-6 * std::abs(sum));
}

TEST_F(Generator, AStopStringAcrossTokensEndsTheTextBeforeIt) {
  const Sampling sampling{.temperature = 1.0, .max_new_tokens = 40, .ignore_eos = true};
  const TokenCompletion tokens =
      engine_->generate({{tokenizer_.encode("Q:", true), sampling, 7}}).front();
  const std::string all = tokenizer_.decode(tokens.ids);
  // From inside the 10th token into the 12th.
  const std::size_t tenth = tokenizer_.decode({tokens.ids.data(), 10}).size();
  const std::size_t twelfth = tokenizer_.decode({tokens.ids.data(), 12}).size();
  Sampling stopping = sampling;
  stopping.stop = {"not there", all.substr(tenth - 1, twelfth - tenth)};
  const Completion completion = complete("Q:", stopping);
  EXPECT_EQ(completion.text, all.substr(0, all.find(stopping.stop[1])));
  EXPECT_EQ(completion.finish_reason, FinishReason::kStop);
  EXPECT_LE(completion.num_tokens, 12);
}

TEST_F(Generator, TheTokenizersEosEndsTheText) {
  // Nearly uniform over 901 tokens: 30 texts of up to 250 tokens all miss EOS once in 4000 tries.
  std::vector<Request> requests;
  for (uint64_t seed = 0; seed < 30; ++seed) requests.push_back({"Q:", seed});
  int stopped = 0;
  for (const Completion& completion : make_generator(*engine_, tokenizer_)(
           requests, {.temperature = 1000.0, .max_new_tokens = 250})) {
    if (completion.finish_reason != FinishReason::kStop) continue;
    ++stopped;
    EXPECT_LT(completion.num_tokens, 250);
  }
  EXPECT_GT(stopped, 0);
}

TEST_F(Generator, PromptsThatCannotRunAreCompletionsWithTheirReason) {
  const std::string long_prompt(2000, '~');
  int64_t reported = 0;
  const auto count = [&](const ProgressUpdate& update) {
    EXPECT_EQ(update.total, 3);
    reported = update.done;
  };
  const auto completions = make_generator(*engine_, tokenizer_, count)(
      {{"", 1}, {long_prompt, 2}, {"Q:", 3}}, {.max_new_tokens = 3, .ignore_eos = true});
  EXPECT_EQ(completions[0].finish_reason, FinishReason::kError);
  EXPECT_THAT(completions[0].error, ::testing::HasSubstr("empty"));
  EXPECT_THAT(completions[1].error, ::testing::HasSubstr("context is 300"));
  EXPECT_EQ(completions[2].num_tokens, 3);
  EXPECT_EQ(reported, 3);
}

}  // namespace
}  // namespace tripost
