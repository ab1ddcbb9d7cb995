#include "engine/live_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <numeric>
#include <thread>

#include "base/error.h"
#include "engine/tiny_model.h"

namespace tripost {
namespace {

using testing::kSampled;
using testing::mixed_requests;
using testing::request_of;
using testing::tiny_config;
using testing::tiny_model;

// Collects one request's completions; a test may look while they come.
class Collector : public LiveListener {
 public:
  explicit Collector(std::size_t completions)
      : ids(completions), draws(completions), reasons(completions), errors(completions) {}

  bool on_token(std::size_t completion, const Draw& draw) override {
    const std::lock_guard lock(mutex);
    ids[completion].push_back(draw.id);
    draws[completion].push_back(draw);
    changed.notify_all();
    return ids[completion].size() < stop_after;
  }
  void on_done(std::size_t completion, FinishReason reason, int num_tokens, double sum,
               const std::string& error) override {
    const std::lock_guard lock(mutex);
    reasons[completion] = reason;
    errors[completion] = error;
    tokens += num_tokens;
    log_probability += sum;
    ++done;
    changed.notify_all();
  }
  bool is_wanted() const override { return wanted; }

  void wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return done == ids.size(); });
  }
  void wait_for_tokens(std::size_t count) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return ids[0].size() >= count; });
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::vector<int32_t>> ids;
  std::vector<std::vector<Draw>> draws;
  std::vector<FinishReason> reasons;
  std::vector<std::string> errors;
  std::size_t done = 0;
  int tokens = 0;
  double log_probability = 0;
  std::size_t stop_after = std::numeric_limits<std::size_t>::max();
  std::atomic<bool> wanted{true};
};

LiveRequest live(const TokenRequest& request, std::vector<uint64_t> seeds) {
  return {.prompt = request.prompt, .sampling = request.sampling, .seeds = std::move(seeds)};
}

std::shared_ptr<Collector> submit(LiveModel& engine, const TokenRequest& request) {
  const auto collector = std::make_shared<Collector>(1);
  engine.submit(live(request, {request.seed}), collector);
  return collector;
}

std::vector<int32_t> alone(Transformer& model, const TokenRequest& request) {
  return Engine(model, {.max_batch = 1}).generate({request}).front().ids;
}

TEST(LiveEngine, RequestsThatJoinWhileOthersDecodeWriteWhatTheyWriteAlone) {
  auto model = tiny_model();
  const auto requests = mixed_requests(40, kSampled);
  for (const int64_t workers : {1, 2}) {
    const auto engine =
        make_live_engine(*model, {.max_batch = 8, .prefill_tokens = 20, .num_workers = workers});
    std::vector<std::shared_ptr<Collector>> collectors;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      collectors.push_back(submit(*engine, requests[i]));
      // The next one comes when this one is under way.
      if (i % 3 == 0) collectors.back()->wait_for_tokens(2);
    }
    for (std::size_t i = 0; i < requests.size(); ++i) {
      collectors[i]->wait();
      EXPECT_EQ(collectors[i]->ids[0], alone(*model, requests[i])) << i;
      EXPECT_EQ(collectors[i]->reasons[0], FinishReason::kLength);
      EXPECT_EQ(collectors[i]->tokens, 30);
    }
  }
}

TEST(LiveEngine, ARequestJoinsOneThatRunsInsteadOfWaitingForItsEnd) {
  auto model = tiny_model();
  const auto engine = make_live_engine(*model, {.max_batch = 2, .num_workers = 1});
  // Told to go on until the second one is done, which it could not be if it had to wait.
  const auto first = submit(*engine, request_of(1, 5, {.max_new_tokens = 290}));
  first->wait_for_tokens(1);
  const auto second = submit(*engine, request_of(2, 5, {.max_new_tokens = 3}));
  second->wait();
  {
    const std::lock_guard lock(first->mutex);
    EXPECT_EQ(first->done, 0u);
  }
  first->wait();
}

TEST(LiveEngine, CompletionsOfOnePromptDifferBySeedOnly) {
  auto model = tiny_model();
  auto request = request_of(3, 70, kSampled);
  const auto engine = make_live_engine(*model, {.max_batch = 3});
  const auto collector = std::make_shared<Collector>(5);
  engine->submit(live(request, {1, 2, 3, 4, 1}), collector);
  collector->wait();
  for (std::size_t i = 0; i < 5; ++i) {
    request.seed = i < 4 ? i + 1 : 1;
    EXPECT_EQ(collector->ids[i], alone(*model, request)) << i;
  }
}

TEST(LiveEngine, WhatNobodyWantsEndsWhileItRunsAndWhileItWaits) {
  auto model = tiny_model();
  const auto engine = make_live_engine(*model, {.max_batch = 1});
  const auto running = submit(*engine, request_of(1, 5, {.max_new_tokens = 290}));
  running->wait_for_tokens(1);
  const auto waiting = submit(*engine, request_of(2, 5, kSampled));
  const auto kept = submit(*engine, request_of(3, 5, kSampled));
  waiting->wanted = false;
  engine->drop_unwanted();
  EXPECT_EQ(waiting->done, 1u);
  EXPECT_EQ(waiting->tokens, 0);
  running->wanted = false;
  running->wait();
  EXPECT_LT(running->tokens, 290);
  kept->wait();
  EXPECT_EQ(kept->ids[0], alone(*model, request_of(3, 5, kSampled)));
}

