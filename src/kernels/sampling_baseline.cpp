#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

#include "kernels/sampling_body.h"

namespace tripost::kernels {

const SamplingKernels kSamplingBaseline{widen, largest, block_largest, exponentials, find};

}  // namespace tripost::kernels
