#include "kernels/amx.h"

#include <cassert>

#include "kernels/level.h"

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

#pragma GCC target("amx-tile,amx-bf16")

namespace tripost::kernels {
namespace {

// A tile's 16 rows are 64 bytes each, for all eight tiles.
struct alignas(64) TileConfig {
  uint8_t palette = 1;
  uint8_t start_row = 0;
  uint8_t reserved[14] = {};
  uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};
static_assert(sizeof(TileConfig) == 64);
constexpr TileConfig kConfig;

// Functions of their own: GCC 12 does not see this file's target in a constructor.
void configure_tiles() { _tile_loadconfig(&kConfig); }
void release_tiles() { _tile_release(); }

// c [16 * Rows][16 * Columns]: tiles 0 to 3 hold the sums, 4 and 5 rows of a, 6 and 7 columns of b.
template <int Rows, int Columns>
void multiply_block(const AmxProduct& product, int64_t row, int64_t column) {
  const int64_t a_bytes = product.a_stride * 4, b_bytes = product.b_stride * 4,
                c_bytes = product.c_stride * 4;
  const uint32_t* a = product.a + row * product.a_stride;
  const uint32_t* below_a = a + kAmxTile * product.a_stride;
  const uint32_t* b = product.b + column;
  float* c = product.c + row * product.c_stride + column;
  float* below_c = c + kAmxTile * product.c_stride;
  if (product.add) {
    _tile_loadd(0, c, c_bytes);
    if constexpr (Columns == 2) _tile_loadd(1, c + kAmxTile, c_bytes);
    if constexpr (Rows == 2) _tile_loadd(2, below_c, c_bytes);
    if constexpr (Rows == 2 && Columns == 2) _tile_loadd(3, below_c + kAmxTile, c_bytes);
  } else {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
  }
  for (int64_t k = 0; k < product.depth; k += kAmxTile, b += kAmxTile * product.b_stride) {
    _tile_loadd(4, a + k, a_bytes);
    _tile_loadd(6, b, b_bytes);
    _tile_dpbf16ps(0, 4, 6);
    if constexpr (Columns == 2) {
      _tile_loadd(7, b + kAmxTile, b_bytes);
      _tile_dpbf16ps(1, 4, 7);
    }
    if constexpr (Rows == 2) {
      _tile_loadd(5, below_a + k, a_bytes);
      _tile_dpbf16ps(2, 5, 6);
      if constexpr (Columns == 2) _tile_dpbf16ps(3, 5, 7);
    }
  }
  _tile_stored(0, c, c_bytes);
  if constexpr (Columns == 2) _tile_stored(1, c + kAmxTile, c_bytes);
  if constexpr (Rows == 2) _tile_stored(2, below_c, c_bytes);
  if constexpr (Rows == 2 && Columns == 2) _tile_stored(3, below_c + kAmxTile, c_bytes);
}

template <int Rows>
void multiply_rows(const AmxProduct& product, int64_t row) {
  int64_t column = product.triangular ? row : 0;
  for (; column + 2 * kAmxTile <= product.columns; column += 2 * kAmxTile)
    multiply_block<Rows, 2>(product, row, column);
  if (column < product.columns) multiply_block<Rows, 1>(product, row, column);
}

bool has_amx() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  constexpr unsigned kTile = 1u << 24, kBfloat16 = 1u << 22;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (d & kTile) != 0 && (d & kBfloat16) != 0;
}

}  // namespace

bool can_use_amx() {
  constexpr long kRequestPermission = 0x1023, kTileData = 18;  // asm/prctl.h of Linux 5.16
  static const bool can = has_amx() && syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
  return can;
}

AmxScope::AmxScope() : configured_(level() == Level::kAmx) {
  if (configured_) configure_tiles();
}

AmxScope::~AmxScope() {
  if (configured_) release_tiles();
}

void multiply(const AmxProduct& product) {
  assert(product.rows % kAmxTile == 0 && product.columns % kAmxTile == 0 &&
         product.depth % kAmxTile == 0);
  asm volatile("" ::: "memory");  // GCC 12 does not know that loading a tile reads memory
  int64_t row = 0;
  for (; row + 2 * kAmxTile <= product.rows; row += 2 * kAmxTile) multiply_rows<2>(product, row);
  if (row < product.rows) multiply_rows<1>(product, row);
}

}  // namespace tripost::kernels

#else

namespace tripost::kernels {

bool can_use_amx() { return false; }
AmxScope::AmxScope() : configured_(false) {}
AmxScope::~AmxScope() { assert(!configured_); }
void multiply(const AmxProduct&) { assert(false && "there are no tiles"); }

}  // namespace tripost::kernels

#endif
