#include "kernels/reference.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>
#include <gtest/gtest.h>

namespace tripost::kernels {
namespace {

TEST(Reference, LinearAddsItsWeightGradientInPlaceAndLeavesTheLeafAlone) {
  Parameter weight{"w", at::randn({3, 4}), at::full({3, 4}, 2.0)};
  weight.value.set_requires_grad(true);
  const at::Tensor x = at::randn({5, 4}).set_requires_grad(true);
  for (int pass = 0; pass < 2; ++pass) reference::linear(x, weight).sum().backward();
  const at::Tensor expected = 2.0 + 2.0 * x.detach().sum(0).expand({3, 4});
  EXPECT_TRUE(weight.gradient.allclose(expected));
  EXPECT_FALSE(weight.value.grad().defined());
  EXPECT_TRUE(x.grad().allclose(2.0 * weight.value.detach().sum(0).expand({5, 4})));
}

TEST(Reference, NothingIsRecordedWithGradModeOff) {
  Parameter weight{"w", at::randn({3, 4}), at::zeros({3, 4})};
  weight.value.set_requires_grad(true);
  const c10::NoGradGuard no_grad;
  EXPECT_FALSE(reference::linear(at::randn({5, 4}), weight).requires_grad());
}

}  // namespace
}  // namespace tripost::kernels
