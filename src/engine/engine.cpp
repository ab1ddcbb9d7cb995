#include "engine/engine.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <exception>
#include <fstream>
#include <limits>
#include <mutex>
#include <string>
#include <thread>

#include "engine/request_queue.h"
#include "engine/worker.h"
#include "kernels/decode_attention_cpu.h"
#include "model/transformer.h"

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

// Half of what the system could give without swapping; 0 when it does not say.
int64_t bytes_for_cache() {
  std::ifstream file("/proc/meminfo");
  std::string name, unit;
  for (int64_t value; file >> name >> value;) {
    if (name == "MemAvailable:") return value * 1024 / 2;
    std::getline(file, unit);
  }
  return 0;
}

// Why a request cannot run, or nothing.
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

}  // namespace

struct Engine::Impl {
  Transformer& model;
  EngineOptions options;
  Statistics statistics;

  int64_t cached_tokens_limit() const {
    if (options.max_cached_tokens > 0) return whole_pages(options.max_cached_tokens);
    const int64_t bytes = model.device().is_cpu() ? bytes_for_cache() : 0;
    if (bytes == 0) return std::numeric_limits<int64_t>::max();
    return bytes / Decoder::cache_bytes_per_token(model) / kernels::kPageTokens *
           kernels::kPageTokens;
  }

  // Threads that each run their own batch beat threads that meet in every operation, as long as
  // each has enough to do.
  int64_t workers_for(int64_t sequences) const {
    if (!model.device().is_cpu()) return 1;
    const int64_t threads = at::get_num_threads();
    if (options.num_workers > 0) return std::min(options.num_workers, threads);
    const int64_t least =
        model.values().numel() < kSmallModel ? kSequencesPerWorkerSmall : kSequencesPerWorkerLarge;
    return std::clamp<int64_t>(sequences / least, 1, threads);
  }

  std::vector<std::size_t> accept(const std::vector<TokenRequest>& requests,
                                  std::vector<TokenCompletion>& completions,
                                  const OnDone& on_done) const;
  DecoderOptions decoder_options(const std::vector<TokenRequest>& requests,
                                 const std::vector<std::size_t>& accepted, int64_t workers) const;
  void run(Job& job, const DecoderOptions& decoder_options, int64_t workers);
  void add(const Statistics& worker);
};

Engine::Engine(Transformer& model, EngineOptions options) : impl_(new Impl{model, options, {}}) {
  assert(options.max_batch > 0 && options.prefill_tokens > 0);
}

Engine::~Engine() = default;

const Engine::Statistics& Engine::statistics() const { return impl_->statistics; }

// Fills in the completions of requests that cannot run, or have nothing to do.
std::vector<std::size_t> Engine::Impl::accept(const std::vector<TokenRequest>& requests,
                                              std::vector<TokenCompletion>& completions,
                                              const OnDone& on_done) const {
  std::vector<std::size_t> accepted;
  const int64_t limit = cached_tokens_limit();
  for (std::size_t i = 0; i < requests.size(); ++i) {
    completions[i].error = reason_to_refuse(requests[i], model.config(), limit);
    if (completions[i].error.empty() && requests[i].sampling.max_new_tokens > 0) {
      accepted.push_back(i);
      continue;
    }
    completions[i].finish_reason =
        completions[i].error.empty() ? FinishReason::kLength : FinishReason::kError;
    if (on_done) on_done(i);
  }
  return accepted;
}

DecoderOptions Engine::Impl::decoder_options(const std::vector<TokenRequest>& requests,
                                             const std::vector<std::size_t>& accepted,
                                             int64_t workers) const {
  int64_t longest = 0;
  for (const std::size_t i : accepted)
    longest = std::max(longest, longest_course(requests[i], model.config()));
  const int64_t batch = std::min<int64_t>(options.max_batch, static_cast<int64_t>(accepted.size()));
  const int64_t slots = (batch + workers - 1) / workers;
  const int64_t limit = cached_tokens_limit() / workers;
  return {.max_rows = slots + std::max<int64_t>(1, options.prefill_tokens / workers),
          .num_slots = slots,
          .tokens_per_slot = longest,
          .total_tokens =
              std::max(whole_pages(longest), std::min(limit, slots * whole_pages(longest)))};
}

std::vector<TokenCompletion> Engine::generate(const std::vector<TokenRequest>& requests,
                                              const OnToken& on_token, const OnDone& on_done) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<TokenCompletion> completions(requests.size());
  const std::vector<std::size_t> accepted = impl_->accept(requests, completions, on_done);
  if (accepted.empty()) return completions;
  RequestQueue queue(requests, accepted);
  std::mutex callback;  // callers need not be thread-safe
  Job job{requests, completions, queue, {}, {}};
  if (on_token) {
    job.on_token = [&](std::size_t request, int32_t id) {
      const std::lock_guard lock(callback);
      return on_token(request, id);
    };
  }
  if (on_done) {
    job.on_done = [&](std::size_t request) {
      const std::lock_guard lock(callback);
      on_done(request);
    };
  }
  const int64_t batch =
      std::min<int64_t>(impl_->options.max_batch, static_cast<int64_t>(accepted.size()));
  const int64_t workers = impl_->workers_for(batch);
  impl_->run(job, impl_->decoder_options(requests, accepted, workers), workers);
  impl_->statistics.seconds +=
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return completions;
}

void Engine::Impl::run(Job& job, const DecoderOptions& decoder_options, int64_t workers) {
  if (workers == 1) {
    Worker worker(model, decoder_options, job);
    worker.run();
    add(worker.statistics());
    return;
  }
  const int threads = at::get_num_threads();
  std::mutex mutex;
  std::exception_ptr failure;
  const auto work = [&](int64_t index) {
    try {
      // Holds for this thread; the caller's count is set again below, because threads made later
      // inherit the last set.
      at::set_num_threads(static_cast<int>((threads + index) / workers));
      Worker worker(model, decoder_options, job);
      worker.run();
      const std::lock_guard lock(mutex);
      add(worker.statistics());
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
      job.cancelled = true;
    }
  };
  std::vector<std::thread> pool;
  for (int64_t index = 0; index < workers; ++index) pool.emplace_back(work, index);
  for (std::thread& thread : pool) thread.join();
  at::set_num_threads(threads);
  if (failure) std::rethrow_exception(failure);
}

void Engine::Impl::add(const Statistics& worker) {
  statistics.prompt_tokens += worker.prompt_tokens;
  statistics.shared_prompt_tokens += worker.shared_prompt_tokens;
  statistics.generated_tokens += worker.generated_tokens;
  statistics.steps += worker.steps;
  statistics.matrix_product_seconds += worker.matrix_product_seconds;
  statistics.attention_seconds += worker.attention_seconds;
  statistics.sampling_seconds += worker.sampling_seconds;
  statistics.rest_seconds += worker.rest_seconds;
}

}  // namespace tripost
