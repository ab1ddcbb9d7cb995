#include <ATen/core/Tensor.h>
#include <immintrin.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

#include "kernels/amx.h"
#include "kernels/decode_attention_product.h"

#pragma GCC target("avx512bf16,avx512f,avx512bw,avx512vl,avx512dq,avx2,fma")

namespace tripost::kernels {
namespace {
constexpr int64_t kLanes = 16;
}
}  // namespace tripost::kernels

#include "kernels/decode_attention_vector.h"

namespace tripost::kernels {
namespace {

constexpr int kBlocks = 4;    // of 16 outputs: a panel
constexpr int kMostRows = 6;  // 24 sums, 4 words and a broadcast fill the 32 registers

// Rounded once, and as far as the panel's outputs go.
TRIPOST_INLINE void store_sums(const PanelTask& task, int64_t row, int64_t block,
                               const __m512& sums) {
  const int64_t left = task.columns - block * kLanes;
  if (left <= 0) return;
  auto* target = static_cast<uint16_t*>(task.target) + row * task.target_stride + block * kLanes;
  _mm256_mask_storeu_epi16(target, left >= kLanes ? 0xFFFF : (1u << left) - 1,
                           reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(sums)));
}

// `pass` of them over the panel have gone before.
template <int Rows>
void multiply_rows(const PanelTask& task, int64_t first, int64_t pass) {
  __m512 sums[Rows][kBlocks];
  repeat<Rows>(TRIPOST_BODY(auto row) {
    repeat<kBlocks>(TRIPOST_BODY(auto block) { sums[row][block] = _mm512_setzero_ps(); });
  });
  const auto* x = static_cast<const uint16_t*>(task.x) + first * task.x_stride;
  const uint32_t* words = task.panel;
  // A step reads kBlocks cache lines of a panel; the first passes fetch one of each step's of the
  // next panel, which is far away when the model is larger than the cache.
  const uint32_t* ahead = task.next_panel + pass % kBlocks * kLanes;
  for (int64_t input = 0; input < task.inputs; input += 2, words += kBlocks * kLanes) {
    _mm_prefetch(ahead + (words - task.panel), _MM_HINT_T1);
    __m512bh loaded[kBlocks];
    repeat<kBlocks>(TRIPOST_BODY(auto block) {
      loaded[block] = reinterpret_cast<__m512bh>(_mm512_loadu_si512(words + block * kLanes));
    });
    repeat<Rows>(TRIPOST_BODY(auto row) {
      int pair;
      std::memcpy(&pair, x + row * task.x_stride + input, sizeof(pair));
      const auto value = reinterpret_cast<__m512bh>(_mm512_set1_epi32(pair));
      repeat<kBlocks>(TRIPOST_BODY(auto block) {
        sums[row][block] = _mm512_dpbf16_ps(sums[row][block], loaded[block], value);
      });
    });
  }
  repeat<Rows>(TRIPOST_BODY(auto row) {
    repeat<kBlocks>(
        TRIPOST_BODY(auto block) { store_sums(task, first + row, block, sums[row][block]); });
  });
}

// Rows first.. of the task, padded with zeros to whole tiles.
const uint16_t* padded_rows(const PanelTask& task, int64_t first, int64_t count) {
  static thread_local std::vector<uint16_t> rows;
  const auto width = static_cast<std::size_t>(task.inputs);
  rows.assign(2 * kAmxTile * width, 0);
  for (int64_t row = 0; row < count; ++row) {
    std::memcpy(rows.data() + static_cast<std::size_t>(row) * width,
                static_cast<const uint16_t*>(task.x) + (first + row) * task.x_stride,
                width * sizeof(uint16_t));
  }
  return rows.data();
}

}  // namespace

void multiply_panel_avx512_bfloat16(const PanelTask& task) {
  int64_t row = 0, pass = 0;
  for (; row + kMostRows <= task.rows; row += kMostRows) {
    multiply_rows<kMostRows>(task, row, pass++);
  }
  for (; row + 3 <= task.rows; row += 3) multiply_rows<3>(task, row, pass++);
  for (; row < task.rows; ++row) multiply_rows<1>(task, row, pass++);
}

void multiply_panel_amx(const PanelTask& task) {
  constexpr int64_t kPassRows = 2 * kAmxTile;
  alignas(64) float sums[kPassRows * kPanelColumns];
  const AmxScope tiles;
  for (int64_t first = 0; first < task.rows; first += kPassRows) {
    const int64_t count = std::min(kPassRows, task.rows - first);
    const bool whole = count % kAmxTile == 0 && task.x_stride % 2 == 0;
    const uint16_t* x = whole ? static_cast<const uint16_t*>(task.x) + first * task.x_stride
                              : padded_rows(task, first, count);
    multiply({.a = reinterpret_cast<const uint32_t*>(x),
              .a_stride = (whole ? task.x_stride : task.inputs) / 2,
              .b = task.panel,
              .b_stride = kPanelColumns,
              .c = sums,
              .c_stride = kPanelColumns,
              .rows = (count + kAmxTile - 1) / kAmxTile * kAmxTile,
              .columns = kPanelColumns,
              .depth = task.inputs / 2,
              .add = false});
    for (int64_t row = 0; row < count; ++row) {
      for (int64_t block = 0; block < kBlocks; ++block) {
        store_sums(task, first + row, block,
                   _mm512_load_ps(sums + row * kPanelColumns + block * kLanes));
      }
    }
  }
}

}  // namespace tripost::kernels
