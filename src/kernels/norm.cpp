#include <algorithm>
#include <vector>

#include "kernels/parallel.h"
#include "kernels/rows.h"

#define TRIPOST_KERNEL_BODY "kernels/norm_body.inc"
#include "kernels/for_each_level.inc"

namespace tripost::kernels {
namespace {

// A fixed number, so that the sum over chunks is the same for every number of threads.
constexpr int64_t kRowsPerChunk = 256;

void forward_range(const auto& work, int64_t begin, int64_t end) {
  TRIPOST_AT_LEVEL(normalise_rows(work, begin, end));
}

void backward_range(const auto& work, int64_t begin, int64_t end, float* weight_gradient) {
  TRIPOST_AT_LEVEL(denormalise_rows(work, begin, end, weight_gradient));
}

}  // namespace

template <class Element>
void norm_forward(const NormForward<Element>& work) {
  parallel_for(work.rows, 64, [&](int64_t begin, int64_t end) { forward_range(work, begin, end); });
}

template <class Element>
void norm_backward(const NormBackward<Element>& work) {
  const int64_t chunks = (work.rows + kRowsPerChunk - 1) / kRowsPerChunk;
  const bool trained = work.weight_gradient != nullptr;
  std::vector<float> partial(trained ? chunks * work.width : 0, 0.0f);
  parallel_tasks(chunks, [&](int64_t chunk) {
    backward_range(work, chunk * kRowsPerChunk, std::min(work.rows, (chunk + 1) * kRowsPerChunk),
                   trained ? partial.data() + chunk * work.width : nullptr);
  });
  if (!trained) return;
  for (int64_t chunk = 0; chunk < chunks; ++chunk) {
    add_into(partial.data() + chunk * work.width, work.weight_gradient, work.width);
  }
}

template void norm_forward(const NormForward<float>&);
template void norm_forward(const NormForward<Bfloat16>&);
template void norm_backward(const NormBackward<float>&);
template void norm_backward(const NormBackward<Bfloat16>&);

}  // namespace tripost::kernels
