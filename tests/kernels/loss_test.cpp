// linear_cross_entropy: chunked = unchunked, its log-probabilities, weights of zero, and what
// backward scales.
#include "kernels/linear_cross_entropy.h"

#include <ATen/ops/ones.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>

#include "compare.h"
#include "kernels/reference.h"

namespace tripost::kernels {
namespace {

constexpr int64_t kRows = 101, kWidth = 48, kVocabulary = 77;

struct Batch {
  at::Tensor hidden = at::randn({kRows, kWidth});
  at::Tensor head = at::randn({kVocabulary, kWidth});
  at::Tensor targets = at::randint(0, kVocabulary, {kRows}, at::kLong);
  at::Tensor weights = at::rand({kRows});
};

using Loss = std::function<WeightedLoss(const at::Tensor& hidden, const Parameter& head)>;

// Loss, log-probabilities, and the gradients of hidden and head after a backward with 0.5.
Results run_loss(const Batch& batch, at::ScalarType dtype, const Loss& loss) {
  const at::Tensor hidden = batch.hidden.to(dtype).detach().clone().set_requires_grad(true);
  const Parameter head = trained_parameter(batch.head.to(dtype));
  const WeightedLoss made = loss(hidden, head);
  (made.loss * 0.5).backward();
  return {made.loss.detach(), made.log_probabilities, hidden.grad(), head.gradient};
}

Loss plain(const Batch& batch) {
  return [&batch](const at::Tensor& hidden, const Parameter& head) {
    return reference::linear_cross_entropy(hidden, head, batch.targets, batch.weights, 7.0);
  };
}

Loss chunked(const Batch& batch, int64_t rows) {
  return [&batch, rows](const at::Tensor& hidden, const Parameter& head) {
    return chunked_linear_cross_entropy(hidden, head, batch.targets, batch.weights, 7.0, rows);
  };
}

TEST(LinearCrossEntropy, EqualsTheUnchunkedReferenceForEveryChunkLengthAndLevel) {
  const LevelGuard guard;
  Batch batch;
  batch.weights.narrow(0, 20, 30).zero_();
  const Results exact = run_loss(batch, at::kFloat, plain(batch));
  for (const Level level : levels()) {
    set_level(level);
    for (const int64_t rows : {1, 16, 100, 101, 4096}) {
      expect_close(run_loss(batch, at::kFloat, chunked(batch, rows)), exact, 2e-5,
                   "chunks of " + std::to_string(rows));
    }
    expect_close(run_loss(batch, at::kBFloat16, chunked(batch, 32)),
                 run_loss(batch, at::kBFloat16, plain(batch)), 2e-2, "bfloat16");
  }
}

TEST(LinearCrossEntropy, RowsOfWeightZeroGetExactlyNoGradient) {
  Batch batch;
  batch.weights.narrow(0, 0, 60).zero_();
  const Results results = run_loss(batch, at::kFloat, chunked(batch, 16));
  EXPECT_EQ(results[2].narrow(0, 0, 60).abs().max().item<float>(), 0.0f);
  EXPECT_GT(results[2].narrow(0, 60, 41).abs().min().item<float>(), 0.0f);
  batch.weights.zero_();
  const Results none = run_loss(batch, at::kFloat, chunked(batch, 16));
  EXPECT_EQ(none[0].item<float>(), 0.0f);
  EXPECT_EQ(none[3].abs().max().item<float>(), 0.0f);
}

TEST(LinearCrossEntropy, AForwardWithoutBackwardAddsNothing) {
  const Batch batch;
  const Parameter head = trained_parameter(batch.head);
  const at::Tensor hidden = batch.hidden.clone().set_requires_grad(true);
  linear_cross_entropy(hidden, head, batch.targets, batch.weights, 1.0);
  EXPECT_EQ(head.gradient.abs().max().item<float>(), 0.0f);
}

TEST(LinearCrossEntropy, GivesTheSameProbabilitiesWithGradModeOff) {
  const Batch batch;
  const Parameter head = trained_parameter(batch.head);
  const WeightedLoss recorded =
      linear_cross_entropy(batch.hidden, head, batch.targets, batch.weights, 1.0);
  const c10::NoGradGuard no_grad;
  const WeightedLoss scored =
      linear_cross_entropy(batch.hidden, head, batch.targets, batch.weights, 1.0);
  EXPECT_FALSE(scored.loss.requires_grad());
  EXPECT_FALSE(recorded.log_probabilities.requires_grad());
  EXPECT_LT(relative_error(scored.log_probabilities, recorded.log_probabilities), 1e-6);
}

TEST(LinearCrossEntropy, TrainsTheHeadAloneAndTheHiddenStatesAlone) {
  const Batch batch;
  const Results both = run_loss(batch, at::kFloat, plain(batch));
  const Parameter head = trained_parameter(batch.head);
  (chunked(batch, 16)(batch.hidden, head).loss * 0.5).backward();
  EXPECT_LT(relative_error(head.gradient, both[3]), 2e-5);
  const at::Tensor hidden = batch.hidden.clone().set_requires_grad(true);
  const Parameter frozen{"head", batch.head, at::Tensor()};
  (chunked(batch, 16)(hidden, frozen).loss * 0.5).backward();
  EXPECT_LT(relative_error(hidden.grad(), both[2]), 2e-5);
}

}  // namespace
}  // namespace tripost::kernels
