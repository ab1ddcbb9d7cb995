#include "cli/lora_options.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"

namespace tripost {
namespace {

// Without a rank there is no new adapter for the other settings to be of.
void check_rank_given(const LoraConfig& lora) {
  if (lora.rank > 0) return;
  const char* setting = lora.alpha > 0                      ? "--lora-alpha"
                        : lora.dropout > 0                  ? "--lora-dropout"
                        : lora.targets != kAdaptableModules ? "--lora-targets"
                                                            : nullptr;
  if (setting != nullptr)
    fail_usage(
        "{}: there is no new adapter without --lora-rank; give it too, such as "
        "--lora-rank 16, or leave {} out",
        setting, setting);
}

}  // namespace

void add_lora_options(Options& options, LoraConfig& lora) {
  options
      .add("lora-rank", &lora.rank,
           "train an adapter of this rank beside the frozen weights (LoRA), saved as a PEFT "
           "adapter; 0: train all weights")
      .between(0, 65536);
  options
      .add("lora-alpha", &lora.alpha,
           "the adapter's part is scaled by alpha / rank; 0: twice the rank")
      .between(0, 1e9);
  options
      .add("lora-dropout", &lora.dropout,
           "share of a linear layer's input that its adapter does not see in a training step")
      .between(0, 0.99);
  options.add("lora-targets", &lora.targets,
              "linear layers that get an adapter; as a rule all of them");
}

LoraConfig resolved_lora(const LoraConfig& lora) {
  LoraConfig resolved = lora;
  for (const std::string& name : lora.targets) {
    if (std::find(kAdaptableModules.begin(), kAdaptableModules.end(), name) !=
        kAdaptableModules.end())
      continue;
    const std::string nearest = nearest_name(name, kAdaptableModules);
    fail_usage("--lora-targets: there is no linear layer \"{}\"{}; choose from {}", name,
               nearest.empty() ? "" : fmt::format(", did you mean \"{}\"?", nearest),
               fmt::join(kAdaptableModules, ", "));
  }
  check_rank_given(lora);
  resolved.targets.clear();
  std::copy_if(kAdaptableModules.begin(), kAdaptableModules.end(),
               std::back_inserter(resolved.targets), [&](const std::string& name) {
                 return std::find(lora.targets.begin(), lora.targets.end(), name) !=
                        lora.targets.end();
               });
  return resolved;
}

}  // namespace tripost
