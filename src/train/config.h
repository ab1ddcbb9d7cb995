// The settings of supervised training and what a training run reports. No tensors here, so that who
// only sets them need not know LibTorch.
#pragma once

#include <cstdint>

namespace tripost {

enum class Schedule { kConstant, kLinear, kCosine };  // each after a linear warm-up from 0

// How a micro-batch's weighted losses are divided (docs/decisions/).
enum class Normalisation {
  kWeights,  // by the sum of the weights of the whole optimisation step: every weighted token
             // counts the same
  kTokens,   // by the number of trained tokens of the whole step (paper section 3.3 without its
             // padding)
};

struct TrainConfig {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.01;
  double max_gradient_norm = 1.0;  // 0 = no clipping
  Schedule schedule = Schedule::kLinear;
  double warmup_ratio = 0.1;
  double final_ratio = 0.0;  // learning rate at the end over its peak
  double epochs = 4.0;
  int64_t max_steps = 0;              // 0: from epochs
  int64_t batch_tokens = 4096;        // tokens per optimisation step, filled with whole examples
  int64_t micro_batch_tokens = 4096;  // tokens per forward and backward
  int64_t max_length = 2048;          // longer examples are counted, shown and left out
  Normalisation normalisation = Normalisation::kTokens;
  double start_share = 0.0;  // the result is start_share * starting weights + the rest * trained
                             // ones (WiSE-FT, arXiv 2109.01903, equation 1)
  bool recompute = false;
  uint64_t seed = 42;
  int64_t checkpoint_every = 0;  // steps; 0 = never
};

struct TrainMetrics {
  int64_t step = 0;
  int64_t total_steps = 0;
  double loss = 0;
  double learning_rate = 0;
  double gradient_norm = 0;
  int64_t tokens = 0;  // so far
  double tokens_per_second = 0;
};

struct TrainResult {
  int64_t steps = 0;
  int64_t steps_without_weight =
      0;  // nothing to learn in them: counted, the weights left as they were
  int64_t tokens = 0;
  int64_t examples_too_long = 0;  // left out, counted
  double final_loss = 0;          // mean over the last tenth of the steps
  double seconds = 0;             // of this call, not of runs it goes on from
};

}  // namespace tripost
