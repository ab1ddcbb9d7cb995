#include "train/fingerprint.h"

#include "train/checkpoint.h"

namespace tripost {
namespace {

// Each example's checksum, then one over all of those: which example holds which tokens counts.
std::string examples_checksum(const std::vector<Example>& examples) {
  std::string parts;
  for (const Example& example : examples) {
    parts += checksum(example.ids.data(), example.ids.size() * sizeof(int32_t));
    parts += checksum(example.weights.data(), example.weights.size() * sizeof(float));
  }
  return checksum(parts.data(), parts.size());
}

const char* name_of(Schedule schedule) {
  switch (schedule) {
    case Schedule::kConstant:
      return "constant";
    case Schedule::kLinear:
      return "linear";
    case Schedule::kCosine:
      return "cosine";
  }
  return "";
}

}  // namespace

Json run_fingerprint(const TrainConfig& config, const std::vector<Example>& examples,
                     Transformer& model) {
  return {
      {"examples", examples_checksum(examples)},
      {"starting_weights", checksum(model.master())},
      {"dtype", model.dtype() == at::kFloat ? "float32" : "bfloat16"},
      {"learning_rate", config.learning_rate},
      {"beta1", config.beta1},
      {"beta2", config.beta2},
      {"epsilon", config.epsilon},
      {"weight_decay", config.weight_decay},
      {"max_gradient_norm", config.max_gradient_norm},
      {"schedule", name_of(config.schedule)},
      {"warmup_ratio", config.warmup_ratio},
      {"final_ratio", config.final_ratio},
      {"epochs", config.epochs},
      {"max_steps", config.max_steps},
      {"batch_tokens", config.batch_tokens},
      {"max_length", config.max_length},
      {"normalisation", config.normalisation == Normalisation::kWeights ? "weights" : "tokens"},
      {"seed", config.seed},
  };
}

}  // namespace tripost
