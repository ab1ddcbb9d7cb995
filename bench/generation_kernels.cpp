#include "bench/generation_kernels.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/multinomial.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/softmax.h>
#include <c10/core/InferenceMode.h>

#include "base/error.h"
#include "bench/timing.h"
#include "engine/sampler.h"
#include "kernels/decode_attention.h"
#include "kernels/decode_attention_product.h"
#include "kernels/product.h"

namespace tripost {
namespace {

constexpr int64_t kSequences = 256;

// As in kernels.cpp.
at::ScalarType type() {
  return kernels::multiplies_bfloat16(at::kCPU) ? at::kBFloat16 : at::kFloat;
}

// One token of each sequence against `length` cached ones. Repeating a step writes the same place.
void bench_decode_attention(int64_t length) {
  const kernels::CacheShape shape{.num_layers = 1,
                                  .num_heads = 8,
                                  .num_kv_heads = 4,
                                  .head_dim = 32,
                                  .num_slots = kSequences,
                                  .tokens_per_slot = length,
                                  .total_tokens = kSequences * length,
                                  .scale = 1 / std::sqrt(32.0)};
  const at::Tensor angles = at::rand({length, shape.head_dim / 2});
  const at::Tensor cos = angles.cos(), sin = angles.sin();
  std::vector<kernels::StepSequence> prompts, step;
  for (int32_t slot = 0; slot < kSequences; ++slot) {
    const auto tokens = static_cast<int32_t>(length);
    prompts.push_back({slot, slot * (tokens - 1), tokens - 1, tokens - 1});
    step.push_back({slot, slot, 1, tokens});
  }
  const int64_t width = (shape.num_heads + 2 * shape.num_kv_heads) * shape.head_dim;
  const at::Tensor cached = at::randn({kSequences * (length - 1), width}).to(type());
  const at::Tensor qkv = at::randn({kSequences, width}).to(type());
  const auto output = [&](const at::Tensor& rows) {
    return at::empty({rows.size(0), shape.num_heads * shape.head_dim}, rows.options());
  };
  const auto prepare = [&](kernels::KeyValueCache& cache) {
    for (int32_t slot = 0; slot < kSequences; ++slot) {
      if (!cache.reserve(slot, length)) fail("the cache has no room for sequence {}", slot);
    }
    cache.begin_step(prompts);
    cache.attend(0, cached.clone(), output(cached));
    cache.begin_step(step);
  };
  const auto ours = kernels::make_paged_cache(shape, type(), cos, sin);
  const auto plain = kernels::make_slot_cache(shape, type(), cos, sin);
  prepare(*ours);
  prepare(*plain);
  const at::Tensor target = output(qkv);
  report(
      "decode attention", fmt::format("{} over {} tokens", kSequences, length),
      [&] { ours->attend(0, qkv.clone(), target); },
      [&] { plain->attend(0, qkv.clone(), target); });
}

void bench_packed_product(int64_t rows, int64_t in, int64_t out) {
  const at::Tensor weight = at::randn({out, in}).to(type());
  const std::string shape = fmt::format("{}x{}->{}", rows, in, out);
  if (!kernels::PackedWeight::supports(weight)) {
    fmt::print("{:<34} {:<26} not on this processor\n", "packed product", shape);
    return;
  }
  const kernels::PackedWeight packed(weight);
  const at::Tensor x = at::randn({rows, in}).to(type());
  at::Tensor target = at::empty({rows, out}, x.options());
  const at::Tensor transposed = weight.t();
  report(
      "packed product", shape, [&] { packed.product(x, target); },
      [&] { at::mm_out(target, x, transposed); });
}

// ATen has no top-p, so the plain sampling is compared: T = 1 from all tokens.
void bench_sampler(int64_t vocabulary) {
  const at::Tensor logits = at::randn({kSequences, vocabulary}).to(at::kBFloat16);
  const auto* rows = static_cast<const uint16_t*>(logits.const_data_ptr());
  const Sampling sampling{.temperature = 1.0};
  Sampler sampler(vocabulary);
  report(
      "sampling, one thread", fmt::format("{} rows of {}", kSequences, vocabulary),
      [&] {
        for (int64_t row = 0; row < kSequences; ++row)
          sampler.sample_bfloat16(rows + row * vocabulary, sampling, row, 0);
      },
      [&] { at::multinomial(at::softmax(logits.to(at::kFloat), 1), 1); });
}

}  // namespace

void bench_generation() {
  const c10::InferenceMode no_gradients;
  for (const int64_t length : {256, 1024}) bench_decode_attention(length);
  bench_packed_product(kSequences, 256, 1376);
  bench_packed_product(64, 576, 3072);
  bench_packed_product(64, 576, 49152);
  for (const int64_t vocabulary : {1536, 49152}) bench_sampler(vocabulary);
}

}  // namespace tripost
