// The bits of a bfloat16 as the CPU kernels see them; the same layout as c10::BFloat16, without
// LibTorch's headers.
#pragma once

#include <cstdint>

namespace tripost::kernels {

struct Bfloat16 {
  uint16_t bits;
};

}  // namespace tripost::kernels
