// Products of bfloat16 matrices on AMX, the tile registers of Intel's server processors: sixteen
// rows of sixteen words of two bfloat16 each at a time, summed in float32.
//
// Only where Level::kAmx is (level.h). The caller holds the tiles configured for its thread; other
// code that uses them, such as LibTorch's products, must not run on that thread meanwhile.
#pragma once

#include <cstdint>

namespace tripost::kernels {

// Rows, columns and words of a tile.
constexpr int64_t kAmxTile = 16;

// The processor has AMX with bfloat16, and the system lets this process use it (Linux asks for a
// call, since the registers make a thread's state 8 KiB larger).
bool can_use_amx();

// Configures this thread's tiles, where the level in use has them, and lets go of them at the end.
class AmxScope {
 public:
  AmxScope();
  ~AmxScope();
  AmxScope(const AmxScope&) = delete;
  AmxScope& operator=(const AmxScope&) = delete;

 private:
  bool configured_;
};

// c [rows][columns] (+)= a [rows][depth] * b [depth][columns], strides in words. A word of a holds
// two neighbours along the sum, and so does one of b, which has a row for both. rows, columns and
// depth are multiples of kAmxTile.
struct AmxProduct {
  const uint32_t* a;
  int64_t a_stride;
  const uint32_t* b;
  int64_t b_stride;
  float* c;
  int64_t c_stride;
  int64_t rows, columns, depth;
  bool add;                 // to what c holds
  bool triangular = false;  // left of its row number c need not be made
};

// Inside an AmxScope.
void multiply(const AmxProduct& product);

}  // namespace tripost::kernels
