#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma")

namespace tripost::kernels {
namespace {
constexpr int64_t kLanes = 16;
}
}  // namespace tripost::kernels

#include "kernels/sampling_body.h"

namespace tripost::kernels {

const SamplingKernels kSamplingAvx512{widen, largest, block_largest, exponentials, find};

}  // namespace tripost::kernels
