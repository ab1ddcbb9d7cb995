#include "train/fingerprint.h"

#include <fmt/ranges.h>

#include "train/checkpoint.h"

namespace tripost {
namespace {

// Each example's checksum, then one over all of those: which example holds which tokens counts.
std::string examples_checksum(const std::vector<Example>& examples) {
  std::string parts;
  for (const Example& example : examples) {
    parts += checksum(example.ids.data(), example.ids.size() * sizeof(int32_t));
    parts += checksum(example.weights.data(), example.weights.size() * sizeof(float));
    parts += checksum(example.targets.data(), example.targets.size() * sizeof(int32_t));
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

// What an adapter's weights alone do not tell.
void add_adapter(Json& run, Transformer& model) {
  const LoraConfig& adapter = model.adapter_config();
  run["lora_alpha"] = adapter.resolved_alpha();
  run["lora_rank_stabilised"] = adapter.rank_stabilised;
  run["lora_dropout"] = adapter.dropout;
  run["lora_targets"] = fmt::format("{}", fmt::join(adapter.targets, " "));
  const at::Tensor base = model.values().cpu();
  run["base_weights"] = checksum(base.const_data_ptr(), base.nbytes());
}

}  // namespace

Json run_fingerprint(const TrainConfig& config, const std::vector<Example>& examples,
                     Transformer& model) {
  Json run = {
      {"examples", examples_checksum(examples)},
      {"starting_weights", checksum(model.trained().master)},
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
      {"start_share", config.start_share},
      {"seed", config.seed},
  };
  if (model.has_adapter()) add_adapter(run, model);
  return run;
}

}  // namespace tripost
