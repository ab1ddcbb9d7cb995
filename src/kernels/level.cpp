#include "kernels/level.h"

#include <atomic>
#include <cassert>

#include "kernels/amx.h"

namespace tripost::kernels {
namespace {

Level detect_level() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bf16")) {
    return can_use_amx() ? Level::kAmx : Level::kAvx512;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return Level::kAvx2;
#endif
  return Level::kPortable;
}

std::atomic<Level>& chosen_level() {
  static std::atomic<Level> chosen = best_level();
  return chosen;
}

}  // namespace

Level best_level() {
  static const Level best = detect_level();
  return best;
}

Level level() { return chosen_level().load(std::memory_order_relaxed); }

void set_level(Level wanted) {
  assert(wanted <= best_level() && "this machine lacks the instructions");
  chosen_level().store(wanted);
}

}  // namespace tripost::kernels
