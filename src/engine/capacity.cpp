#include "engine/capacity.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "engine/free_memory.h"
#include "kernels/decode_attention_cpu.h"

namespace tripost {
namespace {

// A worker with fewer sequences than this uses its matrix units badly. Small weights stay in a
// core's cache, and the meeting of threads in every operation costs more than a small batch; large
// ones are read once for the whole batch.
constexpr int64_t kSmallModel = 32'000'000;  // parameters
constexpr int64_t kSequencesPerWorkerSmall = 2;
constexpr int64_t kSequencesPerWorkerLarge = 32;

int64_t whole_pages(int64_t tokens) {
  return (tokens + kernels::kPageTokens - 1) / kernels::kPageTokens * kernels::kPageTokens;
}

int64_t pages_within(int64_t tokens) {
  return tokens / kernels::kPageTokens * kernels::kPageTokens;
}

}  // namespace

int64_t longest_course(const TokenRequest& request, const ModelConfig& config) {
  const int64_t length =
      static_cast<int64_t>(request.prompt.size()) + request.sampling.max_new_tokens;
  return std::min(length, config.max_position_embeddings);
}

int64_t cached_tokens_limit(const Transformer& model, const EngineOptions& options, int64_t held) {
  if (options.max_cached_tokens > 0) return whole_pages(options.max_cached_tokens);
  const std::optional<int64_t> bytes = model.device().is_cpu() ? free_memory() : std::nullopt;
  if (!bytes) return std::numeric_limits<int64_t>::max();
  const int64_t tokens = *bytes / Decoder::cache_bytes_per_token(model) + held;
  // Half of it: others want memory, too.
  return pages_within(tokens / 2);
}

// Threads that each run their own batch beat threads that meet in every operation, as long as
// each has enough to do.
int64_t workers_for(Transformer& model, const EngineOptions& options, int64_t limit,
                    int64_t sequences, int64_t longest) {
  if (!model.device().is_cpu()) return 1;
  const int64_t fitting = limit / whole_pages(longest);
  const int64_t most = std::clamp<int64_t>(fitting, 1, at::get_num_threads());
  if (options.num_workers > 0) return std::min(options.num_workers, most);
  const int64_t least =
      model.values().numel() < kSmallModel ? kSequencesPerWorkerSmall : kSequencesPerWorkerLarge;
  return std::clamp<int64_t>(sequences / least, 1, most);
}

DecoderOptions decoder_options(const Transformer& model, const EngineOptions& options,
                               int64_t limit, int64_t longest, int64_t batch, int64_t workers) {
  // The CPU's cache hands out pages as they are needed, so its slots cost nothing.
  if (!model.device().is_cpu()) batch = std::clamp<int64_t>(limit / whole_pages(longest), 1, batch);
  const int64_t slots = (batch + workers - 1) / workers;
  const int64_t share = pages_within(limit / workers);
  return {.max_rows = slots + std::max<int64_t>(1, options.prefill_tokens / workers),
          .num_slots = slots,
          .tokens_per_slot = longest,
          .total_tokens =
              std::max(whole_pages(longest), std::min(share, slots * whole_pages(longest)))};
}

std::string reason_to_refuse(const TokenRequest& request, const ModelConfig& config,
                             int64_t cached_tokens) {
  const auto length = static_cast<int64_t>(request.prompt.size());
  if (length == 0) return "the prompt is empty: give at least one token";
  if (length >= config.max_position_embeddings) {
    return fmt::format(
        "the prompt has {} tokens, but the model's context is {} and must hold the answer too",
        length, config.max_position_embeddings);
  }
  for (const int32_t id : request.prompt) {
    if (id < 0 || id >= config.vocab_size) {
      return fmt::format(
          "the prompt holds token {}, but the model's vocabulary has {}: wrong tokenizer?", id,
          config.vocab_size);
    }
  }
  if (whole_pages(longest_course(request, config)) > cached_tokens) {
    return fmt::format(
        "the request may need {} tokens of key-value cache, but only {} fit in memory: lower "
        "max_new_tokens",
        longest_course(request, config), cached_tokens);
  }
  return {};
}

}  // namespace tripost
