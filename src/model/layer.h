// One transformer layer on packed tokens, for training and for scoring; internal to
// model/transformer.
//
// The residual travels as a pair so that each addition fuses with the norm that follows it: a layer
// takes the sum and that sum normalised for it, and returns the sum after it and that sum
// normalised for whoever comes next.
#pragma once

#include <ATen/core/Tensor.h>

#include "model/transformer.h"

namespace tripost {

struct Stream {
  at::Tensor residual;    // [T, D]
  at::Tensor normalised;  // [T, D]
};

struct LayerContext {
  at::Tensor cos, sin;  // float32 [T, E / 2], of each token's position
  at::Tensor starts;    // int32 [S + 1], on the CPU
  int64_t num_heads;
  int64_t num_kv_heads;
  int64_t head_dim;
  double epsilon;
  int64_t window;           // of this layer; 0: none
  at::Tensor dropout_keys;  // of PackedTokens
};

// qkv [T, (H + 2K) * E] with each head's query and key normalised; qkv itself where the layer has
// no such norm.
at::Tensor normalise_heads(const at::Tensor& qkv, const Layer& layer, int64_t num_heads,
                           int64_t num_kv_heads, double epsilon);

Stream run_layer(const LayerContext& context, const Layer& layer, const Parameter& next_norm,
                 const Stream& input);

// The same numbers, keeping only `input`: backward runs the layer again. `layer` and `next_norm`
// must outlive backward.
Stream recomputed_layer(const LayerContext& context, const Layer& layer, const Parameter& next_norm,
                        const Stream& input);

}  // namespace tripost
