// Keys and values of many sequences, and attention of one step's tokens over them.
//
// A step mixes prefill chunks and single decoded tokens; rows of one sequence lie side by side.
// Attention is causal, all query heads of a kv head share one reading of it, and what a token gets
// does not depend on how its sequence was cut into chunks or on the other sequences. Nothing here
// is differentiable; the training path is packed_attention.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <span>
#include <vector>

namespace tripost::kernels {

class PagePool;

struct CacheShape {
  int64_t num_layers = 0;
  int64_t num_heads = 0;
  int64_t num_kv_heads = 0;
  int64_t head_dim = 0;
  int64_t num_slots = 0;        // sequences at the same time
  int64_t tokens_per_slot = 0;  // the longest sequence
  int64_t total_tokens = 0;     // of all sequences together
  double scale = 1.0;
  // Of each layer: tokens that a token sees, itself included; 0: all before it. Empty: 0 for all.
  std::vector<int64_t> windows;

  int64_t window(int64_t layer) const { return windows.empty() ? 0 : windows[layer]; }
};

// The rows of one sequence in a step: its last `num_rows` tokens.
struct StepSequence {
  int32_t slot;
  int32_t first_row;
  int32_t num_rows;
  int32_t length;  // tokens in the cache once this step's are stored
};

class KeyValueCache {
 public:
  virtual ~KeyValueCache() = default;

  // Sets room aside for a sequence of up to `tokens` in an empty slot; false when too little is
  // free.
  virtual bool reserve(int32_t slot, int64_t tokens) = 0;
  // The longest start of `tokens` that released sequences left becomes that of an empty, reserved
  // slot; how many tokens that is.
  virtual int64_t reuse(int32_t slot, std::span<const int32_t> tokens) = 0;
  // `tokens`: what the slot holds, left for others that start so; empty: nothing is left.
  virtual void release(int32_t slot, std::span<const int32_t> tokens = {}) = 0;
  // The first `tokens` of `from` become those of `to`, which is reserved and still empty.
  virtual void copy(int32_t from, int32_t to, int64_t tokens) = 0;

  // Call once a step, before the first layer.
  virtual void begin_step(const std::vector<StepSequence>& sequences) = 0;
  // qkv [T, (H + 2K) * E] before rope, overwritten; output [T, H * E].
  virtual void attend(int64_t layer, const at::Tensor& qkv, const at::Tensor& output) = 0;
};

// Memory for `tokens` of caches of this shape, which decode side by side with the same weights.
std::shared_ptr<PagePool> make_page_pool(const CacheShape& shape, at::ScalarType dtype,
                                         int64_t tokens, bool retains);

// Pages of 64 tokens on the CPU, with kernels for the instruction set that the machine has. cos,
// sin: float32 [positions, E / 2]. The cache takes up to shape.total_tokens from `pages`, beside
// others; without, it has its own and retains nothing. `kernel` picks one of
// runnable_cache_kernels() instead of the best.
std::unique_ptr<KeyValueCache> make_paged_cache(const CacheShape& shape, at::ScalarType dtype,
                                                const at::Tensor& cos, const at::Tensor& sin,
                                                std::shared_ptr<PagePool> pages = nullptr,
                                                int64_t kernel = -1);

// One stretch of memory per slot on any device, through ATen: what CUDA uses, and what tests
// compare the CPU's with. What a released sequence held is gone: reuse() finds nothing.
std::unique_ptr<KeyValueCache> make_slot_cache(const CacheShape& shape, at::ScalarType dtype,
                                               const at::Tensor& cos, const at::Tensor& sin);

}  // namespace tripost::kernels
