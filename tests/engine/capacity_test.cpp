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
        const EngineOptions options{.num_workers = asked};
        const int64_t workers = workers_for(*model, options, limit, 256, longest);
        const DecoderOptions one = decoder_options(*model, options, limit, longest, 256, workers);
        EXPECT_LE(workers * one.total_tokens, limit)
            << workers << " workers, sequences of " << longest;
        EXPECT_GE(one.total_tokens, longest);
        EXPECT_EQ(one.total_tokens % kernels::kPageTokens, 0) << "the cache rounds it up";
      }
    }
  }
  EXPECT_EQ(workers_for(*model, {.num_workers = 8}, 65536, 256, 100), 8);
  EXPECT_EQ(workers_for(*model, {.num_workers = 8}, 8256, 256, 4096), 2);
}

}  // namespace
}  // namespace tripost
