// The operations of generation for bench_kernels' table. Not differentiable, so forward only.
#pragma once

namespace tripost {

// Attention over the key/value cache, products with packed weights, and sampling, each beside what
// ATen does for the same.
void bench_generation();

}  // namespace tripost
