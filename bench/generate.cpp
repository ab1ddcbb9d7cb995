// Tokens per second of batched generation with random weights, and where the time goes.
//
//   bench_generate [--threads 2] [--workers 0] [--batch 256] [--requests 256] [--prompt 100]
//                  [--new 300] [--model 0.9M|3.3M|135M] [--dtype bfloat16|float32]
//                  [--device cpu|cuda] [--temperature 1] [--top-p 1] [--top-k 0]
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/random.h"
#include "bench/shapes.h"
#include "engine/engine.h"
#include "model/transformer.h"

int main(int argc, char** argv) {
  using namespace tripost;
  int threads = 2, requests = 256, prompt = 100, repeat = 2;
  EngineOptions options;
  Sampling sampling{.temperature = 1.0, .max_new_tokens = 300, .ignore_eos = true};
  std::string model_name = "3.3M", dtype = "bfloat16", device = "cpu";
  bool same = false;
  CLI::App app("generation speed with random weights");
  app.add_option("--threads", threads);
  app.add_option("--workers", options.num_workers);
  app.add_option("--batch", options.max_batch);
  app.add_option("--requests", requests);
  app.add_option("--prompt", prompt);
  app.add_option("--prefill-tokens", options.prefill_tokens);
  app.add_option("--new", sampling.max_new_tokens);
  app.add_option("--temperature", sampling.temperature);
  app.add_option("--top-p", sampling.top_p);
  app.add_option("--top-k", sampling.top_k);
  app.add_option("--model", model_name);
  app.add_option("--dtype", dtype);
  app.add_option("--device", device);
  app.add_option("--repeat", repeat);
  app.add_flag("--same-prompt", same);
  CLI11_PARSE(app, argc, argv);
  at::set_num_threads(threads);
  Transformer model(bench_shape(model_name), at::Device(device),
                    dtype == "float32" ? at::kFloat : at::kBFloat16);
  model.initialize(1);
  std::vector<TokenRequest> batch(requests);
  for (int i = 0; i < requests; ++i) {
    Random random(same ? 1 : i + 1);
    for (int t = 0; t < prompt; ++t)
      batch[i].prompt.push_back(static_cast<int32_t>(random.below(512)));
    batch[i].sampling = sampling;
    batch[i].seed = i;
  }
  for (int run = 0; run < repeat; ++run) {
    Engine engine(model, options);
    engine.generate(batch);
    const auto s = engine.statistics();
    const double all =
        s.matrix_product_seconds + s.attention_seconds + s.sampling_seconds + s.rest_seconds;
    fmt::print(
        "{:.0f} tokens/s ({} generated, {} prompt, {} shared, {} reused, {} steps, {:.2f} s) | "
        "GEMM {:.0f}% "
        "attention {:.0f}% "
        "sampling {:.0f}% rest {:.0f}%\n",
        static_cast<double>(s.generated_tokens) / s.seconds, s.generated_tokens, s.prompt_tokens,
        s.shared_prompt_tokens, s.reused_prompt_tokens, s.steps, s.seconds,
        100 * s.matrix_product_seconds / all, 100 * s.attention_seconds / all,
        100 * s.sampling_seconds / all, 100 * s.rest_seconds / all);
  }
  return 0;
}
