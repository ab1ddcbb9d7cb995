#include "engine/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ATen/ops/randn.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <set>

#include "base/error.h"
#include "base/progress.h"
#include "engine/tiny_model.h"
#include "model/decoder.h"

namespace tripost {
namespace {

using testing::full_forward;
using testing::full_forward_logits;
using testing::ids_of;
using testing::kGreedy;
using testing::kSampled;
using testing::mixed_requests;
using testing::request_of;
using testing::tiny_config;
using testing::tiny_model;

std::vector<std::vector<int32_t>> run(Transformer& model, const EngineOptions& options,
                                      const std::vector<TokenRequest>& requests) {
  return ids_of(Engine(model, options).generate(requests));
}

TEST(Engine, GreedyDecodingOverTheCacheEqualsTheFullForwardPassOfEveryPrefix) {
  auto model = tiny_model();
  const TokenRequest request = request_of(3, 60, {.max_new_tokens = 80});
  const auto completion = Engine(*model, {}).generate({request}).front();
  ASSERT_EQ(completion.ids.size(), 80u);
  std::vector<int32_t> ids = request.prompt;
  for (const int32_t id : completion.ids) {
    const at::Tensor last = full_forward(*model, ids).select(0, -1);
    ASSERT_EQ(last.argmax().item<int64_t>(), id) << "after " << ids.size() << " tokens";
    ids.push_back(id);
  }
}

class FullForward : public ::testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Engine, FullForward, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "WithAnAdapter" : "Plain"; });

TEST_P(FullForward, GivesTheLogProbabilitiesOfTheEngine) {
  auto model = tiny_model();
  if (GetParam()) {
    model->attach_adapter({.rank = 4, .targets = {"q_proj", "v_proj", "up_proj", "down_proj"}});
    model->trained().values.copy_(at::randn(model->trained().values.sizes()) * 0.2);
  }
  const auto requests = mixed_requests(9, kSampled);
  const auto completions = Engine(*model, {.max_batch = 4}).generate(requests);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    std::vector<int32_t> ids = requests[i].prompt;
    ids.insert(ids.end(), completions[i].ids.begin(), completions[i].ids.end());
    const at::Tensor all = full_forward(*model, ids);
    for (std::size_t t = 0; t < completions[i].ids.size(); ++t) {
      const auto row = static_cast<int64_t>(requests[i].prompt.size() + t) - 1;
      EXPECT_NEAR(completions[i].log_probabilities[t],
                  all[row][completions[i].ids[t]].item<float>(), 1e-4);
    }
  }
}

TEST(Engine, InBfloat16LogProbabilitiesStayNearTheTrainingPath) {
  ModelConfig config = tiny_config();
  config.head_dim = 16;
  auto model = tiny_model(config, at::kBFloat16);
  const auto requests = mixed_requests(9, kSampled);
  const auto completions = Engine(*model, {}).generate(requests);
  double difference = 0;
  int64_t count = 0;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    std::vector<int32_t> ids = requests[i].prompt;
    ids.insert(ids.end(), completions[i].ids.begin(), completions[i].ids.end());
    const at::Tensor all = full_forward(*model, ids);
    for (std::size_t t = 0; t < completions[i].ids.size(); ++t, ++count) {
      const auto row = static_cast<int64_t>(requests[i].prompt.size() + t) - 1;
      difference += std::abs(completions[i].log_probabilities[t] -
                             all[row][completions[i].ids[t]].item<float>());
    }
  }
  EXPECT_LT(difference / static_cast<double>(count), 0.05);
}

