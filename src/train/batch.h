// A micro-batch as the model takes it: whole examples side by side in one row of tokens, with the
// target and the loss weight of each position.
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <vector>

#include "model/transformer.h"
#include "train/example.h"
#include "train/packing.h"
#include "train/trainer.h"

namespace tripost {

// Position t of an example predicts its target t + 1; the last position predicts nothing.
struct Batch {
  PackedTokens tokens;
  // int64: the positions with a weight above 0, whose hidden states go to the LM head. Undefined
  // when nearly all have one; then targets and weights cover every position.
  at::Tensor rows;
  at::Tensor targets;    // int64
  at::Tensor weights;    // float32
  bool trained = false;  // false: no position has a weight above 0
};

// `chosen` are positions in `examples`. Examples are not empty. The tokens, and the gathered rows,
// are filled up to a multiple of `row_multiple` with a sequence without weight, unless that would
// add more than a thirty-second. With `dropout_seed` each token's dropout follows from it, the
// example's index and the token's position.
Batch make_batch(const std::vector<const Example*>& examples, const Indices& chosen,
                 at::Device device, int64_t row_multiple = 1,
                 std::optional<uint64_t> dropout_seed = std::nullopt);

// By what the weighted losses of a step are divided; 0 when nothing in it has weight.
double loss_denominator(const std::vector<const Example*>& examples, const Indices& step,
                        Normalisation normalisation);

}  // namespace tripost
