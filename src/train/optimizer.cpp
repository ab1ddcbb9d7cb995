#include "train/optimizer.h"

#include <ATen/ops/zeros_like.h>

#include <cassert>
#include <cmath>

#include "kernels/operations.h"

namespace tripost {

Optimizer::Optimizer(Transformer& model, const TrainConfig& config)
    : model_(model),
      config_(config),
      m_(at::zeros_like(model.trained().gradients)),
      v_(at::zeros_like(model.trained().gradients)),
      decay_(model.decay_mask()) {
  assert(model.training_enabled());
}

double Optimizer::gradient_norm() {
  return std::sqrt(kernels::squared_norm(model_.trained().gradients));
}

void Optimizer::apply(double learning_rate, double norm) {
  const double limit = config_.max_gradient_norm;
  kernels::AdamW options;
  options.learning_rate = learning_rate;
  options.beta1 = config_.beta1;
  options.beta2 = config_.beta2;
  options.epsilon = config_.epsilon;
  options.weight_decay = config_.weight_decay;
  options.step = ++updates_;
  options.gradient_scale = limit > 0 && norm > limit ? limit / norm : 1.0;
  FlatBuffers& trained = model_.trained();
  kernels::adamw_step(options, trained.master, m_, v_, trained.gradients, trained.values, decay_);
}

}  // namespace tripost
