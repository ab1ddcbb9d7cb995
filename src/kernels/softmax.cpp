#include <algorithm>

#include "kernels/parallel.h"
#include "kernels/rows.h"

#define TRIPOST_KERNEL_BODY "kernels/softmax_body.inc"
#include "kernels/for_each_level.inc"

namespace tripost::kernels {
namespace {

void run_range(const auto& work, int64_t begin, int64_t end) {
  TRIPOST_AT_LEVEL(softmax_range(work, begin, end));
}

}  // namespace

template <class Element>
void softmax_rows(const SoftmaxRows<Element>& work) {
  parallel_for(work.rows, std::max<int64_t>(1, 8192 / work.width),
               [&](int64_t begin, int64_t end) { run_range(work, begin, end); });
}

template void softmax_rows(const SoftmaxRows<float>&);
template void softmax_rows(const SoftmaxRows<Bfloat16>&);

}  // namespace tripost::kernels
