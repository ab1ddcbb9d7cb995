// Loops over LibTorch's own OpenMP threads.
//
// at::parallel_for is an inline template that is serial in code compiled without -fopenmp, and
// -fopenmp would bring a second OpenMP runtime into the process next to the one in the torch wheel.
// So this asks the runtime that LibTorch has already loaded. The number of threads is
// at::get_num_threads(); inside a parallel region a loop is serial. Bodies must not throw.
#pragma once

#include <cstdint>
#include <functional>

namespace tripost::kernels {

// Calls body(begin, end) on ranges that cover 0..count-1, each at least `grain` long where there
// are several. The ranges depend on count, grain and the number of threads only.
void parallel_for(int64_t count, int64_t grain,
                  const std::function<void(int64_t begin, int64_t end)>& body);

// Calls body(task) for every task 0..count-1; a free thread takes the next one, so put the long
// ones first.
void parallel_tasks(int64_t count, const std::function<void(int64_t task)>& body);

}  // namespace tripost::kernels
