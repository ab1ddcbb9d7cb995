// Products of bfloat16 at every level of instructions against float64: with BF16 instructions they
// are LibTorch's, without them they are made in float32, and the result is rounded once either way.
#include "kernels/product.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/mm.h>

#include "compare.h"

namespace tripost::kernels {
namespace {

// Half a unit in the last of bfloat16's 8 bits, and float32's rounding of the sums.
constexpr double kOneRounding = 1.0 / 256;
constexpr double kFloat32 = 2e-6;

struct Product : testing::Test {
  LevelGuard guard;
  at::Tensor a = at::randn({37, 50}).to(at::kBFloat16);
  at::Tensor b = at::randn({50, 21}).to(at::kBFloat16);
  at::Tensor exact = at::mm(a.to(at::kDouble), b.to(at::kDouble));

  // Largest difference as a part of the value itself, where that is not small.
  static double error(const at::Tensor& actual, const at::Tensor& expected) {
    const at::Tensor size = expected.abs().clamp_min(expected.abs().max().item<double>() / 100);
    return ((actual.to(at::kDouble) - expected).abs() / size).max().item<double>();
  }
};

TEST_F(Product, OfBfloat16IsThatOfFloat64RoundedOnceAtEveryLevel) {
  for (const Level level : levels()) {
    set_level(level);
    const at::Tensor made = product(a, b);
    EXPECT_EQ(made.scalar_type(), at::kBFloat16);
    EXPECT_LT(error(made, exact), 1.01 * kOneRounding);
    const at::Tensor space = at::empty({40, 21}, made.options());
    product_into(space.narrow(0, 2, 37), a, b);
    EXPECT_TRUE(space.narrow(0, 2, 37).equal(made));
  }
}

TEST_F(Product, OfTransposedAndStridedOperandsIsTheSame) {
  const at::Tensor turned = b.t().contiguous();
  const at::Tensor wide = at::randn({37, 70}).to(at::kBFloat16);
  wide.narrow(1, 10, 50).copy_(a);
  for (const Level level : levels()) {
    set_level(level);
    EXPECT_LT(error(product(wide.narrow(1, 10, 50), turned.t()), exact), 1.01 * kOneRounding);
  }
}

TEST_F(Product, AddedToABfloat16TargetIsRoundedWithTheSum) {
  const at::Tensor before = at::randn({37, 21}).to(at::kBFloat16);
  const at::Tensor expected = before.to(at::kDouble) + exact * 0.3;
  for (const Level level : levels()) {
    set_level(level);
    const at::Tensor target = before.clone();
    add_product(target, a, b, 0.3);
    EXPECT_LT(relative_error(target, expected), 2 * kOneRounding);
  }
}

TEST_F(Product, AddedToAFloat32TargetIsNotRoundedWithoutBfloat16Instructions) {
  const at::Tensor before = at::randn({37, 21});
  const at::Tensor expected = before.to(at::kDouble) + exact * 0.3;
  for (const Level level : levels()) {
    set_level(level);
    const at::Tensor target = before.clone();
    add_product(target, a, b, 0.3);
    EXPECT_LT(relative_error(target, expected),
              multiplies_bfloat16(at::kCPU) ? kOneRounding : kFloat32);
  }
}

TEST_F(Product, OfAnAffineLayerIsRoundedOnceAfterTheBias) {
  const at::Tensor weight = at::randn({21, 50}).to(at::kBFloat16);
  const at::Tensor bias = at::randn({21}).to(at::kBFloat16);
  const auto wide = [](const at::Tensor& t) { return t.to(at::kDouble); };
  for (const Level level : levels()) {
    set_level(level);
    EXPECT_LT(
        relative_error(affine(a, weight, bias), at::linear(wide(a), wide(weight), wide(bias))),
        2 * kOneRounding);
    EXPECT_LT(relative_error(affine(a, weight, {}), at::linear(wide(a), wide(weight))),
              kOneRounding);
  }
}

TEST_F(Product, OfFloat32StaysFloat32) {
  const at::Tensor x = at::randn({8, 50}), y = at::randn({50, 9});
  const at::Tensor expected = at::mm(x.to(at::kDouble), y.to(at::kDouble));
  for (const Level level : levels()) {
    set_level(level);
    EXPECT_LT(relative_error(product(x, y), expected), kFloat32);
  }
}

}  // namespace
}  // namespace tripost::kernels
