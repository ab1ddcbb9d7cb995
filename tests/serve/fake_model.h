// A live model that writes a text given by the test, one token at a time, when the test lets it.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "text/live.h"
#include "text/tokenizer.h"

namespace tripost::testing {

class FakeModel : public LiveModel {
 public:
  explicit FakeModel(const Tokenizer& tokenizer) : tokenizer_(tokenizer) {}
  ~FakeModel() override {
    held = false;
    for (std::thread& thread : threads_) thread.join();
  }

  void submit(const LiveRequest& request, const std::shared_ptr<LiveListener>& listener) override {
    const std::lock_guard lock(mutex_);
    requests.push_back(request);
    const std::string said = text;
    for (std::size_t i = 0; i < request.seeds.size(); ++i)
      threads_.emplace_back([=, this] { write(said, request, i, *listener); });
  }
  void drop_unwanted() override { ++drops; }
  int64_t max_length() const override { return 200; }
  std::string failure() const override { return broken; }

  // Set before requests come.
  std::string text = "Hello";
  std::string error;              // instead of a text
  std::string broken;             // failure()
  std::atomic<bool> held{false};  // writes the first token, then waits
  std::atomic<int> drops{0}, ended{0};
  std::vector<LiveRequest> requests;

 private:
  void write(const std::string& said, const LiveRequest& request, std::size_t completion,
             LiveListener& listener) {
    int tokens = 0;
    FinishReason reason = error.empty() ? FinishReason::kStop : FinishReason::kError;
    for (const TokenId id : tokenizer_.encode(error.empty() ? said : "")) {
      while (held && tokens > 0 && listener.is_wanted())
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      if (!listener.is_wanted()) break;
      ++tokens;
      const Draw draw{id, -0.5f, {{id, -0.5f}, {1, -2.0f}}};
      if (!listener.on_token(completion, draw)) break;
      if (tokens == request.sampling.max_new_tokens) {
        reason = FinishReason::kLength;
        break;
      }
    }
    listener.on_done(completion, reason, tokens, -0.5 * tokens, error);
    ++ended;
  }

  const Tokenizer& tokenizer_;
  std::mutex mutex_;
  std::list<std::thread> threads_;
};

}  // namespace tripost::testing
