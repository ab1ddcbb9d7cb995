// Seconds that the operations of a training step take, by their kind, through ATen's
// RecordFunction: forward by the names that kernels/operations.cpp gives, backward by autograd's
// nodes.
//
// Promises that no time is counted twice: an operation's is without that of those it calls. Sums
// over all threads. What has no kind (copies, autograd's own work) is not seen.
#pragma once

#include <array>
#include <cstdint>

namespace tripost {

enum class Kind {
  kProduct,
  kAttention,
  kAttentionBackward,
  kNorm,
  kRope,
  kSwiglu,
  kLoss,            // softmax and cross-entropy, without the LM head's products
  kWeightGradient,  // adding products and rows into the gradients
  kCount
};

inline constexpr std::array<const char*, static_cast<std::size_t>(Kind::kCount)> kKindNames = {
    "products", "attention", "attention backward",     "norm", "rope",
    "swiglu",   "loss",      "adding weight gradients"};

// From here on, for the whole process. Costs up to a microsecond an operation.
void begin_profile();

// Since the last call, in the order of Kind.
std::array<double, kKindNames.size()> take_profile();

}  // namespace tripost
