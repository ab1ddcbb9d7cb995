#include "kernels/decode_attention.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <cmath>

#include "kernels/decode_attention_cpu.h"

namespace tripost::kernels {
namespace {

struct Case {
  int64_t heads, kv_heads, head_dim;
  std::vector<int64_t> windows = {};  // of the two layers
};

class PagedCache : public ::testing::TestWithParam<Case> {
 protected:
  CacheShape shape() const {
    return {.num_layers = 2,
            .num_heads = GetParam().heads,
            .num_kv_heads = GetParam().kv_heads,
            .head_dim = GetParam().head_dim,
            .num_slots = 3,
            .tokens_per_slot = 256,
            .total_tokens = 768,
            .scale = 1.0 / std::sqrt(static_cast<double>(GetParam().head_dim)),
            .windows = GetParam().windows};
  }
};

// Prefill in chunks beside decoding, with a slot that is given back and used again.
const std::vector<std::vector<StepSequence>> kSteps = {
    {{0, 0, 70, 70}, {2, 70, 5, 5}},
    {{0, 0, 1, 71}, {1, 1, 64, 64}, {2, 65, 60, 65}},
    {{0, 0, 1, 72}, {1, 1, 1, 65}, {2, 2, 1, 66}},
    {{2, 0, 130, 196}, {1, 130, 3, 68}},
};

float largest_difference(const at::Tensor& a, const at::Tensor& b) {
  return (a.to(at::kFloat) - b.to(at::kFloat)).abs().max().item<float>();
}

TEST_P(PagedCache, AttendsAsTheSlotCacheDoesOnEveryInstructionSet) {
  const c10::InferenceMode inference;
  const at::Tensor angles = at::randn({256, GetParam().head_dim / 2}, at::kFloat);
  const at::Tensor cos = angles.cos(), sin = angles.sin();
  for (const at::ScalarType dtype : {at::kFloat, at::kBFloat16}) {
    const float tolerance = dtype == at::kFloat ? 2e-5f : 2e-2f;
    for (std::size_t kernel = 0; kernel < runnable_cache_kernels().size(); ++kernel) {
      auto paged =
          make_paged_cache(shape(), dtype, cos, sin, nullptr, static_cast<int64_t>(kernel));
      auto slots = make_slot_cache(shape(), dtype, cos, sin);
      for (int32_t slot = 0; slot < 3; ++slot) {
        ASSERT_TRUE(paged->reserve(slot, 256));
        ASSERT_TRUE(slots->reserve(slot, 256));
      }
      for (const auto& step : kSteps) {
        const int64_t rows = step.back().first_row + step.back().num_rows;
        paged->begin_step(step);
        slots->begin_step(step);
        for (int64_t layer = 0; layer < 2; ++layer) {
          const at::Tensor qkv =
              at::randn({rows, (GetParam().heads + 2 * GetParam().kv_heads) * GetParam().head_dim})
                  .to(dtype);
          const at::Tensor expected =
              at::empty({rows, GetParam().heads * GetParam().head_dim}, qkv.options());
          const at::Tensor output = at::empty_like(expected);
          slots->attend(layer, qkv.clone(), expected);
          paged->attend(layer, qkv.clone(), output);
          ASSERT_LT(largest_difference(output, expected), tolerance)
              << "kernel " << kernel << " layer " << layer;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, PagedCache,
                         ::testing::Values(Case{6, 2, 32}, Case{9, 3, 64}, Case{4, 4, 16},
                                           Case{4, 1, 128}, Case{14, 2, 64}, Case{5, 1, 8},
                                           Case{2, 1, 80}, Case{6, 2, 32, {0, 1}},
                                           Case{6, 2, 32, {7, 64}}, Case{9, 3, 64, {65, 100}}));

TEST(PagedCacheMemory, RoomIsReservedForTheWholeCourseAndGivenBack) {
  const c10::InferenceMode inference;
  const at::Tensor table = at::zeros({256, 8});
  const CacheShape shape{1, 1, 1, 16, 3, 256, 256, 1.0};
  auto cache = make_paged_cache(shape, at::kFloat, table, table);
  EXPECT_TRUE(cache->reserve(0, 100));
  EXPECT_TRUE(cache->reserve(1, 128));
  EXPECT_FALSE(cache->reserve(2, 1));
  cache->release(0);
  EXPECT_TRUE(cache->reserve(2, 65));
}

TEST(PagedCacheMemory, ACopyGoesItsOwnWayFromThere) {
  const c10::InferenceMode inference;
  const at::Tensor angles = at::randn({256, 8});
  const CacheShape shape{1, 2, 1, 16, 3, 256, 768, 0.25};
  auto cache = make_paged_cache(shape, at::kFloat, angles.cos(), angles.sin());
  for (int32_t slot = 0; slot < 3; ++slot) cache->reserve(slot, 256);
  const at::Tensor prompt = at::randn({100, 64});
  const at::Tensor space = at::empty({200, 32});
  const std::vector<StepSequence> both{{0, 0, 100, 100}, {2, 100, 100, 100}};
  cache->begin_step(both);
  cache->attend(0, prompt.repeat({2, 1}), space);
  cache->copy(0, 1, 100);
  // Slots 0 and 1 go on with different tokens, slot 2 with the same as slot 1.
  const at::Tensor next = at::randn({2, 64}), other = at::randn({2, 64});
  const std::vector<StepSequence> step{{0, 0, 2, 102}, {1, 2, 2, 102}, {2, 4, 2, 102}};
  cache->begin_step(step);
  at::Tensor rows = at::empty({6, 64}), output = at::empty({6, 32});
  rows.narrow(0, 0, 2).copy_(next);
  rows.narrow(0, 2, 2).copy_(other);
  rows.narrow(0, 4, 2).copy_(other);
  cache->attend(0, rows, output);
  EXPECT_TRUE(output.narrow(0, 2, 2).equal(output.narrow(0, 4, 2)));
  EXPECT_FALSE(output.narrow(0, 0, 2).equal(output.narrow(0, 4, 2)));
}

}  // namespace
}  // namespace tripost::kernels