TEST(LiveEngine, OnesThatShareAPromptOutliveTheOneThatReadItForThem) {
  auto model = tiny_model();
  const auto request = request_of(3, 200, kSampled);
  const auto engine =
      make_live_engine(*model, {.max_batch = 4, .prefill_tokens = 1, .num_workers = 1});
  const auto collector = std::make_shared<Collector>(3);
  collector->stop_after = 5;
  engine->submit(live(request, {1, 2, 3}), collector);
  collector->wait();
  for (const auto& ids : collector->ids) EXPECT_EQ(ids.size(), 5u);
  const auto unwanted = std::make_shared<Collector>(3);
  engine->submit(live(request, {1, 2, 3}), unwanted);
  unwanted->wanted = false;
  unwanted->wait();
  EXPECT_LT(unwanted->tokens, 90);
}

TEST(LiveEngine, TheLikeliestTokensAreThoseOfTheFullForwardPass) {
  auto model = tiny_model();
  const auto request = request_of(3, 20, kSampled);
  const auto engine = make_live_engine(*model, {});
  const auto collector = std::make_shared<Collector>(1);
  LiveRequest asked = live(request, {request.seed});
  asked.num_likeliest = 5;
  engine->submit(asked, collector);
  collector->wait();
  std::vector<int32_t> ids = request.prompt;
  for (const Draw& draw : collector->draws[0]) {
    const at::Tensor row = testing::full_forward(*model, ids).select(0, -1);
    const auto [values, places] = row.topk(5);
    ASSERT_EQ(draw.likeliest.size(), 5u);
    for (int64_t k = 0; k < 5; ++k) {
      EXPECT_EQ(draw.likeliest[k].id, places[k].item<int64_t>());
      EXPECT_NEAR(draw.likeliest[k].log_probability, values[k].item<float>(), 1e-4);
    }
    EXPECT_NEAR(draw.log_probability, row[draw.id].item<float>(), 1e-4);
    ids.push_back(draw.id);
  }
}

TEST(LiveEngine, EosCountsAndIsNotReported) {
  ModelConfig config = tiny_config();
  const auto request = request_of(3, 20, {.max_new_tokens = 30});
  const auto free_run = alone(*tiny_model(), request);
  config.eos_token_ids = {free_run[10]};
  auto model = tiny_model(config);
  const auto engine = make_live_engine(*model, {});
  const auto collector = submit(*engine, request);
  collector->wait();
  EXPECT_EQ(collector->reasons[0], FinishReason::kStop);
  const TokenCompletion expected = Engine(*model, {}).generate({request}).front();
  EXPECT_EQ(collector->ids[0], expected.ids);
  EXPECT_EQ(collector->tokens, static_cast<int>(expected.ids.size()) + 1);
  const auto& logs = expected.log_probabilities;
  EXPECT_NEAR(collector->log_probability, std::accumulate(logs.begin(), logs.end(), 0.0), 1e-4);
}

TEST(LiveEngine, TheLengthIsALimitAndWhatCannotRunSaysWhy) {
  auto model = tiny_model();
  const auto engine = make_live_engine(*model, {}, 64);
  EXPECT_EQ(engine->max_length(), 64);
  const auto cut = submit(*engine, request_of(1, 60, kSampled));
  const auto too_long = submit(*engine, request_of(1, 64, kSampled));
  const auto nothing = submit(*engine, request_of(1, 5, {.max_new_tokens = 0}));
  for (const auto& collector : {cut, too_long, nothing}) collector->wait();
  EXPECT_EQ(cut->ids[0].size(), 4u);
  EXPECT_EQ(cut->reasons[0], FinishReason::kLength);
  EXPECT_EQ(too_long->reasons[0], FinishReason::kError);
  EXPECT_THAT(too_long->errors[0], ::testing::HasSubstr("64 tokens"));
  EXPECT_EQ(nothing->reasons[0], FinishReason::kLength);
  EXPECT_THROW(make_live_engine(*model, {.max_cached_tokens = 64}), Error);
}

TEST(LiveEngine, AChatThatNamesNoLimitNeedsOnlyTheRoomThatItHas) {
  auto model = tiny_model();
  // Memory for a whole sequence of the engine, and for less than the model's positions.
  const auto engine = make_live_engine(*model, {.max_cached_tokens = 64}, 60);
  const auto collector =
      submit(*engine, request_of(1, 5, {.max_new_tokens = 10'000, .ignore_eos = true}));
  collector->wait();
  EXPECT_EQ(collector->errors[0], "");
  EXPECT_EQ(collector->reasons[0], FinishReason::kLength);
  EXPECT_EQ(collector->ids[0].size(), 55u);
}

TEST(LiveEngine, BrokenWeightsAreAnErrorOfTheRequest) {
  auto model = tiny_model();
  model->final_norm().value.fill_(std::numeric_limits<float>::quiet_NaN());
  const auto engine = make_live_engine(*model, {});
  const auto collector = submit(*engine, request_of(1, 5, kSampled));
  collector->wait();
  EXPECT_EQ(collector->reasons[0], FinishReason::kError);
  EXPECT_EQ(engine->failure(), "");
}

TEST(LiveEngine, StoppingEndsEveryRequestOnce) {
  auto model = tiny_model();
  auto engine = make_live_engine(*model, {.max_batch = 1});
  std::vector<std::shared_ptr<Collector>> collectors;
  for (int i = 0; i < 5; ++i)
    collectors.push_back(submit(*engine, request_of(i + 1, 5, {.max_new_tokens = 290})));
  engine.reset();
  for (const auto& collector : collectors) EXPECT_EQ(collector->done, 1u);
  EXPECT_EQ(collectors.back()->reasons[0], FinishReason::kError);
}

}  // namespace
}  // namespace tripost
