// Work on independent items with plain threads, for text and files. Tensor code uses
// kernels/parallel.h instead.
#pragma once

#include <cstddef>
#include <functional>

namespace tripost {

// Calls body(i) for every i in 0..count-1, on as many threads as there are cores. The first
// exception is rethrown here after all threads have ended.
void for_each_index(std::size_t count, const std::function<void(std::size_t)>& body);

}  // namespace tripost