TEST(Engine, TokensDoNotDependOnTheBatchTheWorkersOrTheChunksOfThePrompt) {
  auto model = tiny_model();
  const auto requests = mixed_requests(64, kSampled);
  const auto together = run(*model, {.max_batch = 64}, requests);
  std::vector<std::vector<int32_t>> alone;
  for (const TokenRequest& request : requests)
    alone.push_back(run(*model, {.max_batch = 1}, {request}).front());
  EXPECT_EQ(together, alone);
  EXPECT_EQ(together, run(*model, {.max_batch = 5, .num_workers = 1}, requests));
  EXPECT_EQ(together, run(*model, {.max_batch = 64, .num_workers = 2}, requests));
  EXPECT_EQ(together, run(*model, {.max_batch = 64, .prefill_tokens = 7}, requests));
}

TEST(Engine, TokensDoNotDependOnTheOrderOfRequests) {
  auto model = tiny_model();
  auto requests = mixed_requests(20, kSampled);
  auto forward = run(*model, {}, requests);
  std::reverse(requests.begin(), requests.end());
  std::reverse(forward.begin(), forward.end());
  EXPECT_EQ(forward, run(*model, {}, requests));
}

TEST(Engine, SeedsMakeSamplesDifferAndGreedyIgnoresThem) {
  auto model = tiny_model();
  auto a = request_of(1, 70, kSampled), b = a;
  b.seed = 99;
  const auto sampled = run(*model, {}, {a, b});
  EXPECT_NE(sampled[0], sampled[1]);
  a.sampling = b.sampling = kGreedy;
  const auto greedy = run(*model, {}, {a, b});
  EXPECT_EQ(greedy[0], greedy[1]);
}

TEST(Engine, APromptSharedByManyRequestsIsPrefilledOnceWithTheSameResults) {
  auto model = tiny_model();
  std::vector<TokenRequest> requests;
  for (const int length : {64, 70, 129}) {
    for (int sample = 0; sample < 5; ++sample) {
      requests.push_back(request_of(length, length, kSampled));
      requests.back().seed =
          seed_from({static_cast<uint64_t>(length), static_cast<uint64_t>(sample)});
    }
  }
  Engine engine(*model, {.max_batch = 16, .prefill_tokens = 50, .num_workers = 1});
  const auto shared = ids_of(engine.generate(requests));
  EXPECT_EQ(engine.statistics().prompt_tokens, 64 + 70 + 129);
  EXPECT_EQ(engine.statistics().shared_prompt_tokens, 4 * (64 + 70 + 129));
  for (std::size_t i = 0; i < requests.size(); ++i) {
    EXPECT_EQ(shared[i], run(*model, {}, {requests[i]}).front()) << i;
  }
}

TEST(Engine, PromptsAreReadInTheOrderOfTheirAdmission) {
  auto model = tiny_model();
  // The first ends at once and leaves its slot, the lower one, to the third.
  const std::vector<TokenRequest> requests{request_of(1, 5, {.max_new_tokens = 1}),
                                           request_of(2, 100, {.max_new_tokens = 1}),
                                           request_of(3, 100, {.max_new_tokens = 1})};
  std::vector<std::size_t> order;
  Engine(*model, {.max_batch = 2, .prefill_tokens = 10, .num_workers = 1})
      .generate(requests, {}, [&](std::size_t request) { order.push_back(request); });
  EXPECT_THAT(order, ::testing::ElementsAre(0, 1, 2));
}

TEST(Engine, ASmallCacheOnlyMakesRequestsWait) {
  auto model = tiny_model();
  const auto requests = mixed_requests(20, kSampled);
  EXPECT_EQ(run(*model, {.max_cached_tokens = 256}, requests), run(*model, {}, requests));
}

