// Every operation of kernels/operations.h against the plain reference, at every level of
// instructions.
//
// float32 within 2e-5 of the largest value; bfloat16 (8 bits of precision, two or three roundings
// on the way) within 2.5e-2 of the reference computed in float32 from the same rounded inputs.
#include "kernels/operations.h"

#include <ATen/Parallel.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/tensor.h>

#include <cmath>

#include "compare.h"
#include "kernels/reference.h"

namespace tripost::kernels {
namespace {

struct Case {
  Operation ours, reference;
  std::vector<at::Tensor> inputs, weights;
  std::vector<std::vector<int64_t>> outputs;  // shapes
};

std::vector<at::Tensor> in_dtype(const std::vector<at::Tensor>& tensors, at::ScalarType dtype) {
  std::vector<at::Tensor> converted;
  for (const auto& tensor : tensors) converted.push_back(tensor.to(dtype));
  return converted;
}

void check_at_every_level(const Case& test) {
  const LevelGuard guard;
  std::vector<at::Tensor> incoming;
  for (const auto& shape : test.outputs) {
    incoming.push_back(at::randn(shape).to(at::kBFloat16).to(at::kFloat));
  }
  const auto rounded = [](const auto& tensors) {
    return in_dtype(in_dtype(tensors, at::kBFloat16), at::kFloat);
  };
  const Results exact = run(test.reference, rounded(test.inputs), rounded(test.weights), incoming);
  for (const Level level : levels()) {
    set_level(level);
    const std::string name = "level " + std::to_string(static_cast<int>(level));
    expect_close(run(test.ours, rounded(test.inputs), rounded(test.weights), incoming), exact, 2e-5,
                 name + ", float32");
    expect_close(run(test.ours, in_dtype(test.inputs, at::kBFloat16),
                     in_dtype(test.weights, at::kBFloat16), incoming),
                 exact, 2.5e-2, name + ", bfloat16");
  }
}

class Width : public testing::TestWithParam<int64_t> {};

TEST_P(Width, RmsNormAgreesWithTheReference) {
  const auto norm = [](auto function) {
    return [function](const auto& x, const auto& w) {
      return std::vector<at::Tensor>{function(x[0], w[0], 1e-5)};
    };
  };
  const int64_t width = GetParam();
  check_at_every_level({norm(&rms_norm),
                        norm(&reference::rms_norm),
                        {at::randn({300, width})},
                        {at::randn({width})},
                        {{300, width}}});
}

TEST_P(Width, AddRmsNormAgreesWithTheReference) {
  const auto norm = [](auto function) {
    return [function](const auto& x, const auto& w) {
      const auto [sum, normalised] = function(x[0], x[1], w[0], 1e-5);
      return std::vector<at::Tensor>{sum, normalised};
    };
  };
  const int64_t width = GetParam();
  check_at_every_level({norm(&add_rms_norm),
                        norm(&reference::add_rms_norm),
                        {at::randn({300, width}), at::randn({300, width})},
                        {at::randn({width})},
                        {{300, width}, {300, width}}});
}

TEST_P(Width, SwigluAgreesWithTheReference) {
  const auto swish = [](auto function) {
    return
        [function](const auto& x, const auto&) { return std::vector<at::Tensor>{function(x[0])}; };
  };
  const int64_t width = GetParam();
  check_at_every_level({swish(&swiglu),
                        swish(&reference::swiglu),
                        {at::randn({37, 2 * width}) * 5},
                        {},
                        {{37, width}}});
}

INSTANTIATE_TEST_SUITE_P(Widths, Width, testing::Values(1, 5, 64, 100, 192));

TEST(Operations, SwigluOfHugeGatesIsFinite) {
  const at::Tensor x = at::tensor({-1e4f, 1e4f, 2.0f, 3.0f}).view({2, 2}).t().contiguous();
  EXPECT_TRUE(swiglu(x.view({2, 2})).allclose(reference::swiglu(x.view({2, 2}))));
}

TEST(Operations, EmbeddingAddsRepeatedTokensInFloat32) {
  const at::Tensor ids = at::randint(0, 7, {4000}, at::kLong);
  const auto look_up = [ids](auto function) {
    return [ids, function](const auto&, const auto& w) {
      return std::vector<at::Tensor>{function(ids, w[0])};
    };
  };
  check_at_every_level({look_up(&embedding),
                        look_up(&reference::embedding),
                        {},
                        {at::randn({11, 24})},
                        {{4000, 24}}});
}

TEST(Operations, LinearWithBiasAgreesWithTheReference) {
  const auto apply = [](auto function) {
    return [function](const auto& x, const auto& w) {
      return std::vector<at::Tensor>{function(x[0], w[0], &w[1])};
    };
  };
  check_at_every_level({apply(&linear),
                        apply(&reference::linear),
                        {at::randn({200, 48})},
                        {at::randn({32, 48}), at::randn({32})},
                        {{200, 32}}});
}

TEST(Operations, RopeAgreesWithTheReferenceAndLeavesValuesAlone) {
  for (const int64_t half : {4, 16, 20, 32}) {
    const at::Tensor angles = at::randn({50, half});
    const auto apply = [angles](auto function) {
      return [angles, function](const auto& x, const auto&) {
        return std::vector<at::Tensor>{function(x[0], angles.cos(), angles.sin(), 3, 1)};
      };
    };
    const int64_t width = 5 * 2 * half;
    check_at_every_level(
        {apply(&rope), apply(&reference::rope), {at::randn({50, width})}, {}, {{50, width}}});
    const at::Tensor x = at::randn({50, width});
    EXPECT_TRUE(rope(x, angles.cos(), angles.sin(), 3, 1)
                    .narrow(1, 8 * half, 2 * half)
                    .equal(x.narrow(1, 8 * half, 2 * half)));
  }
}

struct Attention {
  std::vector<int32_t> starts;
  int64_t heads, kv_heads, head_size;
  int64_t window = 0;
};

void check_attention(const Attention& a) {
  const at::Tensor starts = at::tensor(a.starts, at::kInt);
  const double scale = 1.0 / std::sqrt(static_cast<double>(a.head_size));
  const auto apply = [&](auto function) {
    return [=, &a](const auto& x, const auto&) {
      return std::vector<at::Tensor>{function(x[0], starts, a.heads, a.kv_heads, scale, a.window)};
    };
  };
  const int64_t width = (a.heads + 2 * a.kv_heads) * a.head_size;
  check_at_every_level({apply(&packed_attention),
                        apply(&reference::packed_attention),
                        {at::randn({a.starts.back(), width})},
                        {},
                        {{a.starts.back(), a.heads * a.head_size}}});
}

TEST(PackedAttention, AgreesWithOneSequenceAfterTheOther) {
  check_attention({{0, 1, 2, 65, 128, 192, 333}, 6, 2, 32});
}
TEST(PackedAttention, TakesSequencesOfLengthZeroAndOne) {
  check_attention({{0, 0, 1, 1, 4, 5}, 4, 4, 64});
}
TEST(PackedAttention, TakesHeadSizesThatFillNoVector) {
  for (const int64_t size : {8, 40, 80, 128}) check_attention({{0, 70, 75}, 2, 1, size});
}
TEST(PackedAttention, WalksOverManyBlocks) { check_attention({{0, 700, 1003}, 3, 1, 32}); }

// Windows shorter than a block, across blocks, of one token, and longer than some sequences.
TEST(PackedAttention, SeesNoFurtherThanItsWindow) {
  for (const int64_t window : {1, 5, 63, 64, 65, 130, 400}) {
    check_attention({{0, 1, 60, 210, 543}, 4, 2, 32, window});
  }
}

TEST(PackedAttention, AWindowAsLongAsTheSequenceChangesNoBit) {
  const at::Tensor starts = at::tensor({0, 200}, at::kInt);
  const at::Tensor qkv = at::randn({200, 160});
  const at::Tensor whole = packed_attention(qkv, starts, 3, 1, 0.2);
  EXPECT_TRUE(packed_attention(qkv, starts, 3, 1, 0.2, 200).equal(whole));
  EXPECT_FALSE(packed_attention(qkv, starts, 3, 1, 0.2, 199).equal(whole));
}

TEST(PackedAttention, LargeScoresStayFiniteAndExact) {
  const at::Tensor starts = at::tensor({0, 130}, at::kInt);
  const at::Tensor qkv = at::randn({130, 96}) * 30;
  const at::Tensor expected = reference::packed_attention(qkv, starts, 1, 1, 1.0);
  EXPECT_LT(relative_error(packed_attention(qkv, starts, 1, 1, 1.0), expected), 1e-4);
}

TEST(PackedAttention, DoesNotDependOnItsNeighboursOrThreadsByABit) {
  const at::Tensor starts = at::tensor({0, 90, 400, 460}, at::kInt);
  const at::Tensor qkv = at::randn({460, 320}).to(at::kBFloat16);
  const at::Tensor packed = packed_attention(qkv, starts, 6, 2, 0.2);
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const at::Tensor alone = packed_attention(qkv.narrow(0, 90, 310).contiguous(),
                                            at::tensor({0, 310}, at::kInt), 6, 2, 0.2);
  at::set_num_threads(threads);
  EXPECT_TRUE(packed.narrow(0, 90, 310).equal(alone));
}

TEST(Operations, SquaredNormIsThatOfFloat64AndShowsNan) {
  const LevelGuard guard;
  const at::Tensor x = at::randn({100003}) * 1e18;
  const double expected = x.to(at::kDouble).square().sum().item<double>();
  for (const Level level : levels()) {
    set_level(level);
    EXPECT_NEAR(squared_norm(x) / expected, 1.0, 1e-12);
    EXPECT_NEAR(reference::squared_norm(x) / expected, 1.0, 1e-12);
  }
  x[77] = NAN;
  EXPECT_TRUE(std::isnan(squared_norm(x)));
}

}  // namespace
}  // namespace tripost::kernels
