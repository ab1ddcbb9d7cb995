#include "kernels/decode_attention_cpu.h"

#include <algorithm>

namespace tripost::kernels {

int64_t attention_scratch_bytes(int64_t length, int64_t head_dim) {
  constexpr int64_t kRows = 4;
  const int64_t padded_length = (length + kPageTokens - 1) / kPageTokens * kPageTokens;
  const int64_t row = std::max(padded_length, padded_head_dim(head_dim)) * 4;
  return 2 * kRows * row +
         kRows * padded_head_dim(head_dim) * 4;  // scores, packed probabilities, packed queries
}

std::vector<const CacheKernelSet*> runnable_cache_kernels() {
  std::vector<const CacheKernelSet*> sets{&kCacheKernelsBaseline};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    sets.push_back(&kCacheKernelsAvx2);
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq")) {
    sets.push_back(&kCacheKernelsAvx512);
    if (__builtin_cpu_supports("avx512bf16")) sets.push_back(&kCacheKernelsAvx512Bfloat16);
  }
  return sets;
}

}  // namespace tripost::kernels
