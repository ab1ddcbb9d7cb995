// One batch: takes requests from the queue as slots fall free, runs steps until none is left.
//
// A step is admit, plan, forward, sample, finish. Prompts are prefilled in chunks beside the
// sequences that already decode. A sequence is admitted only when its longest possible course fits
// the cache, so none is ever evicted. One that nobody wants any more ends before the next step.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "engine/engine.h"
#include "engine/request_queue.h"
#include "engine/resources.h"
#include "engine/sampler.h"
#include "model/decoder.h"

namespace tripost {

// What workers that draw on one queue share.
struct Job {
  RequestQueue& queue;
  bool heeds_interrupt = true;  // false: goes on until the queue is closed and empty
  // Workers of a queue that is filled while they run: each takes no more than its share of what
  // runs and waits, so that one does not decode all while the others sleep. 0: as much as it can.
  int64_t sharing_workers = 0;
  std::atomic<int64_t> running{0};
  std::atomic<bool> cancelled{false};  // another worker failed
};

class Worker {
 public:
  Worker(Transformer& model, const DecoderOptions& options, const Resources& resources, Job& job);

  // Until the queue is closed and empty. Throws Interrupted between steps when the user asked to
  // stop and the job heeds it.
  void run();

  // Ends what runs with kError.
  void abandon(const std::string& error);

  const Engine::Statistics& statistics() const { return statistics_; }

 private:
  struct Sequence {
    std::shared_ptr<Work> work;
    const TokenRequest* source = nullptr;
    int64_t number = 0;             // of its admission
    int32_t next = 0;               // the token to decode
    int64_t cached = 0;             // tokens in the cache
    std::vector<int32_t> ids = {};  // all tokens so far, those in the cache first
    int64_t generated = 0;
    int32_t sharer = -1;  // slot whose prompt this one waits for; -1: none
    bool in_use = false;
    std::vector<int32_t> seen = {};  // each token so far, once; only where repetition is penalised
  };

  void drop_unwanted();
  void admit();
  std::size_t room() const;
  bool open(int32_t slot, const std::shared_ptr<Work>& work, int32_t sharer);
  void plan();
  void plan_prompts();
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
  int64_t admitted_ = 0;
  DecoderStep step_;
  std::vector<int32_t> prompts_;       // slots whose prompts are not read to their end
  std::vector<int32_t> drawing_;       // slots that get a token from this step ...
  std::vector<int64_t> drawing_rows_;  // ... and their rows of the logits
  std::vector<Draw> draws_;
  std::vector<Sampler> samplers_;  // one for each part of the rows, so that threads share none
  Engine::Statistics statistics_;
};

}  // namespace tripost
