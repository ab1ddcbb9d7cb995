#include "engine/capacity.h"

#include <gtest/gtest.h>

#include "engine/tiny_model.h"
#include "kernels/decode_attention_cpu.h"
#include "support/threads.h"

namespace tripost {
namespace {

using testing::tiny_model;

TEST(Capacity, TheCachesOfAllWorkersTogetherKeepToTheLimit) {
  const Threads threads(8);
  auto model = tiny_model();
  for (const int64_t limit : {4096, 4160, 8256, 65536}) {
    for (const int64_t longest : {1, 100, 1300, 4096}) {
      for (const int64_t asked : {0, 3, 8}) {
        const EngineOptions options{.max_cached_tokens = limit, .num_workers = asked};
        const int64_t workers = workers_for(*model, options, 256, longest);
        const DecoderOptions one = decoder_options(*model, options, longest, 256, workers);
        EXPECT_LE(workers * one.total_tokens, limit)
            << workers << " workers, sequences of " << longest;
        EXPECT_GE(one.total_tokens, longest);
        EXPECT_EQ(one.total_tokens % kernels::kPageTokens, 0) << "the cache rounds it up";
      }
    }
  }
  EXPECT_EQ(workers_for(*model, {.max_cached_tokens = 65536, .num_workers = 8}, 256, 100), 8);
  EXPECT_EQ(workers_for(*model, {.max_cached_tokens = 8256, .num_workers = 8}, 256, 4096), 2);
}

TEST(Capacity, SlotsOfFixedLengthKeepToTheLimitWhereThereIsOne) {
  EXPECT_EQ(slots_for({}, 4096, 256), 256);
  EXPECT_EQ(slots_for({.max_cached_tokens = 8255}, 4096, 256), 2);
  EXPECT_EQ(slots_for({.max_cached_tokens = 8256}, 65, 256), 64);
  EXPECT_EQ(slots_for({.max_cached_tokens = 65536}, 64, 256), 256);
  EXPECT_EQ(slots_for({.max_cached_tokens = 64}, 100, 256), 1);
}

}  // namespace
}  // namespace tripost
