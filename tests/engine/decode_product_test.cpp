#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/randn.h>
#include <gtest/gtest.h>

#include "kernels/decode_attention_product.h"

namespace tripost::kernels {
namespace {

TEST(PackedWeight, ProductsAreThoseOfFloat32RoundedOnce) {
  for (const int64_t outputs : {1, 16, 63, 64, 130, 320}) {
    const at::Tensor weight = at::randn({outputs, 70}).to(at::kBFloat16);
    if (!PackedWeight::supports(weight)) GTEST_SKIP() << "this processor has no AVX-512 BF16";
    const PackedWeight packed(weight);
    for (const int64_t rows : {1, 2, 3, 5, 6, 13}) {
      const at::Tensor x = at::randn({rows, 70}).to(at::kBFloat16);
      // A border around the target shows writes outside it.
      at::Tensor space = at::full({rows + 2, outputs + 9}, 7.0, at::kBFloat16);
      const at::Tensor target = space.narrow(0, 1, rows).narrow(1, 0, outputs);
      packed.product(x, target);
      const at::Tensor expected = at::matmul(x.to(at::kFloat), weight.to(at::kFloat).t());
      const at::Tensor error = (target.to(at::kFloat) - expected).abs() - expected.abs() / 256;
      EXPECT_LT(error.max().item<float>(), 1e-4) << rows << " rows, " << outputs << " outputs";
      target.fill_(7.0);
      EXPECT_TRUE(space.eq(7.0).all().item<bool>());
    }
  }
}

}  // namespace
}  // namespace tripost::kernels
