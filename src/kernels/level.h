// Which instruction set the CPU kernels use: the best this machine has, chosen once at run time.
#pragma once

namespace tripost::kernels {

// kAvx512 means AVX-512 F, BW, VL, DQ and BF16; a machine without BF16 counts as kAvx2. kAmx is the
// same with tiles for products of bfloat16 (kernels/amx.h).
enum class Level { kPortable, kAvx2, kAvx512, kAmx };

Level best_level();
// What kernels use now: best_level() unless a test said otherwise.
Level level();
// For tests and benchmarks: `wanted` must not be above best_level(). Not while kernels run.
void set_level(Level wanted);

}  // namespace tripost::kernels
