#include "train/step.h"

#include <ATen/ops/equal.h>
#include <gtest/gtest.h>

#include <cmath>

#include "train/tiny.h"

namespace tripost {
namespace {

class Step : public testing::Test {
  Threads one_{1};
};

struct Outcome {
  double loss;
  at::Tensor gradients;
};

// Loss and gradients of the micro-batches `groups` of one step.
Outcome outcome_of(Transformer& model, const std::vector<Example>& examples,
                   const std::vector<Indices>& groups, double denominator, int64_t streams = 1,
                   bool recompute = false) {
  model.gradients().zero_();
  std::vector<Batch> batches;
  for (const Indices& group : groups)
    batches.push_back(make_batch(pointers(examples), group, at::kCPU));
  const double loss = StepRunner(model, streams, recompute).run(batches, denominator);
  return {loss, model.gradients().clone()};
}

void expect_near(const Outcome& a, const Outcome& b, double tolerance) {
  EXPECT_NEAR(a.loss, b.loss, tolerance);
  EXPECT_LT(largest_difference(a.gradients, b.gradients), tolerance);
  EXPECT_GT(a.gradients.abs().max().item<double>(), 1e-3) << "something was learnt at all";
}

// sum of w CE over one example, in float64, from the final hidden states:
// reference-behaviour.md 7.2's numerator.
double weighted_cross_entropy(Transformer& model, const Example& example) {
  const Batch batch = make_batch({&example}, {0}, at::kCPU);
  const at::Tensor hidden = model.hidden(batch.tokens).detach().to(at::kDouble);
  const at::Tensor head = model.head().value.detach().to(at::kDouble);
  double sum = 0;
  for (std::size_t t = 1; t < example.ids.size(); ++t) {
    std::vector<double> logits(kTinyVocab, 0.0);
    for (int64_t v = 0; v < kTinyVocab; ++v) {
      for (int64_t d = 0; d < hidden.size(1); ++d) {
        logits[v] +=
            hidden[static_cast<int64_t>(t) - 1][d].item<double>() * head[v][d].item<double>();
      }
    }
    double total = 0;
    for (const double logit : logits) total += std::exp(logit);
    sum += example.weights[t] * (std::log(total) - logits[example.ids[t]]);
  }
  return sum;
}

TEST_F(Step, TheLossIsTheWeightedCrossEntropyOverTheStepsDenominator) {
  auto model = tiny_model();
  const auto examples = random_examples(4, 3, 9);
  double expected = 0;
  for (const Example& example : examples) expected += weighted_cross_entropy(*model, example);
  expected /= 17.0;
  EXPECT_NEAR(outcome_of(*model, examples, {{0, 1, 2, 3}}, 17.0).loss, expected, 1e-5);
}

TEST_F(Step, DoublingEveryWeightDoublesLossAndGradient) {
  auto model = tiny_model();
  auto examples = random_examples(3, 4, 9);
  const Outcome once = outcome_of(*model, examples, {{0, 1, 2}}, 10.0);
  for (Example& example : examples) {
    for (float& weight : example.weights) weight *= 2;
  }
  const Outcome twice = outcome_of(*model, examples, {{0, 1, 2}}, 10.0);
  EXPECT_NEAR(twice.loss, 2 * once.loss, 1e-5);
  EXPECT_LT(largest_difference(twice.gradients, once.gradients * 2), 1e-5);
}

TEST_F(Step, PackedExamplesGiveTheLossAndGradientsOfSeparateOnes) {
  auto model = tiny_model();
  const auto examples = random_examples(4, 2, 12);
  expect_near(outcome_of(*model, examples, {{0, 1, 2, 3}}, 9.0),
              outcome_of(*model, examples, {{0}, {1}, {2}, {3}}, 9.0), 1e-5);
}

TEST_F(Step, OneMicroBatchEqualsFour) {
  auto model = tiny_model();
  const auto examples = random_examples(9, 2, 20);
  expect_near(outcome_of(*model, examples, {{0, 1, 2, 3, 4, 5, 6, 7, 8}}, 30.0),
              outcome_of(*model, examples, {{8, 3}, {0, 1, 2}, {4, 7}, {5, 6}}, 30.0), 1e-5);
}

TEST_F(Step, RecomputingChangesNothing) {
  auto model = tiny_model();
  const auto examples = random_examples(3, 4, 9);
  expect_near(outcome_of(*model, examples, {{0, 1, 2}}, 10.0),
              outcome_of(*model, examples, {{0, 1, 2}}, 10.0, 1, true), 1e-6);
}

TEST_F(Step, StreamsSideBySideGiveTheGradientsOfOne) {
  const Threads two(2);
  auto model = tiny_model();
  const auto examples = random_examples(9, 2, 20);
  const std::vector<Indices> groups{{8, 3}, {0, 1, 2}, {4, 7}, {5, 6}};
  for (const int64_t streams : {2, 3, 8}) {
    expect_near(outcome_of(*model, examples, groups, 30.0),
                outcome_of(*model, examples, groups, 30.0, streams), 1e-5);
  }
}

TEST_F(Step, StreamsSideBySideGiveTheSameBytesEveryTime) {
  const Threads two(2);
  auto model = tiny_model();
  const auto examples = random_examples(9, 2, 20);
  const std::vector<Indices> groups{{8, 3}, {0, 1, 2}, {4, 7}, {5, 6}};
  const Outcome first = outcome_of(*model, examples, groups, 30.0, 2);
  for (int i = 0; i < 5; ++i) {
    const Outcome again = outcome_of(*model, examples, groups, 30.0, 2);
    EXPECT_EQ(first.loss, again.loss);
    EXPECT_TRUE(at::equal(first.gradients, again.gradients));
  }
}

TEST_F(Step, ASecondStepStartsFromCleanStreams) {
  auto model = tiny_model();
  const auto examples = random_examples(4, 5, 9);
  StepRunner runner(*model, 2, false);
  const std::vector<Batch> batches{make_batch(pointers(examples), {0, 1}, at::kCPU),
                                   make_batch(pointers(examples), {2, 3}, at::kCPU)};
  model->gradients().zero_();
  runner.run(batches, 10.0);
  const at::Tensor first = model->gradients().clone();
  model->gradients().zero_();
  runner.run(batches, 10.0);
  EXPECT_TRUE(at::equal(first, model->gradients()));
}

TEST_F(Step, ATokenWithoutWeightThatNothingFollowsHasNoInfluence) {
  auto model = tiny_model();
  auto examples = random_examples(2, 6, 6);
  examples[0].weights.back() = 0;
  const Outcome before = outcome_of(*model, examples, {{0, 1}}, 10.0);
  examples[0].ids.back() = (examples[0].ids.back() + 1) % kTinyVocab;
  const Outcome after = outcome_of(*model, examples, {{0, 1}}, 10.0);
  EXPECT_EQ(before.loss, after.loss);
  EXPECT_TRUE(at::equal(before.gradients, after.gradients));
}

TEST_F(Step, GatheringTrainedRowsChangesNothing) {
  auto model = tiny_model();
  auto examples = random_examples(1, 30, 30);
  for (float& weight : examples[0].weights) weight = 1;
  for (std::size_t t = 10; t < 12; ++t)
    examples[0].weights[t] = 0;  // few enough not to be gathered
  Batch dense = make_batch(pointers(examples), {0}, at::kCPU);
  ASSERT_FALSE(dense.rows.defined());
  Batch gathered = dense;
  gathered.rows = dense.weights.nonzero().squeeze(1);
  gathered.targets = dense.targets.index_select(0, gathered.rows);
  gathered.weights = dense.weights.index_select(0, gathered.rows);
  StepRunner runner(*model, 1, false);
  model->gradients().zero_();
  const double loss = runner.run({dense}, 20.0);
  const at::Tensor gradients = model->gradients().clone();
  model->gradients().zero_();
  EXPECT_NEAR(runner.run({gathered}, 20.0), loss, 1e-6);
  EXPECT_LT(largest_difference(gradients, model->gradients()), 1e-6);
}

// 17.2 million weights: their gradients take just over 64 MiB.
std::unique_ptr<Transformer> medium_model() {
  ModelConfig config = tiny_base()->config();
  config.vocab_size = 66'000;
  config.hidden_size = 256;
  auto model = std::make_unique<Transformer>(config, at::Device(at::kCPU), at::kFloat);
  model->enable_training();
  return model;
}

TEST(Streams, AreOnePerThreadWhileTheGradientsOfAllStaySmall) {
  const Threads two{2};
  EXPECT_EQ(useful_streams(*tiny_model(), false), 2);
  EXPECT_EQ(useful_streams(*medium_model(), false), 2);
  const Threads one{1};
  EXPECT_EQ(useful_streams(*tiny_model(), false), 1);
}

TEST(Streams, OfWhoRecomputesToSaveMemoryStopAtSmallerGradients) {
  const Threads two{2};
  EXPECT_EQ(useful_streams(*tiny_model(), true), 2);
  EXPECT_EQ(useful_streams(*medium_model(), true), 1);
}

}  // namespace
}  // namespace tripost
