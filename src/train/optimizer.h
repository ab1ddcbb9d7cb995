// AdamW over the flat buffers of what trains, with clipping by the global norm. Owns the moments;
// the arithmetic is the kernel's.
#pragma once

#include <ATen/core/Tensor.h>

#include "model/transformer.h"
#include "train/trainer.h"

namespace tripost {

class Optimizer {
 public:
  // `model` has training enabled and outlives this.
  Optimizer(Transformer& model, const TrainConfig& config);

  // Norm of all gradients together, before clipping. NaN or Inf when one of them is.
  double gradient_norm();

  // Scales the gradients down to max_gradient_norm when `norm` (from gradient_norm) is above it,
  // updates master weights and values, and sets the gradients to zero.
  void apply(double learning_rate, double norm);

  at::Tensor& m() { return m_; }
  at::Tensor& v() { return v_; }
  // Updates applied so far; bias correction depends on it. Restored from a checkpoint.
  int64_t updates() const { return updates_; }
  void set_updates(int64_t updates) { updates_ = updates; }

 private:
  Transformer& model_;
  TrainConfig config_;
  at::Tensor m_, v_;  // float32 [N]
  at::Tensor decay_;  // uint8 [N]
  int64_t updates_ = 0;
};

}  // namespace tripost
