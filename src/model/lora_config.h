// The settings of a LoRA adapter. No tensors here, so that who only sets them need not know
// LibTorch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tripost {

// The linear layers that an adapter can sit on, by their names in Hugging Face checkpoints.
inline const std::vector<std::string> kAdaptableModules = {
    "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"};

struct LoraConfig {
  int64_t rank = 0;                                      // 0: no adapter
  double alpha = 0;                                      // 0: twice the rank
  std::vector<std::string> targets = kAdaptableModules;  // of kAdaptableModules
  bool rank_stabilised =
      false;  // scale by alpha / sqrt(rank) (Kalajdzievski 2023), not alpha / rank
  double dropout =
      0;  // share of an adapted layer's input that its adapter does not see in training
  uint64_t seed = 42;  // of a new adapter's A

  double resolved_alpha() const { return alpha > 0 ? alpha : 2.0 * static_cast<double>(rank); }
};

}  // namespace tripost
