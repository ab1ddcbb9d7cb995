#include "train/batch.h"

#include <gtest/gtest.h>

#include <numeric>

#include "train/tiny.h"

namespace tripost {
namespace {

std::vector<int64_t> longs(const at::Tensor& tensor) {
  return {tensor.const_data_ptr<int64_t>(), tensor.const_data_ptr<int64_t>() + tensor.numel()};
}

std::vector<float> floats(const at::Tensor& tensor) {
  return {tensor.const_data_ptr<float>(), tensor.const_data_ptr<float>() + tensor.numel()};
}

const std::vector<Example> kExamples{
    {{5, 6, 7}, {9, 0, 2}, {}}, {{8, 9}, {9, 1}, {}}, {{1, 2, 3}, {1, 1, 1}, {}}};

TEST(Batch, EachPositionPredictsTheNextTokenOfItsOwnExample) {
  const Batch batch = make_batch(pointers(kExamples), {0, 1}, at::kCPU);
  EXPECT_EQ(longs(batch.tokens.ids), (std::vector<int64_t>{5, 6, 7, 8, 9}));
  EXPECT_EQ(longs(batch.tokens.positions), (std::vector<int64_t>{0, 1, 2, 0, 1}));
  EXPECT_EQ(batch.tokens.starts.scalar_type(), at::kInt);
  EXPECT_EQ(longs(batch.tokens.starts.to(at::kLong)), (std::vector<int64_t>{0, 3, 5}));
  // Only 6 -> 7 (weight 2) and 8 -> 9 (weight 1) are trained.
  EXPECT_EQ(longs(batch.rows), (std::vector<int64_t>{1, 3}));
  EXPECT_EQ(longs(batch.targets), (std::vector<int64_t>{7, 9}));
  EXPECT_EQ(floats(batch.weights), (std::vector<float>{2, 1}));
}

TEST(Batch, APositionPredictsItsTargetWhereThatIsNotTheNextToken) {
  const std::vector<Example> examples{{{5, 6, 7}, {0, 1, 1}, {5, 6, 2}}};
  const Batch batch = make_batch(pointers(examples), {0}, at::kCPU);
  EXPECT_EQ(longs(batch.tokens.ids), (std::vector<int64_t>{5, 6, 7}));
  EXPECT_EQ(longs(batch.targets), (std::vector<int64_t>{6, 2}));
}

TEST(Batch, RowsAreNotGatheredWhenNearlyAllAreTrained) {
  std::vector<Example> examples{{std::vector<int32_t>(20, 4), std::vector<float>(20, 1.0f), {}}};
  const Batch batch = make_batch(pointers(examples), {0}, at::kCPU);
  EXPECT_FALSE(batch.rows.defined());
  EXPECT_EQ(batch.weights.numel(), 20);
  EXPECT_EQ(floats(batch.weights).back(), 0.0f) << "the last position predicts nothing";
}

TEST(Batch, ABatchWithoutWeightSaysSo) {
  const std::vector<Example> examples{{{3}, {1}, {}}, {{1, 2}, {1, 0}, {}}};
  EXPECT_FALSE(make_batch(pointers(examples), {0, 1}, at::kCPU).trained);
}

TEST(Batch, IsFilledUpWithASequenceWithoutWeight) {
  const std::vector<Example> examples{
      {std::vector<int32_t>(98, 4), std::vector<float>(98, 1.0f), {}},
      {std::vector<int32_t>(100, 5), std::vector<float>(100, 0.0f), {}}};
  const Batch batch = make_batch(pointers(examples), {0, 1}, at::kCPU, 4);
  EXPECT_EQ(longs(batch.tokens.starts.to(at::kLong)), (std::vector<int64_t>{0, 98, 198, 200}));
  EXPECT_EQ(longs(batch.tokens.positions).back(), 1);
  EXPECT_EQ(longs(batch.rows).size(), 100u) << "97 of the first example, and 3";
  EXPECT_EQ(longs(batch.rows).back(), 199);
  const std::vector<float> weights = floats(batch.weights);
  EXPECT_EQ(std::accumulate(weights.begin(), weights.end(), 0.0f), 97.0f);
  EXPECT_EQ(std::accumulate(weights.end() - 3, weights.end(), 0.0f), 0.0f);
}

TEST(Batch, IsLeftAsItIsWhereFillingUpWouldAddMuch) {
  const Batch batch = make_batch(pointers(kExamples), {0, 1}, at::kCPU, 4);
  EXPECT_EQ(batch.tokens.ids.numel(), 5);
}

TEST(Batch, TheDenominatorCountsTrainedTokensOrTheirWeightsAndNeverTheFirstToken) {
  const auto examples = pointers(kExamples);
  EXPECT_EQ(loss_denominator(examples, {0, 1, 2}, Normalisation::kTokens), 1 + 1 + 2);
  EXPECT_EQ(loss_denominator(examples, {0, 1, 2}, Normalisation::kWeights), 2 + 1 + 2);
  EXPECT_EQ(loss_denominator(examples, {0}, Normalisation::kWeights), 2);
}

}  // namespace
}  // namespace tripost
