// The weights of a Transformer as the products of generation want them.
//
// Packed for the processor where it can use that and the copy is affordable, else as they lie in
// the Transformer. A packed copy does not see later training: whoever keeps these from one run to
// the next compares the weights' fingerprint. They are only read, so decoders that work side by
// side share them.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "kernels/decode_attention_product.h"
#include "kernels/low_rank.h"
#include "model/transformer.h"

namespace tripost {

struct DecoderWeight {
  at::Tensor transposed;  // a view, as mm takes it
  at::Tensor bias;        // undefined where there is none
  std::unique_ptr<kernels::PackedWeight> packed;
  const kernels::LowRank* adapter = nullptr;  // nullptr where there is none

  // target = x * weight + bias, and the adapter's part.
  void product(const at::Tensor& x, const at::Tensor& target) const;
};

struct DecoderLayerWeights {
  DecoderWeight qkv, output, gate_up, down;
};

struct DecoderWeights {
  explicit DecoderWeights(Transformer& model);

  std::vector<DecoderLayerWeights> layers;
  DecoderWeight head;
};

// A checksum of every weight, the adapter's too, as they are now: what changes one changes this. As
// fast as memory is read, so about the time of one decoded token. 0 on CUDA, where nothing is kept.
uint64_t weights_fingerprint(Transformer& model);

}  // namespace tripost
