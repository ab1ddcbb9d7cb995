#include "kernels/sampling.h"

namespace tripost::kernels {

std::vector<const SamplingKernels*> runnable_sampling_kernels() {
  std::vector<const SamplingKernels*> sets{&kSamplingBaseline};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    sets.push_back(&kSamplingAvx2);
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq")) {
    sets.push_back(&kSamplingAvx512);
  }
  return sets;
}

}  // namespace tripost::kernels
