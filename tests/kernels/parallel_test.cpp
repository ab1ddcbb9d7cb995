#include "kernels/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "support/threads.h"

namespace tripost::kernels {
namespace {

TEST(Parallel, RunsOnSeveralThreadsOfLibTorchsRuntime) {
  const Threads two(2);
  std::atomic<int> started = 0;
  std::atomic<bool> met = false;
  // Each task waits for the other: only two threads at once can both see it.
  parallel_tasks(2, [&](int64_t) {
    ++started;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (started < 2 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    if (started == 2 && at::in_parallel_region()) met = true;
  });
  EXPECT_TRUE(met);
}

TEST(Parallel, CoversEveryIndexOnce) {
  for (const int threads : {1, 3}) {
    const Threads some(threads);
    for (const int64_t count : {0, 1, 7, 1000}) {
      std::vector<int> visits(count, 0);
      parallel_for(count, 4, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) ++visits[i];
      });
      EXPECT_EQ(visits, std::vector<int>(count, 1));
    }
  }
}

TEST(Parallel, IsSerialInsideAParallelLoop) {
  const Threads two(2);
  std::atomic<int64_t> total = 0;
  parallel_tasks(2, [&](int64_t) {
    const auto outer = std::this_thread::get_id();
    parallel_tasks(5, [&](int64_t) { total += std::this_thread::get_id() == outer; });
  });
  EXPECT_EQ(total, 10);
}

}  // namespace
}  // namespace tripost::kernels
