#include "kernels/low_rank.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/randint.h>
#include <c10/core/GradMode.h>

#include "compare.h"
#include "kernels/dropout.h"
#include "kernels/reference.h"

namespace tripost::kernels {
namespace {

constexpr int64_t kTokens = 13, kInputs = 20, kOutputs = 24, kRank = 3;
constexpr double kScale = 1.7;
// Outputs 4 to 7 and 16 to 23 have no adapter.
const std::vector<LowRank::Piece> kPieces = {{0, 4}, {8, 8}};

LowRank adapter_of(const std::vector<Parameter>& weights) {
  return {weights[0], weights[1], kPieces, kScale};
}

// inputs: x; weights: A, B. The frozen weight and bias are the same in every call.
struct Case {
  at::Tensor x = at::randn({kTokens, kInputs});
  at::Tensor weight = at::randn({kOutputs, kInputs});
  at::Tensor bias = at::randn({kOutputs});
  at::Tensor a = at::randn({2 * kRank, kInputs});
  at::Tensor b = at::randn({12, kRank});
  at::Tensor incoming = at::randn({kTokens, kOutputs});

  // Undefined: no dropout.
  at::Tensor keys;

  Results results(const auto& function, at::ScalarType dtype) const {
    const Parameter frozen{"weight", weight.to(dtype), {}}, added{"bias", bias.to(dtype), {}};
    const Operation operation = [&](const auto& inputs, const auto& weights) {
      LowRank adapter = adapter_of(weights);
      adapter.dropout = 0.4;
      adapter.dropout_seed = 77;
      return std::vector<at::Tensor>{function(inputs[0], frozen, &added, adapter, keys)};
    };
    return run(operation, {x.to(dtype)}, {a.to(dtype), b.to(dtype)}, {incoming});
  }

