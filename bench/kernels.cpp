// bench_kernels [threads]: every operation of kernels/operations.h, the low-rank layer and the
// operations of generation on the shapes of a small Llama, ours against the plain ATen reference,
// best of several runs. Prints a table and what one layer's time is made of.
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>
#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <vector>

#include "bench/generation_kernels.h"
#include "bench/timing.h"
#include "kernels/low_rank.h"
#include "kernels/product.h"
#include "kernels/reference.h"

namespace tripost::kernels {
namespace {

constexpr int64_t kTokens = 8192, kWidth = 256, kHeads = 8, kKvHeads = 2, kHeadSize = 32;
constexpr int64_t kInner = 704, kVocabulary = 512, kWeights = 8'000'000;

// bfloat16 where the processor multiplies it: elsewhere ATen takes minutes for one product.
at::ScalarType type() { return multiplies_bfloat16(at::kCPU) ? at::kBFloat16 : at::kFloat; }

at::Tensor input(std::vector<int64_t> shape) {
  return at::randn(shape).to(type()).set_requires_grad(true);
}

Parameter weight(std::vector<int64_t> shape) {
  return {"weight", (at::randn(shape) * 0.05).to(type()).set_requires_grad(true), at::zeros(shape)};
}

// Times the forward, and forward with backward, of a function of one tensor.
using Function = std::function<at::Tensor(const at::Tensor&)>;

double compare(const std::string& name, const std::string& shape, const at::Tensor& x,
               const Function& ours, const Function& reference) {
  const auto forward = [&](const Function& f) {
    return [&f, x] {
      const c10::NoGradGuard no_grad;
      f(x);
    };
  };
  const auto both = [&](const Function& f) {
    return [&f, x] {
      const at::Tensor y = f(x);
      y.backward(y.dim() == 0 ? at::Tensor() : at::ones_like(y));
      x.mutable_grad() = at::Tensor();
    };
  };
  report(name + " forward", shape, forward(ours), forward(reference));
  return report(name + " forward+backward", shape, both(ours), both(reference));
}

double bench_attention(const std::string& shape, const std::vector<int32_t>& starts) {
  const at::Tensor device_starts = at::tensor(starts, at::kInt);
  const double scale = 1.0 / std::sqrt(static_cast<double>(kHeadSize));
  const auto call = [&](auto function) {
    return
        [=](const at::Tensor& x) { return function(x, device_starts, kHeads, kKvHeads, scale, 0); };
  };
  return compare("attention", shape, input({starts.back(), (kHeads + 2 * kKvHeads) * kHeadSize}),
                 call(&packed_attention), call(&reference::packed_attention));
}

double bench_linear(int64_t in, int64_t out) {
  const Parameter w = weight({out, in});
  const auto call = [&w](auto function) {
    return [&w, function](const at::Tensor& x) { return function(x, w, nullptr); };
  };
  return compare("linear", fmt::format("{}x{}->{}", kTokens, in, out), input({kTokens, in}),
                 call(&linear), call(&reference::linear));
}

// Queries, keys and values with an adapter of rank 16 each.
void bench_low_rank() {
  constexpr int64_t kRank = 16, kKeys = kKvHeads * kHeadSize, kQueries = kHeads * kHeadSize;
  constexpr int64_t kOut = kQueries + 2 * kKeys;
  Parameter w = weight({kOut, kWidth});
  w.value.set_requires_grad(false);  // frozen
  const LowRank adapter{.a = weight({3 * kRank, kWidth}),
                        .b = weight({kOut, kRank}),
                        .pieces = {{0, kQueries}, {kQueries, kKeys}, {kQueries + kKeys, kKeys}},
                        .scale = 2};
  const auto call = [&](auto function) {
    return [&w, &adapter, function](const at::Tensor& x) {
      return function(x, w, nullptr, adapter, at::Tensor());
    };
  };
  compare("low_rank_linear", fmt::format("{}x{}->{}, rank {}", kTokens, kWidth, kOut, kRank),
          input({kTokens, kWidth}), call(&low_rank_linear), call(&reference::low_rank_linear));
}

double bench_norm() {
  const Parameter w = weight({kWidth});
  const at::Tensor residual = input({kTokens, kWidth});
  const auto call = [&](auto function) {
    return [&w, residual, function](const at::Tensor& x) {
      const auto [sum, normalised] = function(residual, x, w, 1e-5);
      residual.mutable_grad() = at::Tensor();
      return normalised;
    };
  };
  return compare("add_rms_norm", fmt::format("{}x{}", kTokens, kWidth), input({kTokens, kWidth}),
                 call(&add_rms_norm), call(&reference::add_rms_norm));
}

double bench_rope() {
  const at::Tensor angles = at::rand({kTokens, kHeadSize / 2});
  const at::Tensor cos = angles.cos(), sin = angles.sin();
  const auto call = [&](auto function) {
    return [=](const at::Tensor& x) { return function(x, cos, sin, kHeads, kKvHeads); };
  };
  const int64_t width = (kHeads + 2 * kKvHeads) * kHeadSize;
  return compare("rope", fmt::format("{}x{}", kTokens, width), input({kTokens, width}), call(&rope),
                 call(&reference::rope));
}

double bench_swiglu() {
  return compare(
      "swiglu", fmt::format("{}x{}", kTokens, 2 * kInner), input({kTokens, 2 * kInner}),
      [](const at::Tensor& x) { return swiglu(x); },
      [](const at::Tensor& x) { return reference::swiglu(x); });
}

void bench_loss(int64_t tokens, int64_t width, int64_t vocabulary) {
  const Parameter head = weight({vocabulary, width});
  const at::Tensor targets = at::randint(0, vocabulary, {tokens}, at::kLong);
  const at::Tensor weights = at::ones({tokens});
  const auto call = [&](auto function) {
    return [&head, targets, weights, function](const at::Tensor& x) {
      return function(x, head, targets, weights, 100.0).loss;
    };
  };
  compare("loss", fmt::format("{}x{}->{}", tokens, width, vocabulary), input({tokens, width}),
          call(&linear_cross_entropy), call(&reference::linear_cross_entropy));
}

void bench_embedding() {
  const Parameter table = weight({kVocabulary, kWidth});
  const at::Tensor ids = at::randint(0, kVocabulary, {kTokens}, at::kLong);
  const auto both = [&](auto function) {
    return [&table, ids, function] {
      const at::Tensor y = function(ids, table);
      y.backward(at::ones_like(y));
    };
  };
  report("embedding forward+backward", fmt::format("{}x{}", kTokens, kWidth), both(&embedding),
         both(&reference::embedding));
}

void bench_optimizer() {
  at::Tensor master = at::randn({kWeights}), m = at::zeros({kWeights}), v = at::rand({kWeights});
  at::Tensor gradient = at::randn({kWeights}), shadow = master.to(type());
  const at::Tensor decay = at::ones({kWeights}, at::kByte);
  const AdamW options{.weight_decay = 0.1, .gradient_scale = 0.5};
  const std::string shape = fmt::format("{} weights", kWeights);
  report(
      "adamw_step", shape, [&] { adamw_step(options, master, m, v, gradient, shadow, decay); },
      [&] { reference::adamw_step(options, master, m, v, gradient, shadow, decay); });
  report(
      "squared_norm", shape, [&] { squared_norm(gradient); },
      [&] { reference::squared_norm(gradient); });
}

void bench_all() {
  fmt::print("{} threads, {}, milliseconds, best run\n", at::get_num_threads(),
             c10::toString(type()));
  fmt::print("{:<34} {:<26} {:>9} {:>9} {:>7}\n", "operation", "shape", "ours", "ATen", "ratio");
  std::vector<int32_t> mixed{0}, long_ones{0};
  for (int i = 0; mixed.back() < kTokens; ++i) {
    mixed.push_back(std::min<int32_t>(kTokens, mixed.back() + 100 + i * 397 % 700));
  }
  for (int i = 1; i <= 5; ++i) long_ones.push_back(kTokens * i / 5);
  const double qkv = bench_linear(kWidth, (kHeads + 2 * kKvHeads) * kHeadSize);
  const double output = bench_linear(kHeads * kHeadSize, kWidth);
  const double gate_up = bench_linear(kWidth, 2 * kInner);
  const double down = bench_linear(kInner, kWidth);
  const double attention =
      bench_attention(fmt::format("{} rows, {} sequences", kTokens, mixed.size() - 1), mixed);
  bench_attention(fmt::format("{} rows, 5 sequences", kTokens), long_ones);
  const double others = 2 * bench_norm() + bench_rope() + bench_swiglu();
  bench_loss(kTokens, kWidth, kVocabulary);
  bench_loss(2048, 576, 49152);
  bench_low_rank();
  bench_embedding();
  bench_optimizer();
  const double products = qkv + output + gate_up + down;
  const double layer = products + attention + others;
  fmt::print(
      "one layer, forward+backward: {:.2f} ms = {:.0f}% GEMM, {:.0f}% attention, {:.0f}% "
      "norm, rope and swiglu\n",
      layer, 100 * products / layer, 100 * attention / layer, 100 * others / layer);
}

}  // namespace
}  // namespace tripost::kernels

int main(int count, char** arguments) {
  // Keep large tensors on the heap: fresh pages for every one would be most of what is measured.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, -1);
  if (count > 1) at::set_num_threads(std::atoi(arguments[1]));
  tripost::kernels::bench_all();
  tripost::bench_generation();
}
