#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace tripost {

void for_each_index(std::size_t count, const std::function<void(std::size_t)>& body) {
  constexpr std::size_t kChunk = 64;  // items a thread takes at once
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  const std::size_t num_threads = std::min(cores, (count + kChunk - 1) / kChunk);
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex mutex;
  const auto work = [&] {
    try {
      for (std::size_t begin = next.fetch_add(kChunk); begin < count;
           begin = next.fetch_add(kChunk)) {
        for (std::size_t i = begin; i < std::min(count, begin + kChunk); ++i) body(i);
      }
    } catch (...) {
      next.store(count);  // the others stop at their next chunk
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < num_threads; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace tripost
