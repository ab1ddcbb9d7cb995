#include "train/trainer.h"

#include <ATen/ops/equal.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/progress.h"
#include "train/temporary_directory.h"
#include "train/tiny.h"

namespace tripost {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

class Train : public testing::Test {
  Threads one_{1};
};

std::function<void(const TrainMetrics&)> interrupt_after(int64_t step) {
  return [step](const TrainMetrics& metrics) {
    if (metrics.step == step) throw Interrupted();
  };
}

TEST_F(Train, ATinyModelMemorisesEightSequences) {
  auto model = tiny_model();
  auto examples = random_examples(8, 12, 12);
  for (Example& example : examples) {
    // The first token tells the sequences apart; it is given, not learnt.
    example.ids[0] = static_cast<int32_t>(&example - examples.data());
    example.weights.assign(example.weights.size(), 1.0f);
  }
  TrainConfig config = small_config();
  config.max_steps = 150;
  config.batch_tokens = 1000;
  config.weight_decay = 0;
  double last = 0;
  const TrainResult result = train(*model, examples, config, {},
                                   [&](const TrainMetrics& metrics) { last = metrics.loss; });
  EXPECT_LT(last, 0.05);
  EXPECT_LT(result.final_loss, 0.05);
  EXPECT_EQ(result.steps, 150);
  EXPECT_EQ(result.tokens, 150 * 8 * 12);
}

TEST_F(Train, AResumedRunEqualsAnUninterruptedOneByteForByte) {
  const auto examples = random_examples(30, 5, 25);
  for (const at::ScalarType dtype : {at::kFloat, at::kBFloat16}) {
    for (const int64_t stop : {5, 8}) {  // between and on periodic checkpoints
      TemporaryDirectory whole, broken;
      auto model = tiny_model(dtype);
      const TrainResult expected = train(*model, examples, small_config(), whole.path(), nullptr);
      auto first = tiny_model(dtype);
      EXPECT_THROW(train(*first, examples, small_config(), broken.path(), interrupt_after(stop)),
                   Interrupted);
      auto second = tiny_model(dtype);
      std::vector<int64_t> steps;
      const TrainResult result =
          train(*second, examples, small_config(), broken.path(),
                [&](const TrainMetrics& metrics) { steps.push_back(metrics.step); });
      EXPECT_EQ(steps.front(), stop + 1);
      EXPECT_EQ(result.tokens, expected.tokens);
      EXPECT_EQ(result.final_loss, expected.final_loss);
      EXPECT_TRUE(bytes_of(second->master()) == bytes_of(model->master()));
      EXPECT_TRUE(bytes_of(second->values()) == bytes_of(model->values()));
      for (const char* name : {"master.f32", "m.f32", "v.f32", "manifest.json"}) {
        EXPECT_TRUE(read_file(broken.path() / "step-12" / name) ==
                    read_file(whole.path() / "step-12" / name))
            << name;
      }
    }
  }
}

TEST_F(Train, AKilledRunGoesOnFromItsLastPeriodicCheckpointToTheSameEnd) {
  const auto examples = random_examples(30, 5, 25);
  TemporaryDirectory directory;
  auto model = tiny_model();
  train(*model, examples, small_config(), directory.path(), nullptr);
  fs::remove_all(directory.path() / "step-12");  // step-8 is what a run killed in step 11 leaves
  auto again = tiny_model();
  train(*again, examples, small_config(), directory.path(), nullptr);
  EXPECT_TRUE(bytes_of(again->master()) == bytes_of(model->master()));
}

TEST_F(Train, ADamagedNewestCheckpointCostsTimeButNotTheResult) {
  const auto examples = random_examples(30, 5, 25);
  TemporaryDirectory directory;
  auto model = tiny_model();
  train(*model, examples, small_config(), directory.path(), nullptr);
  fs::resize_file(directory.path() / "step-12" / "v.f32", 10);
  auto again = tiny_model();
  int64_t first_step = 0;
  train(*again, examples, small_config(), directory.path(), [&](const TrainMetrics& metrics) {
    if (first_step == 0) first_step = metrics.step;
  });
  EXPECT_EQ(first_step, 9);
  EXPECT_TRUE(bytes_of(again->master()) == bytes_of(model->master()));
}

TEST_F(Train, AFinishedRunIsTakenUpWithoutTraining) {
  const auto examples = random_examples(30, 5, 25);
  TemporaryDirectory directory;
  auto model = tiny_model();
  train(*model, examples, small_config(), directory.path(), nullptr);
  auto again = tiny_model();
  bool trained = false;
  const TrainResult result = train(*again, examples, small_config(), directory.path(),
                                   [&](const TrainMetrics&) { trained = true; });
  EXPECT_FALSE(trained);
  EXPECT_EQ(result.steps, 12);
  EXPECT_TRUE(bytes_of(again->master()) == bytes_of(model->master()));
}

TEST_F(Train, AnotherRunsCheckpointIsRefused) {
  const auto examples = random_examples(30, 5, 25);
  TemporaryDirectory directory;
  train(*tiny_model(), examples, small_config(), directory.path(), nullptr);
  const auto refused = [&](uint64_t model_seed, uint64_t data_seed, const TrainConfig& config,
                           const char* why) {
    auto model = tiny_model(at::kFloat, model_seed);
    EXPECT_THAT(
        [&] {
          train(*model, random_examples(30, 5, 25, data_seed), config, directory.path(), nullptr);
        },
        ThrowsMessage<Error>(HasSubstr(why)));
  };
  refused(1, 4, small_config(), "its examples is");
  refused(2, 3, small_config(), "its starting_weights is");
  TrainConfig config = small_config();
  config.learning_rate = 2e-2;
  refused(1, 3, config, "its learning_rate is 0.01, here it is 0.02");
}

TEST_F(Train, SettingsThatOnlySayHowTheWorkIsDoneMayChangeBetweenRuns) {
  const auto examples = random_examples(30, 5, 25);
  TemporaryDirectory directory;
  TrainConfig config = small_config();
  EXPECT_THROW(train(*tiny_model(), examples, config, directory.path(), interrupt_after(5)),
               Interrupted);
  config.micro_batch_tokens = 25;
  config.recompute = true;
  config.checkpoint_every = 0;
  EXPECT_EQ(train(*tiny_model(), examples, config, directory.path(), nullptr).steps, 12);
}

TEST_F(Train, ANonFiniteLossIsRefusedBeforeTheWeightsChangeAndNothingIsSaved) {
  const auto examples = random_examples(10, 5, 9);
  TemporaryDirectory directory;
  auto model = tiny_model();
  model->final_norm().value.data().fill_(std::numeric_limits<float>::quiet_NaN());
  const std::string before = bytes_of(model->master());
  TrainConfig config = small_config();
  config.checkpoint_every = 1;
  EXPECT_THAT([&] { train(*model, examples, config, directory.path(), nullptr); },
              ThrowsMessage<Error>(HasSubstr("step 1 of 12: the loss is")));
  EXPECT_TRUE(bytes_of(model->master()) == before);
  EXPECT_TRUE(fs::is_empty(directory.path()));
}

TEST_F(Train, ANonFiniteGradientIsRefusedToo) {
  const auto examples = random_examples(10, 5, 9);
  auto model = tiny_model();
  // As a fault in backward would leave it: the loss itself is finite.
  model->gradients().fill_(std::numeric_limits<float>::infinity());
  EXPECT_THAT([&] { train(*model, examples, small_config(), {}, nullptr); },
              ThrowsMessage<Error>(HasSubstr("gradient norm inf")));
}

TEST_F(Train, ExamplesThatAreTooLongAreLeftOutAndCounted) {
  auto examples = random_examples(6, 5, 9);
  for (const Example& longer : random_examples(3, 30, 40)) examples.push_back(longer);
  TrainConfig config = small_config();
  config.max_steps = 0;
  config.epochs = 2;
  config.max_length = 29;
  int64_t tokens = 0;
  for (int i = 0; i < 6; ++i) tokens += static_cast<int64_t>(examples[i].ids.size());
  std::vector<std::string> warnings;
  set_log_sink([&](LogLevel, const std::string& message) { warnings.push_back(message); });
  const TrainResult result = train(*tiny_model(), examples, config, {}, nullptr);
  set_log_sink({});
  EXPECT_EQ(result.examples_too_long, 3);
  EXPECT_EQ(result.tokens, 2 * tokens);
  EXPECT_THAT(warnings, testing::Contains(HasSubstr("3 of 9 examples are longer than 29 tokens")));
}

TEST_F(Train, ExamplesBeyondTheModelsPositionsAreTooLongWhateverTheSetting) {
  auto examples = random_examples(4, 5, 9);
  examples.push_back(random_examples(1, 65, 65)[0]);
  TrainConfig config = small_config();
  config.max_length = 1000;
  EXPECT_EQ(train(*tiny_model(), examples, config, {}, nullptr).examples_too_long, 1);
}

TEST_F(Train, NothingToTrainOnIsAnError) {
  TrainConfig config = small_config();
  config.max_length = 3;
  EXPECT_THAT([&] { train(*tiny_model(), random_examples(4, 5, 9), config, {}, nullptr); },
              ThrowsMessage<Error>(HasSubstr("nothing to train on: of 4 examples 4 are longer")));
}

TEST_F(Train, ATokenOutsideTheVocabularyIsAnErrorThatNamesTheExample) {
  auto examples = random_examples(4, 5, 9);
  examples[2].ids[1] = kTinyVocab;
  EXPECT_THAT([&] { train(*tiny_model(), examples, small_config(), {}, nullptr); },
              ThrowsMessage<Error>(HasSubstr("example 2 holds the token id 11")));
}

TEST_F(Train, StepsWithoutWeightAreCountedAndChangeNothing) {
  auto examples = random_examples(10, 5, 9);
  for (Example& example : examples) example.weights.assign(example.weights.size(), 0.0f);
  auto model = tiny_model();
  const std::string before = bytes_of(model->master());
  const TrainResult result = train(*model, examples, small_config(), {}, nullptr);
  EXPECT_EQ(result.steps, 12);
  EXPECT_EQ(result.steps_without_weight, 12);
  EXPECT_TRUE(bytes_of(model->master()) == before);
}

TEST_F(Train, EpochsDecideTheNumberOfStepsUnlessMaxStepsDoes) {
  const auto examples = random_examples(40, 10, 10);  // 400 tokens, 10 steps of 40 an epoch
  TrainConfig config = small_config();
  config.batch_tokens = 40;
  config.epochs = 1.5;
  config.max_steps = 0;
  EXPECT_EQ(train(*tiny_model(), examples, config, {}, nullptr).steps, 15);
  config.max_steps = 23;
  EXPECT_EQ(train(*tiny_model(), examples, config, {}, nullptr).tokens, 23 * 40);
}

TEST_F(Train, OneThreadAndTwoAgreeClosely) {
  const auto examples = random_examples(30, 5, 25);
  auto one = tiny_model();
  train(*one, examples, small_config(), {}, nullptr);
  const Threads threads(2);
  auto two = tiny_model();
  train(*two, examples, small_config(), {}, nullptr);
  EXPECT_LT(largest_difference(one->master(), two->master()), 1e-3);
}

TEST_F(Train, GradientsAreClippedToTheirNorm) {
  // One step of AdamW moves by the learning rate whatever the scale, so the norm is read and the
  // first moment checked.
  const auto examples = random_examples(10, 5, 9);
  TrainConfig config = small_config();
  config.max_steps = 1;
  config.checkpoint_every = 1;
  config.max_gradient_norm = 0.25;
  TemporaryDirectory directory;
  double norm = 0;
  train(*tiny_model(), examples, config, directory.path(),
        [&](const TrainMetrics& metrics) { norm = metrics.gradient_norm; });
  ASSERT_GT(norm, 0.25);
  const std::string bytes = read_file(directory.path() / "step-1" / "m.f32");
  std::vector<float> m(bytes.size() / sizeof(float));
  std::memcpy(m.data(), bytes.data(), bytes.size());
  double squares = 0;
  for (const float value : m) squares += static_cast<double>(value) * value;
  EXPECT_NEAR(std::sqrt(squares), (1 - config.beta1) * 0.25, 1e-4);
}

TEST_F(Train, TheResultKeepsTheShareOfItsStartThatIsAskedFor) {
  const auto examples = random_examples(30, 5, 25);
  for (const at::ScalarType dtype : {at::kFloat, at::kBFloat16}) {
    auto trained = tiny_model(dtype), mixed = tiny_model(dtype);
    TrainConfig config = small_config();
    train(*trained, examples, config, {}, nullptr);
    const at::Tensor start = mixed->master().clone();
    config.start_share = 0.25;
    train(*mixed, examples, config, {}, nullptr);
    EXPECT_LT(largest_difference(mixed->master(), 0.25 * start + 0.75 * trained->master()), 1e-6);
    EXPECT_GT(largest_difference(mixed->master(), trained->master()), 1e-4);
    EXPECT_TRUE(at::equal(mixed->values(), mixed->master().to(dtype)));
  }
}

TEST_F(Train, ARunThatIsResumedMixesItsOwnStartInOnce) {
  const auto examples = random_examples(30, 5, 25);
  TrainConfig config = small_config();
  config.start_share = 0.25;
  auto whole = tiny_model(), broken = tiny_model(), finished = tiny_model();
  TemporaryDirectory directory;
  train(*whole, examples, config, {}, nullptr);
  EXPECT_THROW(train(*broken, examples, config, directory.path(), interrupt_after(5)), Interrupted);
  broken = tiny_model();
  train(*broken, examples, config, directory.path(), nullptr);
  train(*finished, examples, config, directory.path(), nullptr);  // nothing is left to train
  EXPECT_TRUE(bytes_of(broken->master()) == bytes_of(whole->master()));
  EXPECT_TRUE(bytes_of(finished->master()) == bytes_of(whole->master()));
}

TEST_F(Train, AWrongSettingIsAUsageErrorThatNamesIt) {
  TrainConfig config = small_config();
  config.batch_tokens = 0;
  EXPECT_THAT([&] { train(*tiny_model(), random_examples(4, 5, 9), config, {}, nullptr); },
              ThrowsMessage<UsageError>(HasSubstr("batch_tokens is 0; it should be above 0")));
}

// The signal's flag stays set for the life of a process, so this happens in one of its own.
TEST(TrainDeathTest, ASignalSavesACheckpointAndEndsTheRun) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  TemporaryDirectory directory;
  const auto signalled = [&] {
    try {
      train(*tiny_model(), random_examples(30, 5, 25), small_config(), directory.path(),
            [](const TrainMetrics& metrics) {
              if (metrics.step == 3) request_interrupt();
            });
    } catch (const Interrupted&) {
      std::exit(fs::exists(directory.path() / "step-3" / "manifest.json") ? 75 : 1);
    }
    std::exit(2);
  };
  EXPECT_EXIT(signalled(), testing::ExitedWithCode(75), "");
}

}  // namespace
}  // namespace tripost
