#include <immintrin.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

#pragma GCC target("avx512bf16,avx512f,avx512bw,avx512vl,avx512dq,avx2,fma")

namespace tripost::kernels {
namespace {
constexpr int64_t kLanes = 16;
constexpr int kWideBlocks = 4;  // vectors of tokens scored together, as many as the registers hold
constexpr int kWideDimensions = 2;  // vectors of output dimensions summed together
}  // namespace
}  // namespace tripost::kernels

#include "kernels/decode_attention_body.h"

namespace tripost::kernels {
namespace {

// One instruction multiplies both elements of a word and adds them in float32.
struct Bfloat16DotCache : Bfloat16Cache {
  using Packed = uint32_t;
  static constexpr int64_t kBroadcasts = 1;
  static TRIPOST_INLINE void multiply_add(Floats& sum, const Words& words, const Packed* packed) {
    const __m512i pair = _mm512_set1_epi32(static_cast<int>(*packed));
    sum = reinterpret_cast<Floats>(_mm512_dpbf16_ps(reinterpret_cast<__m512>(sum),
                                                    reinterpret_cast<__m512bh>(words),
                                                    reinterpret_cast<__m512bh>(pair)));
  }
  static TRIPOST_INLINE void pack_query(const Element* query, int64_t head_dim, Packed* packed) {
    std::memcpy(packed, query, static_cast<std::size_t>(head_dim) * sizeof(Element));
  }
  static TRIPOST_INLINE const Packed* pack_probabilities(const float* values, int64_t count,
                                                         Packed* packed) {
    for (int64_t i = 0; i < count; i += kLanes) {
      const __m256bh halves = _mm512_cvtneps_pbh(_mm512_loadu_ps(values + i));
      std::memcpy(packed + i / 2, &halves, sizeof(halves));
    }
    return packed;
  }
};

}  // namespace

const CacheKernelSet kCacheKernelsAvx512Bfloat16{
    {store_token<Float32Cache>, attend<Float32Cache>},
    {store_token<Bfloat16DotCache>, attend<Bfloat16DotCache>}};

}  // namespace tripost::kernels
