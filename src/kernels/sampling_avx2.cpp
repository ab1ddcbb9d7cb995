#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

#pragma GCC target("avx2,fma")

#include "kernels/sampling_body.h"

namespace tripost::kernels {

const SamplingKernels kSamplingAvx2{widen, largest, block_largest, exponentials, find};

}  // namespace tripost::kernels
