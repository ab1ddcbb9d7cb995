#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/randn.h>
#include <gtest/gtest.h>

#include "kernels/decode_attention_product.h"
#include "kernels/level.h"

namespace tripost::kernels {
namespace {

struct PackedWeights : testing::TestWithParam<at::ScalarType> {
  ~PackedWeights() override { set_level(best_level()); }
};

// `packed` times `rows` rows against float64; a border around the target shows writes outside it.
void check_rows(const PackedWeight& packed, const at::Tensor& weight, int64_t rows) {
  const int64_t outputs = weight.size(0);
  const bool half = weight.scalar_type() == at::kBFloat16;
  const at::Tensor x = at::randn({rows, weight.size(1)}).to(weight.scalar_type());
  at::Tensor space = at::full({rows + 2, outputs + 9}, 7.0, weight.options());
  const at::Tensor target = space.narrow(0, 1, rows).narrow(1, 0, outputs);
  packed.product(x, target);
  const at::Tensor expected = at::matmul(x.to(at::kDouble), weight.to(at::kDouble).t());
  const at::Tensor error =
      (target.to(at::kDouble) - expected).abs() - expected.abs() / (half ? 256 : 1 << 20);
  EXPECT_LT(error.max().item<double>(), 1e-4 / (half ? 1 : 10))
      << rows << " rows, " << outputs << " outputs";
  target.fill_(7.0);
  EXPECT_TRUE(space.eq(7.0).all().item<bool>());
}

TEST_P(PackedWeights, MultiplyInFloat32AndRoundOnceAtEveryLevelThatHasThem) {
  for (const Level level : {Level::kAvx2, Level::kAvx512, Level::kAmx}) {
    if (level > best_level()) continue;
    set_level(level);
    for (const int64_t outputs : {1, 16, 63, 64, 130, 320}) {
      for (const int64_t inputs : {70, 96}) {  // tiles want a multiple of 32
        const at::Tensor weight = at::randn({outputs, inputs}).to(GetParam());
        if (!PackedWeight::supports(weight)) continue;
        const PackedWeight packed(weight);
        for (int64_t rows = 1; rows <= 13; ++rows) check_rows(packed, weight, rows);
        for (const int64_t rows : {16, 31, 32, 33, 64, 77}) check_rows(packed, weight, rows);
      }
    }
  }
}

TEST_P(PackedWeights, ARowsSumsDoNotDependOnTheRowsBesideIt) {
  for (const int64_t inputs : {70, 96}) {
    const at::Tensor weight = at::randn({100, inputs}).to(GetParam());
    if (!PackedWeight::supports(weight)) GTEST_SKIP() << "this processor cannot use it packed";
    const PackedWeight packed(weight);
    const at::Tensor x = at::randn({43, inputs}).to(GetParam());
    const at::Tensor all = at::full({43, 100}, 0.0, weight.options()), one = all.clone();
    packed.product(x, all);
    for (int64_t row = 0; row < 43; ++row)
      packed.product(x.narrow(0, row, 1), one.narrow(0, row, 1));
    EXPECT_TRUE(one.equal(all)) << inputs << " inputs";
  }
}

TEST_P(PackedWeights, KeepNaNs) {
  at::Tensor weight = at::full({20, 6}, 1.0).to(GetParam());
  weight[3][2] = NAN;
  if (!PackedWeight::supports(weight)) GTEST_SKIP() << "this processor cannot use it packed";
  const at::Tensor target = at::full({1, 20}, 0.0, weight.options());
  PackedWeight(weight).product(at::full({1, 6}, 1.0, weight.options()), target);
  EXPECT_EQ(target.isnan().sum().item<int64_t>(), 1);
  EXPECT_TRUE(target[0][3].isnan().item<bool>());
}

INSTANTIATE_TEST_SUITE_P(Types, PackedWeights, testing::Values(at::kBFloat16, at::kFloat));

}  // namespace
}  // namespace tripost::kernels
