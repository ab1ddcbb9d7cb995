#include "kernels/parallel.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>

#include <algorithm>
#include <atomic>

namespace tripost::kernels {
namespace {

// GCC's OpenMP entry point; LLVM's and Intel's runtimes offer it too. Flags and zero threads mean
// the defaults.
using GompParallel = void (*)(void (*body)(void*), void* data, unsigned num_threads,
                              unsigned flags);

GompParallel find_runtime() {
  static const auto found = reinterpret_cast<GompParallel>(dlsym(RTLD_DEFAULT, "GOMP_parallel"));
  return found;
}

struct Work {
  int64_t count;
  const std::function<void(int64_t)>& body;
  std::atomic<int64_t> next{0};
};

void drain(void* data) {
  Work& work = *static_cast<Work*>(data);
  for (int64_t task = work.next++; task < work.count; task = work.next++) work.body(task);
}

}  // namespace

void parallel_tasks(int64_t count, const std::function<void(int64_t)>& body) {
  Work work{count, body};
  const bool serial = count <= 1 || at::get_num_threads() == 1 || at::in_parallel_region() ||
                      find_runtime() == nullptr;
  if (serial) {
    drain(&work);
  } else {
    find_runtime()(&drain, &work, /*num_threads=*/0, /*flags=*/0);
  }
}

void parallel_for(int64_t count, int64_t grain, const std::function<void(int64_t, int64_t)>& body) {
  if (count <= 0) return;
  const int64_t most = std::max<int64_t>(1, count / std::max<int64_t>(1, grain));
  const int64_t parts = std::min<int64_t>(at::get_num_threads(), most);
  parallel_tasks(parts,
                 [&](int64_t part) { body(count * part / parts, count * (part + 1) / parts); });
}

}  // namespace tripost::kernels
