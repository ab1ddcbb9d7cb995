#include <ATen/Parallel.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include "kernels/decode_attention.h"
#include "kernels/decode_attention_cpu.h"
#include "kernels/decode_attention_pages.h"
#include "kernels/parallel.h"

namespace tripost::kernels {
namespace {

constexpr int64_t kTaskTokens =
    32;  // a longer prefill chunk becomes several tasks, so that threads can share it
constexpr int64_t kStoreGrain = 64;

int64_t element_bytes(at::ScalarType dtype) { return dtype == at::kFloat ? 4 : 2; }

int64_t key_bytes(const CacheShape& shape, at::ScalarType dtype) {
  return kPageTokens * shape.head_dim * element_bytes(dtype);
}

// Keys and values of one kv head.
int64_t head_bytes(const CacheShape& shape, at::ScalarType dtype) {
  return key_bytes(shape, dtype) +
         kPageTokens * padded_head_dim(shape.head_dim) * element_bytes(dtype);
}

int64_t pages_for(int64_t tokens) { return (tokens + kPageTokens - 1) / kPageTokens; }

struct Slot {
  std::vector<char*> pages;
  int64_t reserved = 0;  // pages
};

struct Item {
  const StepSequence* sequence;
  int64_t kv_head;
  int64_t first;  // token inside the sequence's rows
  int64_t count;
};

class PagedCache : public KeyValueCache {
 public:
  PagedCache(const CacheShape& shape, at::ScalarType dtype, const at::Tensor& cos,
             const at::Tensor& sin, const CacheKernelSet& kernels, std::shared_ptr<PagePool> pool)
      : shape_(shape),
        element_bytes_(element_bytes(dtype)),
        kernels_(dtype == at::kFloat ? kernels.float32 : kernels.bfloat16),
        cos_(cos),
        sin_(sin),
        key_bytes_(key_bytes(shape, dtype)),
        head_bytes_(head_bytes(shape, dtype)),
        num_pages_(pages_for(shape.total_tokens)),
        pool_(std::move(pool)),
        slots_(shape.num_slots) {
    assert(pool_->num_pages() >= num_pages_ &&
           pool_->page_bytes() == shape.num_layers * shape.num_kv_heads * head_bytes_);
    for (Slot& slot : slots_) slot.pages.reserve(pages_for(shape.tokens_per_slot));
  }

  // What still ran when a step failed leaves nothing.
  ~PagedCache() override {
    for (const Slot& slot : slots_) pool_->leave(slot.pages, {});
  }

  bool reserve(int32_t slot, int64_t tokens) override {
    assert(slots_[slot].reserved == 0);
    if (reserved_ + pages_for(tokens) > num_pages_) return false;
    slots_[slot].reserved = pages_for(tokens);
    reserved_ += slots_[slot].reserved;
    return true;
  }

  int64_t reuse(int32_t slot, std::span<const int32_t> tokens) override {
    assert(slots_[slot].pages.empty());
    return pool_->find(tokens, slots_[slot].pages);
  }

  void release(int32_t slot, std::span<const int32_t> tokens) override {
    pool_->leave(slots_[slot].pages, tokens);
    slots_[slot].pages.clear();
    reserved_ -= slots_[slot].reserved;
    slots_[slot].reserved = 0;
  }

  // Full pages are never written again and are shared; the last, half-full one is copied.
  void copy(int32_t from, int32_t to, int64_t tokens) override {
    assert(slots_[to].pages.empty());
    for (int64_t page = 0; page < tokens / kPageTokens; ++page) {
      slots_[to].pages.push_back(slots_[from].pages[page]);
      pool_->share(slots_[from].pages[page]);
    }
    if (tokens % kPageTokens == 0) return;
    slots_[to].pages.push_back(pool_->take());
    std::memcpy(slots_[to].pages.back(), slots_[from].pages[tokens / kPageTokens],
                static_cast<std::size_t>(pool_->page_bytes()));
  }

  void begin_step(const std::vector<StepSequence>& sequences) override {
    sequences_ = &sequences;
    int64_t longest = 0;
    for (const StepSequence& sequence : sequences) {
      longest = std::max<int64_t>(longest, sequence.length);
      auto& pages = slots_[sequence.slot].pages;
      while (static_cast<int64_t>(pages.size()) < pages_for(sequence.length))
        pages.push_back(pool_->take());
    }
    list_items();
    scratch_bytes_ = (attention_scratch_bytes(longest, shape_.head_dim) + 127) / 64 * 64;
    const std::size_t needed = (borders_.size() - 1) * scratch_bytes_;
    if (scratch_.size() < needed) scratch_.resize(needed * 5 / 4);
  }

  void attend(int64_t layer, const at::Tensor& qkv, const at::Tensor& output) override {
    store_rows(layer, qkv);
    const int64_t chunks = static_cast<int64_t>(borders_.size()) - 1;
    parallel_for(chunks, 1, [&](int64_t begin, int64_t end) {
      for (int64_t chunk = begin; chunk < end; ++chunk) {
        char* scratch = scratch_.data() + chunk * scratch_bytes_;
        for (int64_t item = borders_[chunk]; item < borders_[chunk + 1]; ++item) {
          const int64_t next = std::min(item + 1, borders_[chunk + 1] - 1);
          attend_item(items_[item], items_[next], layer, qkv, output, scratch);
        }
      }
    });
  }

 private:
  PagePlace place(int64_t layer, int64_t kv_head) const {
    const int64_t head = (layer * shape_.num_kv_heads + kv_head) * head_bytes_;
    return {head, head + key_bytes_};
  }

