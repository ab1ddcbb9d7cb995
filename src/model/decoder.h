// The network for generation: one step of tokens of many sequences through all layers over a
// key-value cache.
//
// Prefill chunks and single decoded tokens go side by side through the same matrix products.
// Buffers are made once for the largest step. Nothing here is differentiable.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "kernels/decode_attention.h"
#include "model/decoder_weights.h"
#include "model/transformer.h"

namespace tripost {

struct DecoderOptions {
  int64_t max_rows = 0;         // tokens in a step
  int64_t num_slots = 0;        // sequences at the same time
  int64_t tokens_per_slot = 0;  // the longest sequence
  int64_t total_tokens = 0;     // cached, of all sequences together
};

struct DecoderStep {
  std::vector<int64_t> ids;  // the tokens of all sequences, side by side
  std::vector<kernels::StepSequence> sequences;
  std::vector<int64_t> logits_rows;  // the rows whose next token is wanted; at least one, ascending
};

// Seconds since construction. On CUDA work is only launched in them.
struct DecoderTimes {
  double matrix_products = 0;
  double attention = 0;
  double rest = 0;
};

class Decoder {
 public:
  // The cache takes its memory from `pages`, which other decoders of the same weights use, too;
  // without, or on CUDA, it has its own.
  Decoder(Transformer& model, const DecoderOptions& options,
          std::shared_ptr<const DecoderWeights> weights,
          std::shared_ptr<kernels::PagePool> pages = nullptr);
  ~Decoder();

  kernels::KeyValueCache& cache() { return *cache_; }

  // Logits [logits_rows, V] in the compute dtype, valid until the next step.
  const at::Tensor& forward(const DecoderStep& step);

  const DecoderTimes& times() const { return times_; }

  // Bytes of cache that one token takes.
  static int64_t cache_bytes_per_token(const Transformer& model);

  // For `tokens` of the caches of decoders that work side by side; nullptr on CUDA.
  static std::shared_ptr<kernels::PagePool> make_page_pool(const Transformer& model, int64_t tokens,
                                                           bool retains);

 private:
  struct Buffers;
  void layer(int64_t index, const DecoderStep& step);

  Transformer& model_;
  std::shared_ptr<const DecoderWeights> weights_;
  std::unique_ptr<kernels::KeyValueCache> cache_;
  std::unique_ptr<Buffers> buffers_;
  DecoderTimes times_;
};

}  // namespace tripost
