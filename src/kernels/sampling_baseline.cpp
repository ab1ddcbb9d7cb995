#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

namespace tripost::kernels {
namespace {
constexpr int64_t kLanes = 4;
}
}  // namespace tripost::kernels

#include "kernels/sampling_body.h"

namespace tripost::kernels {

const SamplingKernels kSamplingBaseline{widen, largest, block_largest, exponentials, find};

}  // namespace tripost::kernels
