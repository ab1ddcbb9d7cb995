// Training an adapter: the base stays as it is, and a resumed run ends like an uninterrupted one.
#include <ATen/ops/equal.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "train/temporary_directory.h"
#include "train/tiny.h"
#include "train/trainer.h"

namespace tripost {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

class TrainLora : public testing::Test {
 protected:
  static std::unique_ptr<Transformer> adapted_model(at::ScalarType dtype = at::kFloat,
                                                    LoraConfig lora = {.rank = 3},
                                                    uint64_t base_seed = 1) {
    auto model = tiny_base(dtype, base_seed);
    model->attach_adapter(lora);
    model->enable_training();
    return model;
  }

  Threads two_{2};  // two streams of micro-batches
  const std::vector<Example> examples_ = random_examples(30, 5, 25);
};

TEST_F(TrainLora, LearnsWhileTheBaseStaysByteEqual) {
  for (const at::ScalarType dtype : {at::kFloat, at::kBFloat16}) {
    auto model = adapted_model(dtype);
    const std::string before = bytes_of(model->values());
    TrainConfig longer = small_config();
    longer.max_steps = 60;
    std::vector<double> losses;
    train(*model, examples_, longer, {},
          [&](const TrainMetrics& metrics) { losses.push_back(metrics.loss); });
    EXPECT_TRUE(bytes_of(model->values()) == before);
    EXPECT_FALSE(model->master().defined());
    EXPECT_FALSE(model->gradients().defined());
    EXPECT_LT(losses.back(), 0.8 * losses.front());
  }
}

TEST_F(TrainLora, AResumedRunEqualsAnUninterruptedOneByteForByte) {
  for (const at::ScalarType dtype : {at::kFloat, at::kBFloat16}) {
    TemporaryDirectory whole, broken;
    auto model = adapted_model(dtype);
    train(*model, examples_, small_config(), whole.path(), nullptr);
    auto first = adapted_model(dtype);
    EXPECT_THROW(train(*first, examples_, small_config(), broken.path(),
                       [](const TrainMetrics& metrics) {
                         if (metrics.step == 7) throw Interrupted();
                       }),
                 Interrupted);
    auto second = adapted_model(dtype);
    train(*second, examples_, small_config(), broken.path(), nullptr);
    EXPECT_TRUE(bytes_of(second->trained().master) == bytes_of(model->trained().master));
    EXPECT_TRUE(bytes_of(second->trained().values) == bytes_of(model->trained().values));
    for (const char* name : {"master.f32", "m.f32", "v.f32", "manifest.json"}) {
      EXPECT_TRUE(read_file(broken.path() / "step-12" / name) ==
                  read_file(whole.path() / "step-12" / name))
          << name;
    }
  }
}

TEST_F(TrainLora, ACheckpointHoldsTheAdapterAndItsMomentsAlone) {
  TemporaryDirectory directory;
  auto model = adapted_model();
  train(*model, examples_, small_config(), directory.path(), nullptr);
  const std::size_t adapter = model->trained().master.nbytes();
  EXPECT_LT(adapter, model->values().nbytes());
  for (const char* name : {"master.f32", "m.f32", "v.f32"})
    EXPECT_EQ(fs::file_size(directory.path() / "step-12" / name), adapter);
}

TEST_F(TrainLora, ACheckpointOfAnotherBaseOrAlphaIsRefused) {
  TemporaryDirectory directory;
  train(*adapted_model(), examples_, small_config(), directory.path(), nullptr);
  const auto refused = [&](const LoraConfig& lora, uint64_t base_seed, const char* why) {
    auto model = adapted_model(at::kFloat, lora, base_seed);
    EXPECT_THAT([&] { train(*model, examples_, small_config(), directory.path(), nullptr); },
                ThrowsMessage<Error>(HasSubstr(why)));
  };
  refused({.rank = 3, .alpha = 5}, 1, "lora_alpha");
  refused({.rank = 3}, 2, "base_weights");
}

class TrainLoraDropout : public TrainLora {
 protected:
  static std::unique_ptr<Transformer> model(double dropout) {
    return adapted_model(at::kFloat, {.rank = 3, .dropout = dropout});
  }
  at::Tensor trained_with(double dropout, const TrainConfig& config) {
    auto trained = model(dropout);
    train(*trained, examples_, config, {}, nullptr);
    return trained->trained().values;
  }
};

TEST_F(TrainLoraDropout, ChangesWhatIsLearntAndComesAgainWithTheSameSeed) {
  const TrainConfig config = small_config();
  const at::Tensor dropped = trained_with(0.3, config);
  EXPECT_GT(largest_difference(dropped, trained_with(0, config)), 1e-3);
  EXPECT_TRUE(at::equal(dropped, trained_with(0.3, config)));
}

TEST_F(TrainLoraDropout, DoesNotDependOnTheSizeOfMicroBatchesOrOnRecomputing) {
  TrainConfig small = small_config(), whole = small_config();
  small.micro_batch_tokens = 1;
  whole.micro_batch_tokens = 1000;
  whole.recompute = true;
  // Two steps: gradients are added up in another order, which AdamW makes large where they are near
  // 0.
  small.max_steps = whole.max_steps = 2;
  EXPECT_LT(largest_difference(trained_with(0.3, small), trained_with(0.3, whole)), 1e-4);
  EXPECT_GT(largest_difference(trained_with(0.3, small), trained_with(0, small)), 1e-3);
}

TEST_F(TrainLoraDropout, AResumedRunEqualsAnUninterruptedOneAndNoOtherRateGoesOn) {
  TemporaryDirectory whole, broken;
  auto expected = model(0.3), first = model(0.3), second = model(0.3), other = model(0.2);
  train(*expected, examples_, small_config(), whole.path(), nullptr);
  EXPECT_THROW(train(*first, examples_, small_config(), broken.path(),
                     [](const TrainMetrics& metrics) {
                       if (metrics.step == 7) throw Interrupted();
                     }),
               Interrupted);
  EXPECT_THAT([&] { train(*other, examples_, small_config(), broken.path(), nullptr); },
              ThrowsMessage<Error>(HasSubstr("lora_dropout")));
  train(*second, examples_, small_config(), broken.path(), nullptr);
  EXPECT_TRUE(bytes_of(second->trained().master) == bytes_of(expected->trained().master));
}

}  // namespace
}  // namespace tripost
