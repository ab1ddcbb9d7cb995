// The options of a LoRA adapter, for the commands that train.
#pragma once

#include "model/lora_config.h"
#include "run/options.h"

namespace tripost {

// Without --lora-rank all weights train.
void add_lora_options(Options& options, LoraConfig& lora);

// The targets checked and in their order; a UsageError names one that there is not, and a setting
// of an adapter that has no rank.
LoraConfig resolved_lora(const LoraConfig& lora);

}  // namespace tripost
