// A weight as kernels see it: its value in the compute dtype and, when trained, where its gradient
// accumulates.
//
// Kernels that take a Parameter add its gradient into `gradient` during backward themselves (fp32,
// in place); autograd carries only activations. So gradients accumulate over micro-batches without
// autograd's per-leaf bookkeeping, and all of a model's gradients live in one flat buffer that the
// optimizer passes over once.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace tripost {

struct Parameter {
  std::string name;  // as in the Hugging Face checkpoint
  at::Tensor value;  // compute dtype (float32 or bfloat16), contiguous; requires_grad exactly when
                     // it is trained
  at::Tensor gradient;  // float32, same shape, contiguous; undefined when not trained
};

}  // namespace tripost
