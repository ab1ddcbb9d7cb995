// Batched generation over token ids with a KV cache: hundreds of sequences at once, admitted as
// others finish.
//
// Promises: the tokens of a request depend only on its prompt, sampling and seed, never on what it
// is batched with (up to rounding in bfloat16; exactly in tests' float32 within tolerance of equal
// logits); requests come back in order; memory is bounded by `max_cached_tokens`. Text stays
// outside: see engine/generator.h for the text/generate.h callable.
//
// On the CPU it keeps keys and values of finished sequences, from call to call, for prompts that
// start with the same tokens: they are computed once as long as no weight changes, which it sees by
// itself. Between calls they take at most half of the cache's memory, and they make way for
// sequences that run. The slot cache of CUDA keeps nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "text/generate.h"

namespace tripost {

class Transformer;

struct TokenRequest {
  std::vector<int32_t> prompt;  // at least one token
  Sampling sampling;            // stop strings are handled by the caller through `on_token`
  uint64_t seed = 0;
  int num_likeliest = 0;  // tokens to tell of with each draw; only live requests ask for any
};

struct TokenCompletion {
  std::vector<int32_t> ids;              // without the prompt, EOS not included
  std::vector<float> log_probabilities;  // untempered log p of each generated token, EOS included
  FinishReason finish_reason = FinishReason::kStop;
  std::string error;  // why, when finish_reason is kError
};

struct EngineOptions {
  int64_t max_batch = 256;  // sequences decoded together
  // 0: from the memory that is free; on CUDA what max_batch sequences of the longest need.
  int64_t max_cached_tokens = 0;
  int64_t prefill_tokens = 2048;  // prompt tokens per step
  int64_t num_workers =
      0;                // batches decoded side by side, each on its share of the threads; 0: chosen
  bool retains = true;  // keys and values of finished sequences; false: for comparison
};

class Engine {
 public:
  Engine(Transformer& model, EngineOptions options);
  ~Engine();

  // `on_token(request, id)` is called for every token as it is made, in any order between requests;
  // returning false ends that request with kStop, the token included. `on_done(request)` as each
  // finishes, for progress. Calls come one at a time, but from other threads than the caller's.
  using OnToken = std::function<bool(std::size_t request, int32_t id)>;
  using OnDone = std::function<void(std::size_t request)>;
  std::vector<TokenCompletion> generate(const std::vector<TokenRequest>& requests,
                                        const OnToken& on_token = {}, const OnDone& on_done = {});

  // Gives back the memory that it keeps between calls; results stay the same.
  void release_memory();

  struct Statistics {
    int64_t prompt_tokens = 0;  // prefilled
    int64_t generated_tokens = 0;
    int64_t shared_prompt_tokens =
        0;  // not prefilled, because another request with the same prompt was
    int64_t reused_prompt_tokens = 0;  // not prefilled, because a finished sequence started so
    int64_t steps = 0;
    double seconds = 0;  // of generate(), all calls
    // Where the workers' time went, summed over workers.
    double matrix_product_seconds = 0;
    double attention_seconds = 0;
    double sampling_seconds = 0;
    double rest_seconds = 0;
  };
  const Statistics& statistics() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tripost
