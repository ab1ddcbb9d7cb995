#include "engine/live_engine.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "engine/capacity.h"
#include "engine/request_queue.h"
#include "engine/worker.h"
#include "model/transformer.h"

namespace tripost {
namespace {

// One completion of a live request.
class LiveWork : public Work {
 public:
  LiveWork(std::size_t completion, TokenRequest request, std::shared_ptr<LiveListener> listener)
      : completion_(completion), request_(std::move(request)), listener_(std::move(listener)) {}

  const TokenRequest& request() const override { return request_; }

  bool on_token(const Draw& draw, bool is_end) override {
    ++num_tokens_;
    log_probability_ += static_cast<double>(draw.log_probability);
    return is_end || listener_->on_token(completion_, draw);
  }

  void on_done(FinishReason reason, const std::string& error) override {
    listener_->on_done(completion_, reason, num_tokens_, log_probability_, error);
  }

  bool is_wanted() const override { return listener_->is_wanted(); }

 private:
  std::size_t completion_;
  TokenRequest request_;
  std::shared_ptr<LiveListener> listener_;
  int num_tokens_ = 0;
  double log_probability_ = 0;
};

class LiveEngine : public LiveModel {
 public:
  LiveEngine(Transformer& model, const EngineOptions& options, int64_t max_length,
             int64_t cached_tokens)
      : model_(model), max_length_(max_length), cached_tokens_(cached_tokens) {
    const int64_t workers =
        workers_for(model, options, cached_tokens, options.max_batch, max_length);
    const DecoderOptions shape =
        decoder_options(model, options, cached_tokens, max_length, options.max_batch, workers);
    job_.sharing_workers = workers;
    const int64_t needed = workers * shape.total_tokens;
    const auto resources = std::make_shared<const Resources>(model, needed, needed, true);
    const int threads = at::get_num_threads();
    for (int64_t index = 0; index < workers; ++index) {
      const auto share = static_cast<int>((threads + index) / workers);
      pool_.emplace_back([this, shape, resources, share] { work(shape, *resources, share); });
    }
  }

  ~LiveEngine() override {
    stop("the engine is stopping");
    for (std::thread& thread : pool_) thread.join();
  }

  void submit(const LiveRequest& request, const std::shared_ptr<LiveListener>& listener) override {
    TokenRequest token_request{.prompt = request.prompt,
                               .sampling = request.sampling,
                               .num_likeliest = request.num_likeliest};
    const int64_t room = max_length_ - static_cast<int64_t>(request.prompt.size());
    int& most = token_request.sampling.max_new_tokens;
    most = static_cast<int>(std::min<int64_t>(most, std::max<int64_t>(room, 0)));
    // Looked at with the limit that it will run under: what it may write beyond needs no memory.
    std::string error = reason_to_refuse(token_request, model_.config(), cached_tokens_);
    if (error.empty() && room <= 0)
      error = fmt::format("the prompt leaves no room within {} tokens", max_length_);
    RequestQueue::Group group;
    for (std::size_t i = 0; i < request.seeds.size(); ++i) {
      token_request.seed = request.seeds[i];
      group.push_back(std::make_shared<LiveWork>(i, token_request, listener));
    }
    if (error.empty() && most > 0 && queue_.push(group)) return;
    if (error.empty() && most > 0) error = failure();
    finish(group, error.empty() ? FinishReason::kLength : FinishReason::kError, error);
  }

  void drop_unwanted() override { finish(queue_.take_unwanted(), FinishReason::kStop, {}); }

  int64_t max_length() const override { return max_length_; }

  std::string failure() const override {
    const std::lock_guard lock(mutex_);
    return failure_;
  }

 private:
  void work(const DecoderOptions& shape, const Resources& resources, int threads) {
    try {
      at::set_num_threads(threads);  // of this thread
      Worker worker(model_, shape, resources, job_);
      try {
        worker.run();
      } catch (const std::exception& error) {
        stop(error.what());
      }
      worker.abandon(failure());
    } catch (const std::exception& error) {
      stop(error.what());
    }
    while (true) {
      const RequestQueue::Group group = queue_.take(1);
      if (group.empty()) return;
      finish(group, FinishReason::kError, failure());
    }
  }

  void stop(const std::string& why) {
    {
      const std::lock_guard lock(mutex_);
      if (failure_.empty()) failure_ = why;
    }
    job_.cancelled = true;
    queue_.close();
  }

  static void finish(const RequestQueue::Group& group, FinishReason reason,
                     const std::string& error) {
    for (const auto& work : group) work->on_done(reason, error);
  }

  Transformer& model_;
  int64_t max_length_, cached_tokens_;
  mutable std::mutex mutex_;
  std::string failure_;
  RequestQueue queue_;
  Job job_{.queue = queue_, .heeds_interrupt = false};
  std::vector<std::thread> pool_;
};

}  // namespace

std::unique_ptr<LiveModel> make_live_engine(Transformer& model, const EngineOptions& options,
                                            int64_t max_length) {
  const int64_t positions = model.config().max_position_embeddings;
  if (max_length <= 0 || max_length > positions) max_length = positions;
  const int64_t cached = cached_tokens_limit(model, options);
  if (cached < max_length) {
    fail(
        "one sequence of {} tokens does not fit in memory, which holds {}: give a smaller "
        "max-length",
        max_length, cached);
  }
  return std::make_unique<LiveEngine>(model, options, max_length, cached);
}

}  // namespace tripost