TEST(Engine, EosEndsARequestAndCountsInItsLogProbabilities) {
  ModelConfig config = tiny_config();
  auto model = tiny_model();
  const auto free_run = Engine(*model, {}).generate({request_of(3, 20, kGreedy)}).front();
  const int32_t eos = free_run.ids[10];
  const auto place =
      std::find(free_run.ids.begin(), free_run.ids.end(), eos) - free_run.ids.begin();
  config.eos_token_ids = {eos};
  auto stopping = tiny_model(config);
  auto request = request_of(3, 20, kGreedy);
  const auto completion = Engine(*stopping, {}).generate({request}).front();
  EXPECT_EQ(completion.finish_reason, FinishReason::kStop);
  EXPECT_EQ(completion.ids.size(), static_cast<std::size_t>(place));
  EXPECT_EQ(completion.log_probabilities.size(), static_cast<std::size_t>(place) + 1);
  request.sampling.ignore_eos = true;
  EXPECT_EQ(Engine(*stopping, {}).generate({request}).front().ids, free_run.ids);
}

TEST(Engine, AStopTokenEndsARequestAsEosDoesWhateverIgnoreEosSays) {
  auto model = tiny_model();
  auto request = request_of(3, 20, kGreedy);
  const auto free_run = Engine(*model, {}).generate({request}).front();
  const int32_t stop = free_run.ids[10];
  const auto place =
      std::find(free_run.ids.begin(), free_run.ids.end(), stop) - free_run.ids.begin();
  request.sampling.stop_tokens = {130, stop};
  request.sampling.ignore_eos = true;
  const auto completion = Engine(*model, {}).generate({request}).front();
  EXPECT_EQ(completion.finish_reason, FinishReason::kStop);
  EXPECT_EQ(completion.ids.size(), static_cast<std::size_t>(place));
  EXPECT_EQ(completion.log_probabilities.size(), static_cast<std::size_t>(place) + 1);
}

// Of every prefix's logits by the full forward pass, with the penalty by its definition.
TEST(Engine, APenaltyOnRepetitionCountsPromptAndText) {
  auto model = tiny_model();
  const double penalty = 3.0;
  const TokenRequest request =
      request_of(3, 20, {.repetition_penalty = penalty, .max_new_tokens = 60});
  const TokenRequest free = request_of(3, 20, {.max_new_tokens = 60});
  const auto completions = Engine(*model, {}).generate({request, free, request});
  EXPECT_EQ(completions[0].ids, completions[2].ids);  // one of them shares the other's prompt
  EXPECT_NE(completions[0].ids, completions[1].ids);
  std::vector<int32_t> ids = request.prompt;
  for (const int32_t id : completions[0].ids) {
    at::Tensor last = full_forward_logits(*model, ids).select(0, -1).contiguous();
    for (const int32_t seen : std::set<int32_t>(ids.begin(), ids.end())) {
      float& logit = last.mutable_data_ptr<float>()[seen];
      logit = static_cast<float>(logit > 0 ? logit / penalty : logit * penalty);
    }
    ASSERT_EQ(last.argmax().item<int64_t>(), id) << "after " << ids.size() << " tokens";
    ids.push_back(id);
  }
}

TEST(Engine, ACallerCanEndARequestAtAnyToken) {
  auto model = tiny_model();
  const auto requests = mixed_requests(3, kGreedy);
  std::vector<int> seen(3);
  const auto completions = Engine(*model, {}).generate(requests, [&](std::size_t request, int32_t) {
    return ++seen[request] < 4 || request != 1;
  });
  EXPECT_EQ(completions[1].ids.size(), 4u);
  EXPECT_EQ(completions[1].finish_reason, FinishReason::kStop);
  EXPECT_EQ(completions[0].ids.size(), 30u);
  EXPECT_EQ(completions[0].finish_reason, FinishReason::kLength);
}

TEST(Engine, TheContextOfTheModelIsALimit) {
  auto model = tiny_model();
  const auto completion =
      Engine(*model, {}).generate({request_of(1, 290, {.max_new_tokens = 1000})}).front();
  EXPECT_EQ(completion.finish_reason, FinishReason::kLength);
  EXPECT_EQ(completion.ids.size(), 10u);
  EXPECT_TRUE(completion.error.empty());
}

