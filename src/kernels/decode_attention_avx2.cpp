#include <algorithm>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

#pragma GCC target("avx2,fma,f16c")

namespace tripost::kernels {
namespace {
constexpr int64_t kLanes = 8;
constexpr int kWideBlocks = 4;  // vectors of tokens scored together, as many as the registers hold
constexpr int kWideDimensions = 4;  // vectors of output dimensions summed together
}  // namespace
}  // namespace tripost::kernels

#include "kernels/decode_attention_body.h"

namespace tripost::kernels {

const CacheKernelSet kCacheKernelsAvx2{{store_token<Float32Cache>, attend<Float32Cache>},
                                       {store_token<Bfloat16Cache>, attend<Bfloat16Cache>}};

}  // namespace tripost::kernels
