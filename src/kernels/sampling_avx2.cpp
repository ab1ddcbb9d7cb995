#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

#pragma GCC target("avx2,fma")

namespace tripost::kernels {
namespace {
constexpr int64_t kLanes = 8;
}
}  // namespace tripost::kernels

#include "kernels/sampling_body.h"

namespace tripost::kernels {

const SamplingKernels kSamplingAvx2{widen, largest, block_largest, exponentials, find};

}  // namespace tripost::kernels
