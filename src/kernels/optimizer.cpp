#include "kernels/optimizer.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "kernels/parallel.h"

#define TRIPOST_KERNEL_BODY "kernels/optimizer_body.inc"
#include "kernels/for_each_level.inc"

namespace tripost::kernels {
namespace {

constexpr int64_t kChunk = 65536;

void step_range(const auto& pass, int64_t begin, int64_t end) {
  TRIPOST_AT_LEVEL(adamw_range(pass, begin, end));
}

double square_range(const float* values, int64_t begin, int64_t end) {
  TRIPOST_AT_LEVEL(squares_of_range(values, begin, end));
}

}  // namespace

template <class Element>
void adamw_pass(const AdamWPass<Element>& pass) {
  parallel_for(pass.count, 16384,
               [&](int64_t begin, int64_t end) { step_range(pass, begin, end); });
}

template void adamw_pass(const AdamWPass<float>&);
template void adamw_pass(const AdamWPass<Bfloat16>&);

double sum_of_squares(const float* values, int64_t count) {
  std::vector<double> partial((count + kChunk - 1) / kChunk);
  parallel_tasks(static_cast<int64_t>(partial.size()), [&](int64_t chunk) {
    partial[chunk] = square_range(values, chunk * kChunk, std::min(count, (chunk + 1) * kChunk));
  });
  return std::accumulate(partial.begin(), partial.end(), 0.0);
}

}  // namespace tripost::kernels
