// The optimizer's passes over flat float32 buffers on the CPU.
#pragma once

#include <cstdint>

#include "kernels/bfloat16.h"

namespace tripost::kernels {

// What one AdamW step does to one weight, constants worked out beforehand.
template <class Element>
struct AdamWPass {
  float* master;
  float* m;
  float* v;
  float* gradient;       // set to zero
  Element* shadow;       // may be master
  const uint8_t* decay;  // 1 where shrink applies
  int64_t count;
  float gradient_scale, epsilon;
  float m_rate, v_rate;  // 1 - beta1, 1 - beta2
  float shrink;          // learning rate * weight decay
  float step_size;       // learning rate / (1 - beta1^step)
  float root_factor;     // 1 / sqrt(1 - beta2^step)
};

template <class Element>
void adamw_pass(const AdamWPass<Element>& pass);

// In float64, summed in an order that does not depend on the number of threads.
double sum_of_squares(const float* values, int64_t count);

}  // namespace tripost::kernels
