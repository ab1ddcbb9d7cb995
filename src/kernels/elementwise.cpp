#include <algorithm>

#include "kernels/parallel.h"
#include "kernels/rows.h"

#define TRIPOST_KERNEL_BODY "kernels/elementwise_body.inc"
#include "kernels/for_each_level.inc"

namespace tripost::kernels {
namespace {

// Below this many elements a second thread costs more than it brings.
constexpr int64_t kElementsPerThread = 16384;

int64_t rows_per_thread(int64_t width) { return std::max<int64_t>(1, kElementsPerThread / width); }

void rotate_range(const auto& work, int64_t begin, int64_t end) {
  TRIPOST_AT_LEVEL(rotate_tokens(work, begin, end));
}

void swiglu_range(const auto* gate_up, auto* output, int64_t begin, int64_t end, int64_t width) {
  TRIPOST_AT_LEVEL(swiglu_rows(gate_up, output, begin, end, width));
}

void swiglu_backward_range(const auto* gate_up, const auto* d_output, auto* d_gate_up,
                           int64_t begin, int64_t end, int64_t width) {
  TRIPOST_AT_LEVEL(swiglu_backward_rows(gate_up, d_output, d_gate_up, begin, end, width));
}

void add_part(const auto* from, float* to, int64_t begin, int64_t end) {
  TRIPOST_AT_LEVEL(add_range(from, to, begin, end));
}

}  // namespace

template <class Element>
void rotate(const Rotation<Element>& work) {
  parallel_for(work.tokens, rows_per_thread(work.heads * 2 * work.half),
               [&](int64_t begin, int64_t end) { rotate_range(work, begin, end); });
}

template <class Element>
void swiglu_forward(const Element* gate_up, Element* output, int64_t rows, int64_t width) {
  parallel_for(rows, rows_per_thread(width), [&](int64_t begin, int64_t end) {
    swiglu_range(gate_up, output, begin, end, width);
  });
}

template <class Element>
void swiglu_backward(const Element* gate_up, const Element* d_output, Element* d_gate_up,
                     int64_t rows, int64_t width) {
  parallel_for(rows, rows_per_thread(width), [&](int64_t begin, int64_t end) {
    swiglu_backward_range(gate_up, d_output, d_gate_up, begin, end, width);
  });
}

template <class Element>
void add_into(const Element* from, float* to, int64_t count) {
  parallel_for(count, kElementsPerThread,
               [&](int64_t begin, int64_t end) { add_part(from, to, begin, end); });
}

template <class Element>
void scatter_add_rows(const int64_t* ids, const Element* rows, float* gradient, int64_t count,
                      int64_t width) {
  // A row of the table belongs to one part, which adds its tokens in their order.
  const int64_t parts = std::clamp<int64_t>(count * width / kElementsPerThread, 1, 16);
  parallel_tasks(parts, [&](int64_t part) {
    for (int64_t t = 0; t < count; ++t) {
      if (ids[t] % parts != part) continue;
      add_part(rows + t * width, gradient + ids[t] * width, 0, width);
    }
  });
}

#define TRIPOST_INSTANTIATE(Element)                                                         \
  template void rotate(const Rotation<Element>&);                                            \
  template void swiglu_forward(const Element*, Element*, int64_t, int64_t);                  \
  template void swiglu_backward(const Element*, const Element*, Element*, int64_t, int64_t); \
  template void add_into(const Element*, float*, int64_t);                                   \
  template void scatter_add_rows(const int64_t*, const Element*, float*, int64_t, int64_t)
TRIPOST_INSTANTIATE(float);
TRIPOST_INSTANTIATE(Bfloat16);
#undef TRIPOST_INSTANTIATE

}  // namespace tripost::kernels
