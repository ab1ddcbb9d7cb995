// What the workers of one engine share, and what an Engine keeps from one call to the next: the
// weights as generation wants them, and the memory of keys and values that were made with them.
//
// Made and dropped together, so that no keys outlive the weights they are of. Whether the weights
// are still the same is read off the weights themselves: nobody has to tell of a change. On CUDA
// there are no pages: each worker's cache has its own memory and retains nothing.
#pragma once

#include <cstdint>
#include <memory>

#include "kernels/decode_attention_pages.h"
#include "model/decoder_weights.h"
#include "model/transformer.h"

namespace tripost {

struct Resources {
  // Room for `needed` tokens of cache, and when it `retains` what finished sequences leave, for
  // more, up to `limit`.
  Resources(Transformer& model, int64_t needed, int64_t limit, bool retains);

  // That all of the model's weights are those that this was made of, and `needed` tokens have room.
  bool serve(Transformer& model, int64_t needed) const;

  int64_t cached_tokens() const;  // that there is room for
  int64_t held_tokens() const;    // whose memory is in use
  // See PagePool::limit().
  void limit(int64_t tokens) const;

  uint64_t fingerprint;
  std::shared_ptr<const DecoderWeights> weights;
  std::shared_ptr<kernels::PagePool> pages;
};

}  // namespace tripost
