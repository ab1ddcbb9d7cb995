// bench_share_of_peak [threads]: which part of the machine's best matrix product speed decoding and
// training reach, per model size, and what the rest of their time is. Random weights, bfloat16.
//
// The best is the library's on a product of 2048 x 2048 x 2048, in float32 where the processor
// has no BF16 instructions. The work is counted as 2
// multiplications and additions for each weight and token forward and 4 backward, and as many for
// each pair of a query's and a key's element and of a probability and a value's element. Times of
// training's operations are a stream's on average (bench/profile.h). Decoding comes first for all
// sizes, because training changes how the process keeps memory.
#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/randn.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "base/random.h"
#include "bench/profile.h"
#include "bench/shapes.h"
#include "engine/engine.h"
#include "kernels/product.h"
#include "model/transformer.h"
#include "train/optimizer.h"
#include "train/step.h"

namespace tripost {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double peak() {
  constexpr int64_t kSize = 2048;
  const bool native = kernels::multiplies_bfloat16(at::kCPU);
  const at::Tensor a = at::randn({kSize, kSize}).to(native ? at::kBFloat16 : at::kFloat);
  at::Tensor product = at::empty({kSize, kSize}, a.options());
  double best = INFINITY;
  for (int run = 0; run < 10; ++run) {
    const auto start = Clock::now();
    at::mm_out(product, a, a);
    best = std::min(best, seconds_since(start));
  }
  return 2.0 * kSize * kSize * kSize / best;
}

void print(const std::string& work, double tokens_per_second, double operations_per_token,
           double best, const std::string& profile) {
  const double speed = tokens_per_second * operations_per_token;
  fmt::print("{:<34} {:>9.0f} tokens/s {:>6.0f} GFLOP/s {:>3.0f}% of peak | {}\n", work,
             tokens_per_second, 1e-9 * speed, 100 * speed / best, profile);
  std::fflush(stdout);
}

// For one token that sees `keys` tokens, in all layers, forward.
double attention_operations(const ModelConfig& config, double keys) {
  return 2.0 * 2.0 * keys *
         static_cast<double>(config.num_layers * config.num_heads * config.head_dim);
}

void decode(const std::string& name, Transformer& model, int sequences, double best) {
  constexpr int kPrompt = 3, kNew = 64;
  std::vector<TokenRequest> requests(sequences);
  for (int i = 0; i < sequences; ++i) {
    requests[i].prompt = {i % 512, i / 512, 7};
    requests[i].sampling = {.temperature = 1.0, .max_new_tokens = kNew, .ignore_eos = true};
    requests[i].seed = i;
  }
  Engine engine(model, {});
  engine.generate(requests);
  const auto s = engine.statistics();
  const double all =
      s.matrix_product_seconds + s.attention_seconds + s.sampling_seconds + s.rest_seconds;
  print(fmt::format("{}, decoding {} sequences", name, sequences),
        static_cast<double>(s.generated_tokens) / s.seconds,
        2.0 * static_cast<double>(model.values().numel()) +
            attention_operations(model.config(), kPrompt + kNew / 2.0),
        best,
        fmt::format("products {:.0f}% attention {:.0f}% sampling {:.0f}% rest {:.0f}%",
                    100 * s.matrix_product_seconds / all, 100 * s.attention_seconds / all,
                    100 * s.sampling_seconds / all, 100 * s.rest_seconds / all));
}

std::vector<Example> examples_of(int64_t count, int64_t length, int64_t vocabulary) {
  std::vector<Example> examples(count);
  Random random(1);
  for (Example& example : examples) {
    for (int64_t t = 0; t < length; ++t)
      example.ids.push_back(static_cast<int32_t>(random.below(vocabulary)));
    example.weights.assign(length, 1.0f);
  }
  return examples;
}

std::string shares(const std::array<double, kKindNames.size()>& profile, double update,
                   double step) {
  std::string text;
  for (std::size_t kind = 0; kind < profile.size(); ++kind)
    text += fmt::format("{} {:.0f}% ", kKindNames[kind], 100 * profile[kind] / step);
  const double rest = step - update - std::accumulate(profile.begin(), profile.end(), 0.0);
  return text +
         fmt::format("optimizer {:.0f}% rest {:.0f}%", 100 * update / step, 100 * rest / step);
}

void train(const std::string& name, Transformer& model, int64_t rows, double best) {
  constexpr int64_t kLength = 448;
  const auto examples = examples_of(rows, kLength, model.config().vocab_size);
  std::vector<const Example*> pointers;
  for (const Example& example : examples) pointers.push_back(&example);
  model.enable_training();
  StepRunner runner(model, useful_streams(model, false), false);
  Optimizer optimizer(model, {});
  std::vector<Batch> batches;
  for (int64_t stream = 0; stream < runner.streams(); ++stream) {
    Indices chosen;
    for (int64_t i = stream; i < rows; i += runner.streams()) chosen.push_back(i);
    batches.push_back(make_batch(pointers, chosen, model.device()));
  }
  double step = INFINITY, update = 0;
  auto profile = take_profile();
  for (int run = 0; run < 3; ++run) {
    take_profile();
    const auto start = Clock::now();
    runner.run(batches, static_cast<double>(rows * kLength));
    const double ran = seconds_since(start);
    optimizer.apply(1e-4, optimizer.gradient_norm());
    if (seconds_since(start) >= step) continue;
    step = seconds_since(start);
    profile = take_profile();
    update = step - ran;
  }
  for (double& seconds : profile) seconds /= static_cast<double>(runner.streams());
  print(fmt::format("{}, training {}x{}, {} streams", name, rows, kLength, runner.streams()),
        static_cast<double>(rows * kLength) / step,
        6.0 * static_cast<double>(model.values().numel()) +
            3 * attention_operations(model.config(), (kLength + 1) / 2.0),
        best, shares(profile, update, step));
}

}  // namespace
}  // namespace tripost

int main(int count, char** arguments) {
  using namespace tripost;
  if (count > 1) at::set_num_threads(std::atoi(arguments[1]));
  const double best = peak();
  fmt::print("{} threads, {:.0f} GFLOP/s at best\n", at::get_num_threads(), 1e-9 * best);
  const std::vector<std::string> names = {"0.9M", "3.3M", "135M"};
  for (const std::string& name : names) {
    Transformer model(bench_shape(name), at::Device("cpu"), at::kBFloat16);
    model.initialize(1);
    for (const int sequences : {64, 256}) decode(name, model, sequences, best);
  }
  begin_profile();
  for (const std::string& name : names) {
    Transformer model(bench_shape(name), at::Device("cpu"), at::kBFloat16);
    model.initialize(1);
    train(name, model, name == "135M" ? 4 : 32, best);
  }
}
