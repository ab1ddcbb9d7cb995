#include "engine/engine.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>

#include "engine/capacity.h"
#include "engine/request_queue.h"
#include "engine/resources.h"
#include "engine/worker.h"
#include "model/transformer.h"

namespace tripost {
namespace {

struct Callbacks {
  std::mutex mutex;  // callers need not be thread-safe
  const Engine::OnToken& on_token;
  const Engine::OnDone& on_done;
};

// One of generate()'s requests: fills in its completion.
class BatchWork : public Work {
 public:
  BatchWork(std::size_t number, const TokenRequest& request, TokenCompletion& completion,
            Callbacks& callbacks)
      : number_(number), request_(request), completion_(completion), callbacks_(callbacks) {}

  const TokenRequest& request() const override { return request_; }

  bool on_token(const Draw& draw, bool is_end) override {
    completion_.log_probabilities.push_back(draw.log_probability);
    if (is_end) return false;
    completion_.ids.push_back(draw.id);
    if (!callbacks_.on_token) return true;
    const std::lock_guard lock(callbacks_.mutex);
    return callbacks_.on_token(number_, draw.id);
  }

  void on_done(FinishReason reason, const std::string& error) override {
    completion_.finish_reason = reason;
    completion_.error = error;
    if (!callbacks_.on_done) return;
    const std::lock_guard lock(callbacks_.mutex);
    callbacks_.on_done(number_);
  }

 private:
  std::size_t number_;
  const TokenRequest& request_;
  TokenCompletion& completion_;
  Callbacks& callbacks_;
};

// Requests with the same prompt stand together, where the first of them stood.
std::vector<RequestQueue::Group> groups_of(const std::vector<TokenRequest>& requests,
                                           const std::vector<std::size_t>& accepted,
                                           std::vector<TokenCompletion>& completions,
                                           Callbacks& callbacks) {
  std::unordered_map<std::string_view, std::size_t> places;
  std::vector<RequestQueue::Group> groups;
  for (const std::size_t i : accepted) {
    const auto& prompt = requests[i].prompt;
    const std::string_view bytes{reinterpret_cast<const char*>(prompt.data()),
                                 prompt.size() * sizeof(int32_t)};
    const auto [place, is_new] = places.try_emplace(bytes, groups.size());
    if (is_new) groups.emplace_back();
    groups[place->second].push_back(
        std::make_shared<BatchWork>(i, requests[i], completions[i], callbacks));
  }
  return groups;
}

// Those whose prompts are kept for the most part come first: where not all can be kept, what the
// others leave would else push them out before their turn.
void put_known_first(std::vector<RequestQueue::Group>& groups, const Resources& resources) {
  if (!resources.pages) return;
  std::stable_partition(groups.begin(), groups.end(), [&](const RequestQueue::Group& group) {
    const auto& prompt = group.front()->request().prompt;
    return 2 * resources.pages->known(prompt) > static_cast<int64_t>(prompt.size());
  });
}

int64_t longest_of(const std::vector<TokenRequest>& requests,
                   const std::vector<std::size_t>& accepted, const ModelConfig& config) {
  int64_t longest = 0;
  for (const std::size_t i : accepted)
    longest = std::max(longest, longest_course(requests[i], config));
  return longest;
}

}  // namespace

struct Engine::Impl {
  Transformer& model;
  EngineOptions options;
  Statistics statistics;
  std::shared_ptr<const Resources> kept;  // from the last call

  std::vector<std::size_t> accept(const std::vector<TokenRequest>& requests,
                                  std::vector<TokenCompletion>& completions, int64_t limit,
                                  const OnDone& on_done) const;
  int64_t room(int64_t limit, int64_t longest) const;
  std::shared_ptr<const Resources> resources(int64_t needed, int64_t limit);
  void run(Job& job, const DecoderOptions& decoder_options, const Resources& resources,
           int64_t workers);
  void add(const Statistics& worker);
};

Engine::Engine(Transformer& model, EngineOptions options)
    : impl_(new Impl{model, options, {}, nullptr}) {
  assert(options.max_batch > 0 && options.prefill_tokens > 0);
}

Engine::~Engine() = default;

const Engine::Statistics& Engine::statistics() const { return impl_->statistics; }

void Engine::release_memory() { impl_->kept.reset(); }

// Fills in the completions of requests that cannot run, or have nothing to do.
std::vector<std::size_t> Engine::Impl::accept(const std::vector<TokenRequest>& requests,
                                              std::vector<TokenCompletion>& completions,
                                              int64_t limit, const OnDone& on_done) const {
  std::vector<std::size_t> accepted;
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

std::vector<TokenCompletion> Engine::generate(const std::vector<TokenRequest>& requests,
                                              const OnToken& on_token, const OnDone& on_done) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<TokenCompletion> completions(requests.size());
  const int64_t held = impl_->kept ? impl_->kept->held_tokens() : 0;
  const int64_t limit = cached_tokens_limit(impl_->model, impl_->options, held);
  const std::vector<std::size_t> accepted = impl_->accept(requests, completions, limit, on_done);
  if (accepted.empty()) return completions;
  Transformer& model = impl_->model;
  const EngineOptions& options = impl_->options;
  const auto batch = std::min<int64_t>(options.max_batch, static_cast<int64_t>(accepted.size()));
  const int64_t longest = longest_of(requests, accepted, model.config());
  const int64_t room = impl_->room(limit, longest);
  const int64_t workers = workers_for(model, options, room, batch, longest);
  const DecoderOptions shape = decoder_options(model, options, room, longest, batch, workers);
  const auto resources = impl_->resources(workers * shape.total_tokens, limit);
  Callbacks callbacks{{}, on_token, on_done};
  auto groups = groups_of(requests, accepted, completions, callbacks);
  put_known_first(groups, *resources);
  RequestQueue queue;
  for (auto& group : groups) queue.push(std::move(group));
  queue.close();
  Job job{.queue = queue};
  impl_->run(job, shape, *resources, workers);
  if (options.retains && model.device().is_cpu()) {
    resources->limit(limit / 2);
    impl_->kept = resources;
  }
  impl_->statistics.seconds +=
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return completions;
}

// Tokens of cache for this call. A little less memory than could be had now is no reason to lose
// what is kept.
int64_t Engine::Impl::room(int64_t limit, int64_t longest) const {
  const int64_t there = kept ? kept->cached_tokens() : 0;
  return there >= longest && there >= limit - limit / 4 ? std::min(limit, there) : limit;
}

// Those kept, if the weights are still theirs. A call that fails leaves none.
std::shared_ptr<const Resources> Engine::Impl::resources(int64_t needed, int64_t limit) {
  std::shared_ptr<const Resources> found = std::exchange(kept, nullptr);
  if (!found || !found->serve(model, needed)) {
    found.reset();  // its memory first
    found = std::make_shared<const Resources>(model, needed, limit, options.retains);
  }
  found->limit(limit);
  return found;
}

void Engine::Impl::run(Job& job, const DecoderOptions& decoder_options, const Resources& resources,
                       int64_t workers) {
  if (workers == 1) {
    Worker worker(model, decoder_options, resources, job);
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
      Worker worker(model, decoder_options, resources, job);
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
  statistics.reused_prompt_tokens += worker.reused_prompt_tokens;
  statistics.generated_tokens += worker.generated_tokens;
  statistics.steps += worker.steps;
  statistics.matrix_product_seconds += worker.matrix_product_seconds;
  statistics.attention_seconds += worker.attention_seconds;
  statistics.sampling_seconds += worker.sampling_seconds;
  statistics.rest_seconds += worker.rest_seconds;
}

}  // namespace tripost
