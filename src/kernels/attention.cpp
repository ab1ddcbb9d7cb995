#include "kernels/attention.h"

#include <algorithm>
#include <cassert>
#include <type_traits>
#include <vector>

#include "kernels/amx.h"
#include "kernels/level.h"
#include "kernels/parallel.h"

namespace tripost::kernels {
namespace {

// One sequence and one key/value head with the query heads that share it.
struct Task {
  int64_t first;   // row of the sequence's first token
  int64_t length;  // of the sequence
  int64_t kv_head;
};

// Longest first, so that threads finish together.
std::vector<Task> list_tasks(const AttentionShape& shape) {
  std::vector<Task> tasks;
  for (int64_t s = 0; s < shape.num_sequences; ++s) {
    const int64_t length = shape.starts[s + 1] - shape.starts[s];
    for (int64_t head = 0; length > 0 && head < shape.num_kv_heads; ++head) {
      tasks.push_back({shape.starts[s], length, head});
    }
  }
  std::stable_sort(tasks.begin(), tasks.end(),
                   [](const Task& a, const Task& b) { return a.length > b.length; });
  return tasks;
}

template <class Element>
struct BackwardBuffers {
  const Element* qkv;
  const Element* output;
  const float* log_sum_exp;
  const Element* d_output;
  Element* d_qkv;
};

// Cache-line aligned memory of one thread, handed out piece by piece; kept from call to call.
class Scratch {
 public:
  using Mark = size_t;

  // Everything taken after mark() may be taken anew after release().
  Mark mark() const { return used_; }
  void release(Mark mark) { used_ = mark; }

  template <class T>
  T* take(int64_t count) {
    const size_t bytes = (count * sizeof(T) + 63) / 64 * 64;
    assert(used_ + bytes <= lines_.size() * 64 && "reserve() was given too little");
    T* piece = reinterpret_cast<T*>(reinterpret_cast<char*>(lines_.data()) + used_);
    used_ += bytes;
    return piece;
  }

  void reserve(size_t bytes) {
    if (lines_.size() * 64 < bytes) lines_.resize(bytes / 64 + 1);
  }

 private:
  struct alignas(64) Line {
    char bytes[64];
  };
  std::vector<Line> lines_;
  size_t used_ = 0;
};

Scratch& thread_scratch(size_t bytes) {
  static thread_local Scratch scratch;
  scratch.release(0);
  scratch.reserve(bytes);
  return scratch;
}

constexpr int64_t kBlock = 64;  // queries and keys of a tile

constexpr int64_t round_up(int64_t value, int64_t unit) { return (value + unit - 1) / unit * unit; }

}  // namespace
}  // namespace tripost::kernels

#define TRIPOST_KERNEL_BODY "kernels/attention_body.inc"
#include "kernels/for_each_level.inc"

namespace tripost::kernels {
namespace {

void forward_task(const AttentionShape& shape, const Task& task, const auto* qkv, auto* output,
                  float* log_sum_exp) {
  TRIPOST_AT_LEVEL(attend(shape, task, qkv, output, log_sum_exp));
}

void backward_task(const AttentionShape& shape, const Task& task, const auto& buffers) {
  TRIPOST_AT_LEVEL(attend_backward(shape, task, buffers));
}

}  // namespace

template <class Element>
void attention_forward(const AttentionShape& shape, const Element* qkv, Element* output,
                       float* log_sum_exp) {
  const std::vector<Task> tasks = list_tasks(shape);
  parallel_tasks(static_cast<int64_t>(tasks.size()),
                 [&](int64_t i) { forward_task(shape, tasks[i], qkv, output, log_sum_exp); });
}

template <class Element>
void attention_backward(const AttentionShape& shape, const Element* qkv, const Element* output,
                        const float* log_sum_exp, const Element* d_output, Element* d_qkv) {
  const std::vector<Task> tasks = list_tasks(shape);
  const BackwardBuffers<Element> buffers{qkv, output, log_sum_exp, d_output, d_qkv};
  parallel_tasks(static_cast<int64_t>(tasks.size()),
                 [&](int64_t i) { backward_task(shape, tasks[i], buffers); });
}

template void attention_forward(const AttentionShape&, const float*, float*, float*);
template void attention_forward(const AttentionShape&, const Bfloat16*, Bfloat16*, float*);
template void attention_backward(const AttentionShape&, const float*, const float*, const float*,
                                 const float*, float*);
template void attention_backward(const AttentionShape&, const Bfloat16*, const Bfloat16*,
                                 const float*, const Bfloat16*, Bfloat16*);

}  // namespace tripost::kernels
