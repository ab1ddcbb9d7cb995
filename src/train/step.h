// Loss and gradients of one optimisation step: forward and backward of its micro-batches.
//
// With one stream the micro-batches run one after the other and each operation uses every thread.
// With W streams (CPU only) W micro-batches run side by side, one thread each, into gradient
// buffers of their own that are added up in a fixed order. That was 1.4 to 3 times as fast on two
// busy cores for 0.8M to 52M parameters, because operations do not wait for threads. Either way the
// result depends on nothing but the batches, the weights and the number of threads.
#pragma once

#include <cstdint>
#include <vector>

#include "model/transformer.h"
#include "train/batch.h"

namespace tripost {

class StepRunner {
 public:
  // `model` has training enabled and outlives this.
  StepRunner(Transformer& model, int64_t streams, bool recompute);

  // Adds the gradients of the step's loss to model.trained().gradients and returns the loss.
  double run(const std::vector<Batch>& batches, double denominator);

  int64_t streams() const { return 1 + static_cast<int64_t>(replicas_.size()); }

 private:
  double run_in_turn(const std::vector<Batch>& batches, double denominator);
  void run_stream(std::size_t stream, const std::vector<Batch>& batches, double denominator,
                  std::vector<double>& losses);
  double run_side_by_side(const std::vector<Batch>& batches, double denominator);

  Transformer& model_;
  std::vector<Transformer> replicas_;  // the model's weights, gradients of their own
  bool recompute_;
};

// Streams that pay for this model on this machine: one per thread on the CPU while the gradient
// buffers stay small, else 1. Who recomputes wants to save memory: then only very small ones count.
int64_t useful_streams(Transformer& model, bool recompute);

}  // namespace tripost
