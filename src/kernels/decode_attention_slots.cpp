#include <ATen/TensorOperators.h>
#include <ATen/ops/_flash_attention_forward.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/repeat_interleave.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cassert>
#include <optional>

#include "kernels/decode_attention.h"
#include "kernels/flash_attention.h"
#include "kernels/reference.h"

namespace tripost::kernels {
namespace {

class SlotCache : public KeyValueCache {
 public:
  SlotCache(const CacheShape& shape, at::ScalarType dtype, const at::Tensor& cos,
            const at::Tensor& sin)
      : shape_(shape), cos_(cos), sin_(sin), used_(shape.num_slots, false) {
    const auto options = cos.options().dtype(dtype);
    keys_ = at::zeros({shape.num_layers, shape.num_slots * shape.tokens_per_slot,
                       shape.num_kv_heads, shape.head_dim},
                      options);
    values_ = at::zeros(keys_.sizes(), options);
  }

  bool reserve(int32_t slot, int64_t tokens) override {
    assert(!used_[slot]);
    if (tokens > shape_.tokens_per_slot) return false;
    used_[slot] = true;
    return true;
  }

  int64_t reuse(int32_t, std::span<const int32_t>) override { return 0; }

  void release(int32_t slot, std::span<const int32_t>) override { used_[slot] = false; }

  void copy(int32_t from, int32_t to, int64_t tokens) override {
    for (const at::Tensor& cache : {keys_, values_}) {
      cache.narrow(1, to * shape_.tokens_per_slot, tokens)
          .copy_(cache.narrow(1, from * shape_.tokens_per_slot, tokens));
    }
  }

  void begin_step(const std::vector<StepSequence>& sequences) override {
    sequences_ = &sequences;
    std::vector<int64_t> places, positions;
    std::vector<int32_t> starts, offsets, lengths;
    longest_query_ = longest_ = 0;
    for (const StepSequence& sequence : sequences) {
      const int64_t offset = sequence.slot * shape_.tokens_per_slot;
      assert(sequence.first_row == static_cast<int64_t>(places.size()));
      starts.push_back(sequence.first_row);
      offsets.push_back(static_cast<int32_t>(offset));
      lengths.push_back(sequence.length);
      longest_ = std::max<int64_t>(longest_, sequence.length);
      longest_query_ = std::max<int64_t>(longest_query_, sequence.num_rows);
      for (int64_t position = sequence.length - sequence.num_rows; position < sequence.length;
           ++position) {
        places.push_back(offset + position);
        positions.push_back(position);
      }
    }
    starts.push_back(static_cast<int32_t>(places.size()));
    offsets.push_back(offsets.back());  // an end that seqused_k makes irrelevant
    const at::Tensor index = on_device(positions, at::kLong);
    step_cos_ = at::index_select(cos_, 0, index);
    step_sin_ = at::index_select(sin_, 0, index);
    places_ = on_device(places, at::kLong);
    starts_ = on_device(starts, at::kInt);
    offsets_ = on_device(offsets, at::kInt);
    lengths_ = on_device(lengths, at::kInt);
  }

  void attend(int64_t layer, const at::Tensor& qkv, const at::Tensor& output) override {
    const int64_t heads = shape_.num_heads, kv_heads = shape_.num_kv_heads;
    const at::Tensor rotated = reference::rope(qkv, step_cos_, step_sin_, heads, kv_heads)
                                   .view({qkv.size(0), heads + 2 * kv_heads, shape_.head_dim});
    at::Tensor keys = keys_.select(0, layer), values = values_.select(0, layer);
    keys.index_copy_(0, places_, rotated.narrow(1, heads, kv_heads));
    values.index_copy_(0, places_, rotated.narrow(1, heads + kv_heads, kv_heads));
    const at::Tensor queries = rotated.narrow(1, 0, heads);
    at::Tensor target = output.view({qkv.size(0), heads, shape_.head_dim});
    if (qkv.is_cuda() && qkv.scalar_type() == at::kBFloat16) {
      // Lengths stay on the device: offsets say where a slot starts, seqused_k how much of it is
      // filled. The arguments up to seqused_k are the same from 2.11 to 2.13.
      target.copy_(std::get<0>(at::_flash_attention_forward(
          queries, keys, values, starts_, offsets_, longest_query_, longest_, /*dropout_p=*/0.0,
          /*is_causal=*/true,
          /*return_debug_mask=*/false, std::optional<double>(shape_.scale),
          flash_window_left(shape_.window(layer)), std::nullopt, lengths_)));
      return;
    }
    for (const StepSequence& sequence : *sequences_)
      attend_one(sequence, shape_.window(layer), queries, keys, values, target);
  }

 private:
  template <class T>
  at::Tensor on_device(std::vector<T>& values, at::ScalarType dtype) const {
    return at::from_blob(values.data(), {static_cast<int64_t>(values.size())}, dtype)
        .to(cos_.device(), false, true);
  }

  // Heads first: [1, heads, tokens, E].
  static at::Tensor heads_first(const at::Tensor& x) { return x.transpose(0, 1).unsqueeze(0); }

  void attend_one(const StepSequence& sequence, int64_t window, const at::Tensor& queries,
                  const at::Tensor& keys, const at::Tensor& values, at::Tensor& target) const {
    const int64_t group = shape_.num_heads / shape_.num_kv_heads,
                  offset = sequence.slot * shape_.tokens_per_slot;
    const at::Tensor key = keys.narrow(0, offset, sequence.length).repeat_interleave(group, 1);
    const at::Tensor value = values.narrow(0, offset, sequence.length).repeat_interleave(group, 1);
    const auto options = keys.options().dtype(at::kLong);
    const at::Tensor seen = at::arange(sequence.length, options).unsqueeze(0);
    const at::Tensor last =
        at::arange(sequence.length - sequence.num_rows, sequence.length, options).unsqueeze(1);
    at::Tensor mask = seen.le(last);
    if (window > 0) mask = mask.logical_and(seen.gt(last - window));
    const at::Tensor rows = queries.narrow(0, sequence.first_row, sequence.num_rows);
    const at::Tensor attended = at::scaled_dot_product_attention(
        heads_first(rows), heads_first(key), heads_first(value), mask, 0.0, false, shape_.scale);
    target.narrow(0, sequence.first_row, sequence.num_rows)
        .copy_(attended.squeeze(0).transpose(0, 1));
  }

  CacheShape shape_;
  at::Tensor cos_, sin_, keys_, values_;
  std::vector<bool> used_;
  const std::vector<StepSequence>* sequences_ = nullptr;
  at::Tensor step_cos_, step_sin_, places_, starts_, offsets_, lengths_;
  int64_t longest_query_ = 0, longest_ = 0;
};

}  // namespace

std::unique_ptr<KeyValueCache> make_slot_cache(const CacheShape& shape, at::ScalarType dtype,
                                               const at::Tensor& cos, const at::Tensor& sin) {
  return std::make_unique<SlotCache>(shape, dtype, cos, sin);
}

}  // namespace tripost::kernels
