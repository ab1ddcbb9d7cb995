#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ATen/ops/randn.h>

#include <algorithm>

#include "engine/engine.h"
#include "engine/tiny_model.h"
#include "model/loader.h"

namespace tripost {
namespace {

using testing::ids_of;
using testing::kGreedy;
using testing::kSampled;
using testing::mixed_requests;
using testing::request_of;
using testing::tiny_config;
using testing::tiny_model;

// A turn that goes on from each completion with `length` tokens of its own.
std::vector<TokenRequest> next_turn(const std::vector<TokenRequest>& requests,
                                    const std::vector<TokenCompletion>& completions, int length,
                                    uint64_t seed) {
  std::vector<TokenRequest> next = requests;
  for (std::size_t i = 0; i < next.size(); ++i) {
    auto& prompt = next[i].prompt;
    prompt.insert(prompt.end(), completions[i].ids.begin(), completions[i].ids.end());
    const auto more = request_of(seed + i, length, {}).prompt;
    prompt.insert(prompt.end(), more.begin(), more.end());
  }
  return next;
}

struct Turns {
  std::vector<std::vector<TokenCompletion>> completions;
  Engine::Statistics statistics;
};

// Three turns, the third from the first turn's end: conversations that part.
Turns converse(Transformer& model, const EngineOptions& options,
               const std::vector<TokenRequest>& requests) {
  Engine engine(model, options);
  Turns turns;
  turns.completions.push_back(engine.generate(requests));
  const auto second = next_turn(requests, turns.completions[0], 5, 1000);
  turns.completions.push_back(engine.generate(second));
  turns.completions.push_back(engine.generate(next_turn(requests, turns.completions[0], 70, 2000)));
  turns.statistics = engine.statistics();
  return turns;
}

// How far two runs are apart: -1 when they differ in a token.
double distance(const Turns& a, const Turns& b) {
  double largest = 0;
  for (std::size_t turn = 0; turn < a.completions.size(); ++turn) {
    if (ids_of(a.completions[turn]) != ids_of(b.completions[turn])) return -1;
    for (std::size_t i = 0; i < a.completions[turn].size(); ++i) {
      const auto& left = a.completions[turn][i].log_probabilities;
      const auto& right = b.completions[turn][i].log_probabilities;
      for (std::size_t t = 0; t < left.size(); ++t)
        largest = std::max(largest, std::abs(static_cast<double>(left[t]) - right[t]));
    }
  }
  return largest;
}

TEST(Retention, TurnsThatContinueAConversationWriteTheSameOverRetainedKeys) {
  auto model = tiny_model();
  for (const Sampling& sampling : {kGreedy, kSampled}) {
    const auto requests = mixed_requests(20, sampling);
    const Turns off = converse(*model, {.retains = false}, requests);
    EXPECT_EQ(off.statistics.reused_prompt_tokens, 0);
    for (const int64_t workers : {1, 2}) {
      const Turns on = converse(*model, {.max_batch = 8, .num_workers = workers}, requests);
      const double apart = distance(on, off);
      EXPECT_GE(apart, 0) << "tokens differ";
      EXPECT_LT(apart, 1e-4);
      int64_t known = 0;  // of each conversation all but the token drawn last, in two later turns
      for (const TokenRequest& request : requests)
        known += 2 * (static_cast<int64_t>(request.prompt.size()) + 30 - 1);
      EXPECT_GE(on.statistics.reused_prompt_tokens, known);
      EXPECT_EQ(on.statistics.prompt_tokens + on.statistics.reused_prompt_tokens,
                off.statistics.prompt_tokens);
    }
  }
}

class BundledBase : public ::testing::TestWithParam<at::ScalarType> {};
INSTANTIATE_TEST_SUITE_P(Retention, BundledBase, ::testing::Values(at::kFloat, at::kBFloat16),
                         [](const auto& info) { return at::toString(info.param); });

TEST_P(BundledBase, WritesTheSameOverRetainedKeys) {
  const auto model = load_model(TRIPOST_SOURCE_DIR "/models/base", at::kCPU, GetParam(), false);
  for (Sampling sampling : {kGreedy, kSampled}) {
    sampling.ignore_eos = true;
    const auto requests = mixed_requests(6, sampling);
    const Turns off = converse(*model, {.retains = false}, requests);
    const Turns on = converse(*model, {}, requests);
    EXPECT_GT(on.statistics.reused_prompt_tokens, 0);
    const double apart = distance(on, off);
    EXPECT_GE(apart, 0) << "tokens differ";
    EXPECT_LT(apart, GetParam() == at::kFloat ? 1e-4 : 0.1);
  }
}

TEST(Retention, AWeightThatChangedBetweenCallsIsSeen) {
  auto model = tiny_model();
  model->attach_adapter({.rank = 4, .targets = {"q_proj", "v_proj", "up_proj", "down_proj"}});
  Engine engine(*model, {});
  const auto requests = mixed_requests(5, kGreedy);
  engine.generate(requests);
  const auto changes = std::vector<std::function<void()>>{
      [&] { model->values().mul_(0.9); }, [&] { model->layers()[1].down.value[3][5] += 4.0; },
      [&] { model->final_norm().value.mutable_data_ptr<float>()[7] = -3; },
      [&] { model->trained().values.copy_(at::randn(model->trained().values.sizes()) * 0.2); }};
  for (const auto& change : changes) {
    const int64_t before = engine.statistics().reused_prompt_tokens;
    const auto old = engine.generate(requests);
    EXPECT_GT(engine.statistics().reused_prompt_tokens, before);
    const int64_t same = engine.statistics().reused_prompt_tokens;
    change();
    const auto fresh = engine.generate(requests);
    EXPECT_EQ(engine.statistics().reused_prompt_tokens, same);
    EXPECT_EQ(ids_of(fresh), ids_of(Engine(*model, {}).generate(requests)));
    EXPECT_NE(fresh[0].log_probabilities, old[0].log_probabilities);
  }
}

TEST(Retention, WhatIsRetainedMakesWayForSequencesThatRun) {
  auto model = tiny_model();
  const auto requests = mixed_requests(12, kSampled);
  // Room for two of the longest; a third turn's prompt has up to 202 tokens.
  const Turns off = converse(*model, {.retains = false}, requests);
  for (const int64_t workers : {1, 2}) {
    const Turns on = converse(*model, {.max_cached_tokens = 512, .num_workers = workers}, requests);
    EXPECT_EQ(ids_of(on.completions[0]), ids_of(off.completions[0]));
    EXPECT_EQ(ids_of(on.completions[1]), ids_of(off.completions[1]));
    EXPECT_EQ(ids_of(on.completions[2]), ids_of(off.completions[2]));
  }
}

TEST(Retention, WhatIsKnownRunsFirstWhenNotAllCanBeKept) {
  auto model = tiny_model();
  std::vector<TokenRequest> requests;
  for (int i = 0; i < 12; ++i) requests.push_back(request_of(i + 1, 97, kGreedy));
  // Two pages for each; eight pages of all are kept between the calls.
  Engine engine(*model, {.max_batch = 2, .max_cached_tokens = 1024, .num_workers = 1});
  const auto first = engine.generate(requests);
  engine.generate(next_turn(requests, first, 5, 1000));
  EXPECT_GE(engine.statistics().reused_prompt_tokens, 4 * 126);
  EXPECT_LT(engine.statistics().reused_prompt_tokens, 5 * 126);
}

TEST(Retention, ReleasedMemoryChangesNoResult) {
  auto model = tiny_model();
  Engine engine(*model, {});
  const auto requests = mixed_requests(5, kSampled);
  const auto before = ids_of(engine.generate(requests));
  engine.release_memory();
  EXPECT_EQ(ids_of(engine.generate(requests)), before);
  EXPECT_EQ(engine.statistics().reused_prompt_tokens, 0);
  EXPECT_EQ(ids_of(engine.generate(requests)), before);
  EXPECT_GT(engine.statistics().reused_prompt_tokens, 0);
}

TEST(Retention, ACallThatFailsLeavesAnEngineThatWorks) {
  auto model = tiny_model();
  Engine engine(*model, {});
  const auto requests = mixed_requests(5, kSampled);
  const auto before = ids_of(engine.generate(requests));
  int tokens = 0;
  const auto thrower = [&](std::size_t, int32_t) -> bool {
    if (++tokens == 20) throw std::runtime_error("from the callback");
    return true;
  };
  EXPECT_THROW(engine.generate(requests, thrower), std::runtime_error);
  EXPECT_EQ(ids_of(engine.generate(requests)), before);
}

}  // namespace
}  // namespace tripost
