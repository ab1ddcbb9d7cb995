// Row-wise and element-wise kernels of the CPU, forward and backward, on plain pointers:
// normalisation, rotary embedding, gated activation, softmax rows of the loss, embedding gradients.
//
// Matrices are contiguous by rows. float32 inside; results do not depend on the number of threads.
#pragma once

#include <cstdint>

#include "kernels/bfloat16.h"

namespace tripost::kernels {

// x [rows, width], residual of the same shape or nullptr. With a residual, sum = residual + x is
// written and normalised.
template <class Element>
struct NormForward {
  const Element* x;
  const Element* residual;
  const Element* weight;  // [width]
  Element* sum;
  Element* normalised;
  float* inverse;  // [rows]: 1 / sqrt(mean(sum^2) + epsilon)
  int64_t rows, width;
  float epsilon;
};

template <class Element>
struct NormBackward {
  const Element* x;             // what was normalised
  const Element* weight;        // [width]
  const float* inverse;         // [rows]
  const Element* d_normalised;  // [rows, width]
  const Element* d_sum;         // gradient that x gets from elsewhere, or nullptr
  Element* d_x;                 // [rows, width]
  float* weight_gradient;       // [width], added to; nullptr when the weight is not trained
  int64_t rows, width;
};

template <class Element>
void norm_forward(const NormForward<Element>& work);
template <class Element>
void norm_backward(const NormBackward<Element>& work);

// Rotates the first `rotated` of `heads` heads of each token by its angles; the others are copied.
// direction -1 undoes 1.
template <class Element>
struct Rotation {
  const Element* from;  // [tokens, heads * 2 * half]
  Element* to;
  const float* cos;  // [tokens, half]
  const float* sin;
  int64_t tokens, heads, rotated, half;
  float direction;
};
template <class Element>
void rotate(const Rotation<Element>& work);

// gate_up [rows, 2 * width] -> silu(gate) * up.
template <class Element>
void swiglu_forward(const Element* gate_up, Element* output, int64_t rows, int64_t width);
template <class Element>
void swiglu_backward(const Element* gate_up, const Element* d_output, Element* d_gate_up,
                     int64_t rows, int64_t width);

// Per row: the log-probability of its target; then, unless factors is nullptr, logits become
// factors[row] * (softmax - one_hot(target)), the gradient of -factors[row] * log p.
template <class Element>
struct SoftmaxRows {
  Element* logits;         // [rows, width]
  const int64_t* targets;  // [rows]
  const float* factors;    // [rows] or nullptr
  float* log_probabilities;
  int64_t rows, width;
};
template <class Element>
void softmax_rows(const SoftmaxRows<Element>& work);

// gradient[ids[t]] += rows[t] for all t in order.
template <class Element>
void scatter_add_rows(const int64_t* ids, const Element* rows, float* gradient, int64_t count,
                      int64_t width);

// to[i] += from[i].
template <class Element>
void add_into(const Element* from, float* to, int64_t count);

}  // namespace tripost::kernels
