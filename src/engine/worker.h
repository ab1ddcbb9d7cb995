// One batch: takes requests from the queue as slots fall free, runs steps until none is left.
//
// A step is admit, plan, forward, sample, finish. Prompts are prefilled in chunks beside the
// sequences that already decode. A sequence is admitted only when its longest possible course fits
// the cache, so none is ever evicted.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "engine/engine.h"
#include "engine/request_queue.h"
#include "engine/sampler.h"
#include "model/decoder.h"

namespace tripost {

// What the workers of one generate() share.
struct Job {
  const std::vector<TokenRequest>& requests;
  std::vector<TokenCompletion>& completions;
  RequestQueue& queue;
  std::function<bool(std::size_t request, int32_t id)> on_token;  // thread-safe
  std::function<void(std::size_t request)> on_done;
  std::atomic<bool> cancelled{false};  // another worker failed
};

// The tokens that `request` may occupy in the cache: what it is given and may write, within the
// model's positions.
int64_t longest_course(const TokenRequest& request, const ModelConfig& config);

class Worker {
 public:
  Worker(Transformer& model, const DecoderOptions& options, Job& job);

  // Throws Interrupted between steps when the user asked to stop.
  void run();

  const Engine::Statistics& statistics() const { return statistics_; }

 private:
  struct Sequence {
    std::size_t request = 0;
    const TokenRequest* source = nullptr;
    int32_t next = 0;    // the token to decode
    int64_t cached = 0;  // tokens in the cache
    int64_t generated = 0;
    int32_t sharer = -1;  // slot whose prompt this one waits for; -1: none
    bool in_use = false;
  };

  void admit();
  bool open(int32_t slot, std::size_t request, int32_t sharer);
  void plan();
  void plan_sequence(int32_t slot, int64_t rows);
  void sample(const at::Tensor& logits);
  void share_prompts();
  void commit(int32_t slot, const Draw& draw);
  void finish(int32_t slot, FinishReason reason, const std::string& error = {});

  Transformer& model_;
  DecoderOptions options_;
  Job& job_;
  Decoder decoder_;
  std::vector<Sequence> sequences_;  // by slot
  std::vector<int32_t> free_slots_;
  DecoderStep step_;
  std::vector<int32_t> drawing_;       // slots that get a token from this step ...
  std::vector<int64_t> drawing_rows_;  // ... and their rows of the logits
  std::vector<Draw> draws_;
  std::vector<Sampler> samplers_;  // one for each part of the rows, so that threads share none
  Engine::Statistics statistics_;
};

}  // namespace tripost