TEST(Engine, RequestsThatCannotRunSayWhyAndTheOthersRun) {
  auto model = tiny_model();
  std::vector<TokenRequest> requests = mixed_requests(4, kGreedy);
  requests[0].prompt.clear();
  requests[1] = request_of(1, 300, kGreedy);
  requests[2].prompt[1] = 131;
  std::vector<std::size_t> done;
  const auto completions = Engine(*model, {}).generate(requests, {}, [&](std::size_t request) {
    done.push_back(request);
  });
  EXPECT_THAT(completions[0].error, ::testing::HasSubstr("empty"));
  EXPECT_THAT(completions[1].error, ::testing::HasSubstr("300 tokens"));
  EXPECT_THAT(completions[2].error, ::testing::HasSubstr("token 131"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(completions[i].finish_reason, FinishReason::kError);
  EXPECT_EQ(completions[3].ids.size(), 30u);
  EXPECT_THAT(done, ::testing::UnorderedElementsAre(0, 1, 2, 3));
  const auto small =
      Engine(*model, {.max_cached_tokens = 64}).generate({request_of(1, 60, kGreedy)}).front();
  EXPECT_THAT(small.error, ::testing::HasSubstr("90 tokens of key-value cache"));
}

TEST(Engine, NothingToGenerateIsDoneAtOnce) {
  auto model = tiny_model();
  EXPECT_TRUE(Engine(*model, {}).generate({}).empty());
  const auto completion =
      Engine(*model, {}).generate({request_of(1, 5, {.max_new_tokens = 0})}).front();
  EXPECT_EQ(completion.finish_reason, FinishReason::kLength);
  EXPECT_TRUE(completion.ids.empty());
}

TEST(Engine, BrokenWeightsEndEveryRequestWithAnError) {
  auto model = tiny_model();
  model->final_norm().value.fill_(std::numeric_limits<float>::quiet_NaN());
  for (const Sampling& sampling : {kGreedy, kSampled}) {
    for (const auto& completion : Engine(*model, {}).generate(mixed_requests(5, sampling))) {
      EXPECT_EQ(completion.finish_reason, FinishReason::kError);
      EXPECT_THAT(completion.error, ::testing::HasSubstr("NaN"));
    }
  }
}

TEST(Engine, AnExceptionOfACallbackReachesTheCallerFromEveryWorker) {
  auto model = tiny_model();
  Engine engine(*model, {.num_workers = 2});
  const auto thrower = [](std::size_t, int32_t) -> bool { throw Error("from the callback"); };
  EXPECT_THROW(engine.generate(mixed_requests(30, kGreedy), thrower), Error);
}

TEST(EngineDeathTest, AnInterruptEndsTheRunWithinAStep) {
  ::testing::GTEST_FLAG(death_test_style) = "threadsafe";
  const auto interrupted = [] {
    auto model = tiny_model();
    int tokens = 0;
    const auto on_token = [&](std::size_t, int32_t) {
      if (++tokens == 10) request_interrupt();
      return true;
    };
    try {
      Engine(*model, {.num_workers = 1})
          .generate({request_of(1, 5, {.max_new_tokens = 200})}, on_token);
    } catch (const Interrupted&) {
      std::_Exit(tokens == 10 ? 75 : 1);
    }
    std::_Exit(2);
  };
  EXPECT_EXIT(interrupted(), ::testing::ExitedWithCode(75), "");
}

// Two of everything for keys and values, 3 layers, 2 heads, 8 numbers a head that take 16 places.
TEST(Decoder, CountsTheCacheOfATokenWithThePaddingOfItsHeads) {
  EXPECT_EQ(Decoder::cache_bytes_per_token(*tiny_model()), 2 * 3 * 2 * 16 * 4);
  EXPECT_EQ(Decoder::cache_bytes_per_token(*tiny_model(tiny_config(), at::kBFloat16)),
            2 * 3 * 2 * 16 * 2);
}

}  // namespace
}  // namespace tripost
