// The reference's gradients against central differences in float64: what everything else is
// compared with is right itself.
#include <ATen/ops/rand.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>

#include "compare.h"
#include "kernels/reference.h"

namespace tripost::kernels {
namespace {

using Scalar = std::function<at::Tensor(const at::Tensor& x, const Parameter& weight)>;

// d f / d `at`, one element after the other.
at::Tensor differences(at::Tensor at, const std::function<double()>& f) {
  constexpr double kStep = 1e-5;
  at::Tensor slopes = at::zeros_like(at);
  double* values = at.mutable_data_ptr<double>();
  for (int64_t i = 0; i < at.numel(); ++i) {
    const double value = values[i];
    values[i] = value + kStep;
    const double above = f();
    values[i] = value - kStep;
    slopes.view({-1})[i] = (above - f()) / (2 * kStep);
    values[i] = value;
  }
  return slopes;
}

// `f` maps x and a weight to any tensor; its sum with fixed random factors is differentiated.
void check_gradients(const Scalar& f, const std::vector<int64_t>& x_shape,
                     const std::vector<int64_t>& weight_shape) {
  at::Tensor x = at::randn(x_shape, at::kDouble).set_requires_grad(true);
  Parameter weight{"weight", at::randn(weight_shape, at::kDouble).set_requires_grad(true),
                   at::zeros(weight_shape, at::kDouble)};
  const at::Tensor y = f(x, weight);
  const at::Tensor factors = at::randn(y.sizes(), at::kDouble);
  (y * factors).sum().backward();
  const c10::NoGradGuard no_grad;
  const auto value = [&] { return (f(x, weight) * factors).sum().item<double>(); };
  EXPECT_LT(relative_error(x.grad(), differences(x.detach(), value)), 1e-7);
  if (weight.gradient.abs().max().item<double>() > 0) {
    EXPECT_LT(relative_error(weight.gradient, differences(weight.value.detach(), value)), 1e-7);
  }
}

TEST(ReferenceGradients, OfTheNormAreThoseOfFiniteDifferences) {
  check_gradients([](const auto& x, const auto& w) { return reference::rms_norm(x, w, 1e-3); },
                  {3, 7}, {7});
}

TEST(ReferenceGradients, OfNormAndSumTogetherAreThoseOfFiniteDifferences) {
  check_gradients(
      [](const auto& x, const auto& w) {
        const auto [sum, normalised] = reference::add_rms_norm(x * 2, x, w, 1e-3);
        return sum * normalised;
      },
      {3, 7}, {7});
}

TEST(ReferenceGradients, OfRopeAndSwigluAreThoseOfFiniteDifferences) {
  const at::Tensor angles = at::randn({5, 3}, at::kDouble);
  check_gradients(
      [angles](const auto& x, const auto&) {
        return reference::swiglu(reference::rope(x, angles.cos(), angles.sin(), 2, 1));
      },
      {5, 24}, {1});
}

TEST(ReferenceGradients, OfAttentionAreThoseOfFiniteDifferences) {
  const at::Tensor starts = at::tensor({0, 1, 5}, at::kInt);
  check_gradients(
      [starts](const auto& x, const auto&) {
        return reference::packed_attention(x, starts, 2, 1, 0.6);
      },
      {5, 12}, {1});
}

TEST(ReferenceGradients, OfEmbeddingLinearAndLossAreThoseOfFiniteDifferences) {
  const at::Tensor ids = at::randint(0, 6, {5}, at::kLong);
  const at::Tensor weights = at::rand({5}, at::kDouble);
  check_gradients(
      [=](const auto& x, const auto& w) {
        const at::Tensor hidden = reference::linear(x, w) + reference::embedding(ids, w);
        return reference::linear_cross_entropy(hidden, w, ids, weights, 2.0).loss;
      },
      {5, 6}, {6, 6});
}

}  // namespace
}  // namespace tripost::kernels