  // Autograd through W + scale * B A as one matrix, in float64: output, gradients of x, A and B.
  Results by_autograd() const {
    const auto leaf = [](const at::Tensor& t) { return t.to(at::kDouble).set_requires_grad(true); };
    const at::Tensor input = leaf(x), down = leaf(a), up = leaf(b);
    const auto change = [&](int64_t row, int64_t rows, int64_t rank) {
      return at::mm(up.narrow(0, row, rows), down.narrow(0, rank, kRank)) * kScale;
    };
    const at::Tensor none = at::zeros({4, kInputs}, at::kDouble);
    const at::Tensor whole =
        weight.to(at::kDouble) + at::cat({change(0, 4, 0), none, change(4, 8, kRank), none, none});
    const at::Tensor y = at::linear(input, whole, bias.to(at::kDouble));
    (y * incoming.to(at::kDouble)).sum().backward();
    return {y.detach(), input.grad(), down.grad(), up.grad()};
  }
};

TEST(LowRankLinear, OutputAndGradientsAreThoseOfAutogradThroughTheMergedWeight) {
  const Case c;
  const Results expected = c.by_autograd();
  expect_close(c.results(low_rank_linear, at::kFloat), expected, 1e-5, "cpu");
  expect_close(c.results(reference::low_rank_linear, at::kFloat), expected, 1e-5, "reference");
  expect_close(c.results(low_rank_linear, at::kBFloat16), expected, 0.03, "bfloat16");
}

// y = x W^T + bias + scale * (mask x) A^T B^T with each piece's mask as numbers, in float64.
Results by_masked_autograd(const Case& c) {
  const auto leaf = [](const at::Tensor& t) { return t.to(at::kDouble).set_requires_grad(true); };
  const at::Tensor input = leaf(c.x), down = leaf(c.a), up = leaf(c.b);
  const auto change = [&](int64_t row, int64_t rows, int64_t piece) {
    const at::Tensor mask = reference::dropped_out(at::ones({kTokens, kInputs}), c.keys, 0.4,
                                                   static_cast<uint32_t>(77 + piece));
    const at::Tensor seen = input * mask.to(at::kDouble);
    const at::Tensor hidden = at::linear(seen, down.narrow(0, piece * kRank, kRank));
    return at::linear(hidden, up.narrow(0, row, rows)) * kScale;
  };
  const at::Tensor none = at::zeros({kTokens, 4}, at::kDouble);
  const at::Tensor y = at::linear(input, c.weight.to(at::kDouble), c.bias.to(at::kDouble)) +
                       at::cat({change(0, 4, 0), none, change(4, 8, 1), none, none}, 1);
  (y * c.incoming.to(at::kDouble)).sum().backward();
  return {y.detach(), input.grad(), down.grad(), up.grad()};
}

TEST(LowRankLinear, UnderDropoutEachPieceSeesWhatItsOwnMaskLeaves) {
  Case c;
  c.keys = at::randint(int64_t{1} << 32, {kTokens}, at::kLong);
  const Results expected = by_masked_autograd(c);
  expect_close(c.results(low_rank_linear, at::kFloat), expected, 1e-5, "cpu");
  expect_close(c.results(reference::low_rank_linear, at::kFloat), expected, 1e-5, "reference");
  expect_close(c.results(low_rank_linear, at::kBFloat16), expected, 0.03, "bfloat16");
}

TEST(Dropout, KeepsItsShareOfElementsAndScalesThemToTheSameMean) {
  const int64_t tokens = 1000, width = 300;
  const at::Tensor keys = at::randint(int64_t{1} << 32, {tokens}, at::kLong);
  for (const double rate : {0.05, 0.5, 0.9}) {
    const at::Tensor y = dropped_out(at::ones({tokens, width}), keys, rate, 5);
    const at::Tensor kept = y != 0;
    EXPECT_LT(relative_error(y, kept / (1 - rate)), 1e-6);
    // Standard deviations of a share of n independent draws; the largest of 300 columns and of
    // 1,000 rows stays below 5 of them.
    const auto deviation = [&](int64_t n) { return std::sqrt(rate * (1 - rate) / n); };
    const auto worst = [&](const at::Tensor& shares) {
      return (shares - (1 - rate)).abs().max().item<double>();
    };
    const at::Tensor shares = kept.to(at::kDouble);
    EXPECT_LT(worst(shares.mean()), 4 * deviation(tokens * width));
    EXPECT_LT(worst(shares.mean(0)), 5 * deviation(tokens));
    EXPECT_LT(worst(shares.mean(1)), 5 * deviation(width));
  }
}

TEST(Dropout, TheMaskFollowsFromKeySeedAndColumnAlone) {
  const at::Tensor keys = at::randint(int64_t{1} << 32, {40}, at::kLong);
  const at::Tensor x = at::randn({40, 64});
  const at::Tensor whole = dropped_out(x, keys, 0.5, 9);
  EXPECT_TRUE(at::equal(
      dropped_out(x.narrow(0, 7, 5).contiguous(), keys.narrow(0, 7, 5).contiguous(), 0.5, 9),
      whole.narrow(0, 7, 5)));
  EXPECT_TRUE(at::equal(reference::dropped_out(x, keys, 0.5, 9), whole));
  EXPECT_FALSE(at::equal(dropped_out(x, keys, 0.5, 10), whole));
  EXPECT_FALSE(at::equal(dropped_out(x, keys + 1, 0.5, 9), whole));
}

TEST(LowRankLinear, GradientsAddUpOverPasses) {
  const Case c;
  const Parameter frozen{"weight", c.weight, {}};
  const std::vector<Parameter> weights = {trained_parameter(c.a), trained_parameter(c.b)};
  const LowRank adapter = adapter_of(weights);
  const auto pass = [&] { low_rank_linear(c.x, frozen, nullptr, adapter).sum().backward(); };
  pass();
  const at::Tensor a_once = adapter.a.gradient.clone(), b_once = adapter.b.gradient.clone();
  pass();
  EXPECT_LT(relative_error(adapter.a.gradient, a_once * 2), 1e-6);
  EXPECT_LT(relative_error(adapter.b.gradient, b_once * 2), 1e-6);
  EXPECT_GT(a_once.abs().max().item<float>(), 0.1F);
}

TEST(LowRankLinear, WithoutAutogradTheAdaptersPartIsAddedInPlace) {
  const Case c;
  const LowRank adapter = adapter_of({Parameter{"a", c.a, {}}, Parameter{"b", c.b, {}}});
  const Parameter frozen{"weight", c.weight, {}}, bias{"bias", c.bias, {}};
  const c10::NoGradGuard no_grad;
  const at::Tensor target = at::linear(c.x, c.weight, c.bias);
  add_low_rank(target, c.x, adapter);
  EXPECT_LT(relative_error(target, low_rank_linear(c.x, frozen, &bias, adapter)), 1e-6);
}

}  // namespace
}  // namespace tripost::kernels
