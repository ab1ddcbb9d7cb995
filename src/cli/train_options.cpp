#include "cli/train_options.h"

namespace tripost {

TrainConfig TrainSettings::resolved() const {
  TrainConfig result = config;
  result.schedule = schedule == "constant" ? Schedule::kConstant
                    : schedule == "cosine" ? Schedule::kCosine
                                           : Schedule::kLinear;
  result.normalisation =
      normalisation == "weights" ? Normalisation::kWeights : Normalisation::kTokens;
  return result;
}

void add_train_options(Options& options, TrainSettings& settings, const std::string& prefix) {
  TrainConfig& config = settings.config;
  options.add(prefix + "learning-rate", &config.learning_rate, "peak learning rate").between(0, 1);
  options.add(prefix + "epochs", &config.epochs, "passes over the data").between(0, 1e6);
  options
      .add(prefix + "max-steps", &config.max_steps,
           "optimisation steps, whatever --epochs says; 0: from epochs")
      .between(0, 1e12);
  options
      .add(prefix + "batch-tokens", &config.batch_tokens,
           "tokens of an optimisation step, filled with whole examples")
      .between(1, 1e9);
  options
      .add(prefix + "micro-batch-tokens", &config.micro_batch_tokens,
           "tokens of one forward and backward pass")
      .between(1, 1e9);
  options
      .add(prefix + "max-length", &config.max_length,
           "longer examples are left out, counted and shown")
      .between(2, 1e7);
  options.add(prefix + "schedule", &settings.schedule, "learning rate after the warm-up")
      .choices({"linear", "cosine", "constant"});
  options
      .add(prefix + "warmup-ratio", &config.warmup_ratio,
           "share of the steps with a rising learning rate")
      .between(0, 1);
  options.add(prefix + "final-ratio", &config.final_ratio, "last learning rate over the peak")
      .between(0, 1);
  options
      .add(prefix + "start-share", &config.start_share,
           "how much of the weights it begins with the result keeps; the rest is the trained ones")
      .between(0, 1);
  options.add(prefix + "weight-decay", &config.weight_decay, "of matrices").between(0, 10);
  options.add(prefix + "adam-beta2", &config.beta2, "decay of the squared gradient's mean")
      .between(0, 1);
  options
      .add(prefix + "max-gradient-norm", &config.max_gradient_norm,
           "longer gradients are scaled down to this; 0: never")
      .between(0, 1e9);
  options
      .add(prefix + "normalisation", &settings.normalisation,
           "a step's loss is divided by its trained tokens or by their weights")
      .choices({"tokens", "weights"});
  options.add(prefix + "recompute", &config.recompute,
              "keep only each layer's input and compute the rest again: less memory, more time");
  options
      .add(prefix + "checkpoint-every", &config.checkpoint_every,
           "steps between checkpoints; 0: only when interrupted")
      .between(0, 1e9)
      .may_change();
}

}  // namespace tripost
