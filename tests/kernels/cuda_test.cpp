// The operations on CUDA tensors against the plain reference on the CPU in float32; skipped where
// there is no GPU.
#include <ATen/Context.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/tensor.h>

#include "compare.h"
#include "kernels/operations.h"
#include "kernels/reference.h"

namespace tripost::kernels {
namespace {

std::vector<at::Tensor> moved(const std::vector<at::Tensor>& tensors, at::Device device,
                              at::ScalarType dtype) {
  std::vector<at::Tensor> result;
  for (const auto& t : tensors) result.push_back(t.to(at::kBFloat16).to(dtype).to(device));
  return result;
}

// bfloat16 within 2.5e-2 of the largest value, float32 within 2e-3: CUDA's sums take another order.
void check_on_cuda(const Operation& operation, const Operation& reference,
                   const std::vector<at::Tensor>& inputs, const std::vector<at::Tensor>& weights,
                   const std::vector<int64_t>& output) {
  if (!at::hasCUDA()) GTEST_SKIP() << "no GPU here";
  const at::Tensor incoming = at::randn(output).to(at::kBFloat16).to(at::kFloat);
  const Results exact = run(reference, moved(inputs, at::kCPU, at::kFloat),
                            moved(weights, at::kCPU, at::kFloat), {incoming});
  for (const auto& [dtype, tolerance] : {std::pair{at::kFloat, 2e-3}, {at::kBFloat16, 2.5e-2}}) {
    Results made = run(operation, moved(inputs, at::kCUDA, dtype), moved(weights, at::kCUDA, dtype),
                       {incoming.to(at::kCUDA)});
    for (auto& tensor : made) tensor = tensor.cpu();
    expect_close(made, exact, tolerance, c10::toString(dtype));
  }
}

TEST(Cuda, LinearAgreesWithTheCpu) {
  const auto apply = [](auto function) {
    return [function](const auto& x, const auto& w) {
      return std::vector<at::Tensor>{function(x[0], w[0], &w[1])};
    };
  };
  check_on_cuda(apply(&linear), apply(&reference::linear), {at::randn({200, 48})},
                {at::randn({32, 48}), at::randn({32})}, {200, 32});
}

TEST(Cuda, EmbeddingAgreesWithTheCpu) {
  const at::Tensor ids = at::randint(0, 11, {500}, at::kLong);
  const auto apply = [ids](auto function) {
    return [ids, function](const auto&, const auto& w) {
      return std::vector<at::Tensor>{function(ids.to(w[0].value.device()), w[0])};
    };
  };
  check_on_cuda(apply(&embedding), apply(&reference::embedding), {}, {at::randn({11, 24})},
                {500, 24});
}

TEST(Cuda, AddRmsNormAgreesWithTheCpu) {
  const auto apply = [](auto function) {
    return [function](const auto& x, const auto& w) {
      return std::vector<at::Tensor>{function(x[0], x[1], w[0], 1e-5).second};
    };
  };
  check_on_cuda(apply(&add_rms_norm), apply(&reference::add_rms_norm),
                {at::randn({300, 64}), at::randn({300, 64})}, {at::randn({64})}, {300, 64});
}

TEST(Cuda, RopeAndSwigluAgreeWithTheCpu) {
  const at::Tensor angles = at::randn({50, 16});
  const auto apply = [angles](auto rotate, auto activate) {
    return [=](const auto& x, const auto&) {
      const at::Tensor here = angles.to(x[0].device());
      return std::vector<at::Tensor>{activate(rotate(x[0], here.cos(), here.sin(), 4, 2))};
    };
  };
  check_on_cuda(apply(&rope, &swiglu), apply(&reference::rope, &reference::swiglu),
                {at::randn({50, 8 * 32})}, {}, {50, 4 * 32});
}

TEST(Cuda, PackedAttentionAgreesWithTheCpu) {
  const at::Tensor starts = at::tensor({0, 1, 2, 65, 128, 192, 333}, at::kInt);
  for (const int64_t window : {0, 20}) {
    const auto apply = [=](auto function) {
      return [=](const auto& x, const auto&) {
        return std::vector<at::Tensor>{function(x[0], starts, 6, 2, 0.2, window)};
      };
    };
    check_on_cuda(apply(&packed_attention), apply(&reference::packed_attention),
                  {at::randn({333, 320})}, {}, {333, 192});
  }
}

TEST(Cuda, ChunkedLossAgreesWithTheCpu) {
  const at::Tensor targets = at::randint(0, 77, {101}, at::kLong);
  const at::Tensor weights = at::rand({101});
  const auto apply = [&](auto function) {
    return [=](const auto& x, const auto& w) {
      const at::Device device = x[0].device();
      const WeightedLoss loss = function(x[0], w[0], targets.to(device), weights.to(device), 3.0);
      return std::vector<at::Tensor>{loss.loss, loss.log_probabilities};
    };
  };
  check_on_cuda(apply(&linear_cross_entropy), apply(&reference::linear_cross_entropy),
                {at::randn({101, 48})}, {at::randn({77, 48}) * 0.3}, {});
}

TEST(Cuda, AdamWAndSquaredNormAgreeWithTheCpu) {
  if (!at::hasCUDA()) GTEST_SKIP() << "no GPU here";
  const at::Tensor values = at::randn({1003}), slope = at::randn({1003});
  Results made;
  for (const at::Device device : {at::kCPU, at::kCUDA}) {
    at::Tensor master = values.clone().to(device), gradient = slope.clone().to(device);
    at::Tensor m = at::zeros({1003}, master.options()), v = at::zeros({1003}, master.options());
    at::Tensor shadow = master.to(at::kBFloat16);
    const at::Tensor decay = (master > 0).to(at::kByte);
    made.push_back(at::tensor({squared_norm(gradient)}));
    adamw_step({.weight_decay = 0.1, .gradient_scale = 0.5}, master, m, v, gradient, shadow, decay);
    made.push_back(master.cpu());
  }
  EXPECT_LT(relative_error(made[2], made[0]), 1e-6);
  EXPECT_LT(relative_error(made[3], made[1]), 1e-6);
}

}  // namespace
}  // namespace tripost::kernels
