#include <ATen/core/Tensor.h>
#include <immintrin.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

#include "kernels/decode_attention_product.h"

#pragma GCC target("avx2,fma")

namespace tripost::kernels {
namespace {
constexpr int64_t kLanes = 8;
}
}  // namespace tripost::kernels

#include "kernels/decode_attention_vector.h"

namespace tripost::kernels {
namespace {

constexpr int64_t kBlock = 16;  // outputs: two registers
constexpr int kMostRows = 6;    // 12 sums, 2 weights, a mask and a broadcast fill the 16 registers

struct Pair {
  __m256 low, high;  // outputs 0 to 7 and 8 to 15 of a block
};

// bfloat16 weights, two to a word.
struct HalfBlock {
  using Target = uint16_t;
  static constexpr int64_t kWords = 8;  // of one input

  TRIPOST_INLINE static Pair load(const uint32_t* words) {
    const __m256i both = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(words));
    const __m256i upper = _mm256_set1_epi32(static_cast<int>(0xFFFF0000u));
    return {_mm256_castsi256_ps(_mm256_slli_epi32(both, 16)),
            _mm256_castsi256_ps(_mm256_and_si256(both, upper))};
  }

  // To nearest, ties to even, in the low half of each word. A NaN stays one: it comes from a
  // bfloat16 or from the processor, so its own low half is zero and nothing carries.
  TRIPOST_INLINE static __m256i rounded(__m256 values) {
    const __m256i words = _mm256_castps_si256(values);
    const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(words, 16), _mm256_set1_epi32(1));
    const __m256i sum = _mm256_add_epi32(_mm256_add_epi32(words, _mm256_set1_epi32(0x7FFF)), odd);
    return _mm256_srli_epi32(sum, 16);
  }

  TRIPOST_INLINE static void store(uint16_t* to, const Pair& sums) {
    const __m256i packed = _mm256_packus_epi32(rounded(sums.low), rounded(sums.high));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to),
                        _mm256_permute4x64_epi64(packed, 0b11011000));
  }
};

struct FloatBlock {
  using Target = float;
  static constexpr int64_t kWords = 16;

  TRIPOST_INLINE static Pair load(const uint32_t* words) {
    const auto* floats = reinterpret_cast<const float*>(words);
    return {_mm256_loadu_ps(floats), _mm256_loadu_ps(floats + 8)};
  }

  TRIPOST_INLINE static void store(float* to, const Pair& sums) {
    _mm256_storeu_ps(to, sums.low);
    _mm256_storeu_ps(to + 8, sums.high);
  }
};

// Rows first .. first + Rows - 1 times Blocks blocks from `block` on.
template <class Block, int Rows, int Blocks>
void multiply_blocks(const PanelTask& task, int64_t first, int64_t block) {
  using Target = typename Block::Target;
  Pair sums[Rows][Blocks];
  repeat<Rows>(TRIPOST_BODY(auto row) {
    repeat<Blocks>(TRIPOST_BODY(auto b) {
      sums[row][b] = {_mm256_setzero_ps(), _mm256_setzero_ps()};
    });
  });
  const float* x = static_cast<const float*>(task.x) + first * task.x_stride;
  const int64_t block_words = Block::kWords * task.inputs;
  const uint32_t* words = task.panel + block * block_words;
  for (int64_t input = 0; input < task.inputs; ++input, words += Block::kWords) {
    Pair weights[Blocks];
    repeat<Blocks>(TRIPOST_BODY(auto b) { weights[b] = Block::load(words + b * block_words); });
    repeat<Rows>(TRIPOST_BODY(auto row) {
      const __m256 value = _mm256_broadcast_ss(x + row * task.x_stride + input);
      repeat<Blocks>(TRIPOST_BODY(auto b) {
        sums[row][b].low = _mm256_fmadd_ps(weights[b].low, value, sums[row][b].low);
        sums[row][b].high = _mm256_fmadd_ps(weights[b].high, value, sums[row][b].high);
      });
    });
  }
  repeat<Rows>(TRIPOST_BODY(auto row) {
    Target* target = static_cast<Target*>(task.target) + (first + row) * task.target_stride;
    repeat<Blocks>(TRIPOST_BODY(auto b) {
      const int64_t column = (block + b) * kBlock;
      if (column + kBlock <= task.columns) {
        Block::store(target + column, sums[row][b]);
      } else if (column < task.columns) {
        Target all[kBlock];
        Block::store(all, sums[row][b]);
        std::copy_n(all, task.columns - column, target + column);
      }
    });
  });
}

// All blocks of the panel that have outputs. Few rows take several blocks at once: a sum waits four
// cycles for the one before it, so eight or more must be on their way.
template <class Block, int Rows>
void multiply_rows(const PanelTask& task, int64_t first) {
  constexpr int kBlocks = Rows == 1 ? 4 : Rows == 2 ? 2 : 1;
  for (int64_t block = 0; block * kBlock < task.columns; block += kBlocks)
    multiply_blocks<Block, Rows, kBlocks>(task, first, block);
}

template <class Block>
void multiply_panel(const PanelTask& task) {
  const int64_t whole = task.rows / kMostRows * kMostRows;
  for (int64_t block = 0; block * kBlock < task.columns; ++block) {
    for (int64_t row = 0; row < whole; row += kMostRows)
      multiply_blocks<Block, kMostRows, 1>(task, row, block);
  }
  switch (task.rows - whole) {
    case 1:
      return multiply_rows<Block, 1>(task, whole);
    case 2:
      return multiply_rows<Block, 2>(task, whole);
    case 3:
      return multiply_rows<Block, 3>(task, whole);
    case 4:
      return multiply_rows<Block, 4>(task, whole);
    case 5:
      return multiply_rows<Block, 5>(task, whole);
  }
}

}  // namespace

void multiply_panel_avx2_bfloat16(const PanelTask& task) { multiply_panel<HalfBlock>(task); }

void multiply_panel_avx2_float32(const PanelTask& task) { multiply_panel<FloatBlock>(task); }

}  // namespace tripost::kernels
