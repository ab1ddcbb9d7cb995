#include "kernels/low_rank.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/linear.h>
#include <c10/core/GradMode.h>

#include "compare.h"
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

  Results results(const auto& function, at::ScalarType dtype) const {
    const Parameter frozen{"weight", weight.to(dtype), {}}, added{"bias", bias.to(dtype), {}};
    const Operation operation = [&](const auto& inputs, const auto& weights) {
      return std::vector<at::Tensor>{function(inputs[0], frozen, &added, adapter_of(weights))};
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