  // Items, and where to cut their list so that every thread gets about the same work.
  void list_items() {
    items_.clear();
    rows_.clear();
    int64_t total = 0;
    for (const StepSequence& sequence : *sequences_) {
      for (int64_t row = 0; row < sequence.num_rows; ++row) {
        rows_.push_back({&sequence, sequence.length - sequence.num_rows + row});
      }
      total += int64_t{sequence.num_rows} * sequence.length;
      for (int64_t head = 0; head < shape_.num_kv_heads; ++head) {
        for (int64_t first = 0; first < sequence.num_rows; first += kTaskTokens) {
          items_.push_back(
              {&sequence, head, first, std::min(kTaskTokens, sequence.num_rows - first)});
        }
      }
    }
    const int64_t chunks = std::min<int64_t>(at::get_num_threads(), items_.size());
    const double share = static_cast<double>(total) * shape_.num_kv_heads / chunks;
    borders_.assign(1, 0);
    double work = 0;
    for (std::size_t item = 0; item < items_.size(); ++item) {
      if (work >= share * borders_.size()) borders_.push_back(static_cast<int64_t>(item));
      work += static_cast<double>(items_[item].count) * items_[item].sequence->length;
    }
    borders_.push_back(static_cast<int64_t>(items_.size()));
  }

  void store_rows(int64_t layer, const at::Tensor& qkv) {
    const int64_t stride = qkv.stride(0) * element_bytes_, half = shape_.head_dim / 2;
    char* data = static_cast<char*>(qkv.data_ptr());
    const float* cos = cos_.const_data_ptr<float>();
    const float* sin = sin_.const_data_ptr<float>();
    parallel_for(static_cast<int64_t>(rows_.size()), kStoreGrain, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        const auto [sequence, position] = rows_[row];
        const int64_t place_in_step =
            sequence->first_row + position - (sequence->length - sequence->num_rows);
        kernels_.store({data + place_in_step * stride, cos + position * half, sin + position * half,
                        slots_[sequence->slot].pages[position / kPageTokens], place(layer, 0),
                        head_bytes_, position % kPageTokens, shape_.num_heads, shape_.num_kv_heads,
                        shape_.head_dim});
      }
    });
  }

  void attend_item(const Item& item, const Item& next, int64_t layer, const at::Tensor& qkv,
                   const at::Tensor& output, char* scratch) {
    const StepSequence& sequence = *item.sequence;
    const int64_t heads = shape_.num_heads / shape_.num_kv_heads;
    const int64_t row = sequence.first_row + item.first;
    const int64_t column = item.kv_head * heads * shape_.head_dim;
    const char* queries = static_cast<const char*>(qkv.data_ptr());
    char* target = static_cast<char*>(output.data_ptr());
    const std::vector<char*>& next_pages = slots_[next.sequence->slot].pages;
    const int64_t length = sequence.length - sequence.num_rows + item.first + 1;
    const int64_t window = shape_.window(layer);
    // Pages that the first token's window has left behind are behind those of the others, too.
    const int64_t skipped = window > 0 ? std::max<int64_t>(0, length - window) / kPageTokens : 0;
    kernels_.attend({.pages = slots_[sequence.slot].pages.data() + skipped,
                     .place = place(layer, item.kv_head),
                     .queries = queries + (row * qkv.stride(0) + column) * element_bytes_,
                     .output = target + (row * output.stride(0) + column) * element_bytes_,
                     .query_stride = qkv.stride(0),
                     .output_stride = output.stride(0),
                     .num_tokens = item.count,
                     .heads = heads,
                     .head_dim = shape_.head_dim,
                     .first_length = length - skipped * kPageTokens,
                     .window = window,
                     .scale = static_cast<float>(shape_.scale),
                     .next_pages = next_pages.data(),
                     .next_count = static_cast<int64_t>(next_pages.size()),
                     .next_keys = place(layer, next.kv_head).keys},
                    scratch);
  }

  struct Row {
    const StepSequence* sequence;
    int64_t position;
  };

  CacheShape shape_;
  int64_t element_bytes_;
  CacheKernels kernels_;
  at::Tensor cos_, sin_;
  int64_t key_bytes_, head_bytes_, num_pages_;
  std::shared_ptr<PagePool> pool_;
  std::vector<Slot> slots_;
  int64_t reserved_ = 0;
  const std::vector<StepSequence>* sequences_ = nullptr;
  std::vector<Row> rows_;
  std::vector<Item> items_;
  std::vector<int64_t> borders_;  // of the threads' parts of items_
  std::vector<char> scratch_;
  int64_t scratch_bytes_ = 0;
};

}  // namespace

std::shared_ptr<PagePool> make_page_pool(const CacheShape& shape, at::ScalarType dtype,
                                         int64_t tokens, bool retains) {
  const int64_t page = shape.num_layers * shape.num_kv_heads * head_bytes(shape, dtype);
  return std::make_shared<PagePool>(pages_for(tokens), page, retains);
}

std::unique_ptr<KeyValueCache> make_paged_cache(const CacheShape& shape, at::ScalarType dtype,
                                                const at::Tensor& cos, const at::Tensor& sin,
                                                std::shared_ptr<PagePool> pages, int64_t kernel) {
  assert(dtype == at::kFloat || dtype == at::kBFloat16);
  if (!pages) pages = make_page_pool(shape, dtype, shape.total_tokens, false);
  const auto sets = runnable_cache_kernels();
  return std::make_unique<PagedCache>(
      shape, dtype, cos, sin, kernel < 0 ? *sets.back() : *sets.at(kernel), std::move(pages));
}

}  // namespace tripost::kernels
