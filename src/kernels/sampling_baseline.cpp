#include <cstdint>
#include <cstring>
#include <vector>

#include "kernels/sampling_body.h"

namespace tripost::kernels {

const SamplingKernels kSamplingBaseline{widen, largest, block_largest, exponentials, find};

}  // namespace tripost::kernels
