// Causal attention over packed sequences on the CPU, forward and backward, on plain pointers.
//
// Blocks of keys meet blocks of queries as in FlashAttention (Dao et al. 2022): the forward keeps
// only the output and each query's log-sum-exp, the backward computes probabilities anew. Grouped
// heads share their keys and values as they are. One task per sequence and key/value head owns all
// it writes, so results do not depend on the number of threads. The arithmetic is float32; with
// AVX-512 and bfloat16 input the products are bfloat16 with float32 sums.
#pragma once

#include <cstdint>

#include "kernels/bfloat16.h"

namespace tripost::kernels {

struct AttentionShape {
  const int32_t* starts;  // [num_sequences + 1]
  int64_t num_sequences;
  int64_t num_heads;
  int64_t num_kv_heads;
  int64_t head_size;
  float scale;
  int64_t window;  // tokens that a query sees, itself included; 0: all before it

  int64_t num_tokens() const { return starts[num_sequences]; }
  int64_t row_width() const { return (num_heads + 2 * num_kv_heads) * head_size; }
};

// qkv [T, (H + 2K) * E] -> output [T, H * E] and log_sum_exp [H, T], the latter in base 2 of the
// scaled scores.
template <class Element>
void attention_forward(const AttentionShape& shape, const Element* qkv, Element* output,
                       float* log_sum_exp);

// Writes all of d_qkv, shaped like qkv.
template <class Element>
void attention_backward(const AttentionShape& shape, const Element* qkv, const Element* output,
                        const float* log_sum_exp, const Element* d_output, Element* d_qkv);

}  // namespace tripost::kernels
