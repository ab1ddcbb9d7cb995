// The attention kernel, once for every instruction set. See decode_attention_cpu.h for the layout
// of a page.
//
// A block of up to four queries (heads that share a kv head, and in a prefill chunk neighbouring
// tokens) goes over the pages twice: scores, then after the softmax the weighted sum of values.
// Every query sees exactly its own prefix, and its arithmetic does not depend on what else is in
// the block, so chunked prefill and batching change nothing.
#pragma once

#include <algorithm>

#include "kernels/decode_attention_cpu.h"
#include "kernels/decode_attention_vector.h"

namespace tripost::kernels {
namespace {

constexpr int64_t kRows = 4;

struct Float32Cache {
  using Element = float;
  using Packed = float;                    // a query or probability as the kernel broadcasts it
  static constexpr int64_t kElements = 1;  // elements a word, and broadcasts a word
  static constexpr int64_t kBroadcasts = 1;
  static TRIPOST_INLINE void multiply_add(Floats& sum, const Words& words, const Packed* packed) {
    sum += reinterpret_cast<Floats>(words) * packed[0];
  }
  static TRIPOST_INLINE void pack_query(const Element* query, int64_t head_dim, Packed* packed) {
    std::memcpy(packed, query, static_cast<std::size_t>(head_dim) * sizeof(float));
  }
  static TRIPOST_INLINE const Packed* pack_probabilities(const float* values, int64_t, Packed*) {
    return values;
  }
  static TRIPOST_INLINE Floats read(const Element* source) { return load<Floats>(source); }
  static TRIPOST_INLINE float read_one(const Element* source) { return *source; }
  static TRIPOST_INLINE void write(Element* target, const Floats& values) {
    tripost::kernels::store(target, values);
  }
  static TRIPOST_INLINE void write_one(Element* target, float value) { *target = value; }
};

struct Bfloat16Cache {
  using Element = uint16_t;
  using Packed = float;
  static constexpr int64_t kElements = 2;
  static constexpr int64_t kBroadcasts = 2;
  static TRIPOST_INLINE void multiply_add(Floats& sum, const Words& words, const Packed* packed) {
    sum += reinterpret_cast<Floats>(words << 16) * packed[0];
    sum += reinterpret_cast<Floats>(words & 0xFFFF0000u) * packed[1];
  }
  static TRIPOST_INLINE void pack_query(const Element* query, int64_t head_dim, Packed* packed) {
    for (int64_t e = 0; e < head_dim; ++e) packed[e] = from_bfloat16(query[e]);
  }
  static TRIPOST_INLINE const Packed* pack_probabilities(const float* values, int64_t, Packed*) {
    return values;
  }
  static TRIPOST_INLINE Floats read(const Element* source) {
    return from_bfloat16(load<HalfWords>(source));
  }
  static TRIPOST_INLINE float read_one(const Element* source) { return from_bfloat16(*source); }
  static TRIPOST_INLINE void write(Element* target, const Floats& values) {
    tripost::kernels::store(target, to_bfloat16(values));
  }
  static TRIPOST_INLINE void write_one(Element* target, float value) {
    *target = to_bfloat16(value);
  }
};

// Half-split rotation of one head in place.
template <class Cache>
TRIPOST_INLINE void rotate(typename Cache::Element* head, const float* cos, const float* sin,
                           int64_t half) {
  int64_t i = 0;
  for (; i + kLanes <= half; i += kLanes) {
    const Floats first = Cache::read(head + i), second = Cache::read(head + half + i);
    const Floats c = load<Floats>(cos + i), s = load<Floats>(sin + i);
    Cache::write(head + i, first * c - second * s);
    Cache::write(head + half + i, second * c + first * s);
  }
  for (; i < half; ++i) {
    const float first = Cache::read_one(head + i), second = Cache::read_one(head + half + i);
    Cache::write_one(head + i, first * cos[i] - second * sin[i]);
    Cache::write_one(head + half + i, second * cos[i] + first * sin[i]);
  }
}

template <class Cache>
TRIPOST_INLINE void store_key(const typename Cache::Element* key, char* target,
                              const StoreTask& task) {
  auto* words = reinterpret_cast<uint32_t*>(target) + task.token;
  for (int64_t word = 0; word < task.head_dim / Cache::kElements; ++word) {
    std::memcpy(words + word * kPageTokens, key + word * Cache::kElements, sizeof(uint32_t));
  }
}

template <class Cache>
TRIPOST_INLINE void store_value(const typename Cache::Element* value, char* target,
                                const StoreTask& task) {
  auto* place = reinterpret_cast<typename Cache::Element*>(target) +
                task.token / Cache::kElements * padded_head_dim(task.head_dim) * Cache::kElements +
                task.token % Cache::kElements;
  for (int64_t e = 0; e < task.head_dim; ++e) place[e * Cache::kElements] = value[e];
}

template <class Cache>
void store_token(const StoreTask& task) {
  auto* row = static_cast<typename Cache::Element*>(task.row);
  for (int64_t head = 0; head < task.heads + task.kv_heads; ++head) {
    rotate<Cache>(row + head * task.head_dim, task.cos, task.sin, task.head_dim / 2);
  }
  const auto* keys = row + task.heads * task.head_dim;
  const auto* values = keys + task.kv_heads * task.head_dim;
  for (int64_t head = 0; head < task.kv_heads; ++head) {
    store_key<Cache>(keys + head * task.head_dim,
                     task.page + task.place.keys + head * task.head_bytes, task);
    store_value<Cache>(values + head * task.head_dim,
                       task.page + task.place.values + head * task.head_bytes, task);
  }
}

// sums[row][block] += over `steps` words of broadcast(packed[row]) * words; `stride` in words from
// step to step. Meanwhile what lies at the same place of the `next` page is brought into the
// second-level cache: scoring brings in the values, weighing values the keys of the task that
// follows. The processor's own prefetching ends where a page does.
template <class Cache, int Rows, int Blocks>
TRIPOST_INLINE void accumulate(const uint32_t* words, int64_t stride, int64_t steps,
                               const uint32_t* next, const typename Cache::Packed* const* packed,
                               Floats (&sums)[Rows][Blocks]) {
  for (int64_t step = 0; step < steps; ++step, words += stride) {
    Words loaded[Blocks];
    repeat<Blocks>(TRIPOST_BODY(auto block) {
      loaded[block] = load<Words>(words + block * kLanes);
      __builtin_prefetch(next + step * stride + block * kLanes, 0, 2);
    });
    repeat<Rows>(TRIPOST_BODY(auto row) {
      const typename Cache::Packed* value = packed[row] + step * Cache::kBroadcasts;
      repeat<Blocks>(TRIPOST_BODY(auto block) {
        Cache::multiply_add(sums[row][block], loaded[block], value);
      });
    });
  }
}

template <class Cache, int Rows>
struct Block {
  explicit Block(const AttentionTask& work) : task(work) {}

  const AttentionTask& task;
  int64_t lengths[Rows];  // tokens that each query sees
  int64_t padded_length;  // of the longest, to whole pages
  typename Cache::Packed* queries[Rows];
  float* scores[Rows];                          // [padded_length]
  const typename Cache::Packed* weights[Rows];  // probabilities, packed
  typename Cache::Packed* weights_space[Rows];
  float inverse_sums[Rows];
};

inline const uint32_t* words_at(const char* page, int64_t place) {
  return reinterpret_cast<const uint32_t*>(page + place);
}

template <class Cache, int Rows, int Blocks>
TRIPOST_INLINE void score_tokens(const Block<Cache, Rows>& block, const uint32_t* keys,
                                 const uint32_t* next, int64_t token) {
  Floats sums[Rows][Blocks] = {};
  accumulate<Cache, Rows, Blocks>(keys, kPageTokens, block.task.head_dim / Cache::kElements, next,
                                  block.queries, sums);
  repeat<Rows>(TRIPOST_BODY(auto row) {
    repeat<Blocks>(TRIPOST_BODY(auto part) {
      store(block.scores[row] + token + part * kLanes, sums[row][part]);
    });
  });
}

template <class Cache, int Rows>
TRIPOST_INLINE void score_pages(const Block<Cache, Rows>& block, int64_t longest) {
  const char* const* pages = block.task.pages;
  const PagePlace& place = block.task.place;
  for (int64_t token = 0; token < longest;) {
    const int64_t page = token / kPageTokens, inside = token % kPageTokens;
    const uint32_t* keys = words_at(pages[page], place.keys) + inside;
    const uint32_t* next = words_at(pages[page], place.values);
    if (longest - token > kLanes && inside + kWideBlocks * kLanes <= kPageTokens) {
      score_tokens<Cache, Rows, kWideBlocks>(block, keys, next + inside, token);
      token += kWideBlocks * kLanes;
    } else {
      score_tokens<Cache, Rows, 1>(block, keys, next + inside, token);
      token += kLanes;
    }
  }
}

TRIPOST_INLINE Integers lane_numbers() {
  Integers numbers;
  for (int lane = 0; lane < kLanes; ++lane) numbers[lane] = lane;
  return numbers;
}

// Scores that no softmax notices, in place of those before `begin`.
TRIPOST_INLINE void hide_before(float* scores, int64_t begin) {
  for (int64_t token = 0; token < begin; token += kLanes) {
    const Floats score = load<Floats>(scores + token);
    const Integers limit =
        Integers{} + static_cast<int32_t>(std::min<int64_t>(begin - token, kLanes));
    store(scores + token, lane_numbers() < limit ? broadcast(-3.0e38f) : score);
  }
}

// exp(scale * (score - max)) in place, zero past `length`; returns one over their sum.
TRIPOST_INLINE float softmax(float* scores, int64_t length, int64_t padded_length, float scale) {
  const int64_t whole = length / kLanes * kLanes;
  const Integers tail_limit = Integers{} + static_cast<int32_t>(length - whole);
  Floats most = broadcast(-3.0e38f);
  for (int64_t token = 0; token < whole; token += kLanes)
    most = larger(load<Floats>(scores + token), most);
  if (whole < length) {
    const Floats tail = load<Floats>(scores + whole);
    most = larger(lane_numbers() < tail_limit ? tail : most, most);
  }
  const float factor = scale * 1.44269504f;
  const float largest = largest_of(most);
  Floats sum = {};
  for (int64_t token = 0; token < whole; token += kLanes) {
    const Floats power = exp2_nonpositive((load<Floats>(scores + token) - largest) * factor);
    sum += power;
    store(scores + token, power);
  }
  int64_t token = whole;
  if (whole < length) {
    const Floats power = exp2_nonpositive((load<Floats>(scores + token) - largest) * factor);
    const Floats kept = lane_numbers() < tail_limit ? power : Floats{};
    sum += kept;
    store(scores + token, kept);
    token += kLanes;
  }
  for (; token < padded_length; token += kLanes) store(scores + token, Floats{});
  return 1.0f / sum_of(sum);
}

// Dimensions `dimension` .. + kLanes * Blocks of the output.
template <class Cache, int Rows, int Blocks>
TRIPOST_INLINE void weigh_values(const Block<Cache, Rows>& block, int64_t longest,
                                 int64_t dimension) {
  const AttentionTask& task = block.task;
  Floats sums[Rows][Blocks] = {};
  const int64_t padded = padded_head_dim(task.head_dim);
  for (int64_t token = 0; token < longest; token += kPageTokens) {
    const int64_t page = token / kPageTokens;
    const uint32_t* words = words_at(task.pages[page], task.place.values) + dimension;
    const uint32_t* next =
        words_at(task.next_pages[std::min(page, task.next_count - 1)], task.next_keys);
    const int64_t steps =
        (std::min(longest - token, kPageTokens) + Cache::kElements - 1) / Cache::kElements;
    const typename Cache::Packed* packed[Rows];
    repeat<Rows>(TRIPOST_BODY(auto row) {
      packed[row] = block.weights[row] + token / Cache::kElements * Cache::kBroadcasts;
    });
    accumulate<Cache, Rows, Blocks>(words, padded, steps, next, packed, sums);
  }
  repeat<Rows>(TRIPOST_BODY(auto row) {
    repeat<Blocks>(TRIPOST_BODY(auto part) {
      store(block.scores[row] + dimension + part * kLanes,
            sums[row][part] * block.inverse_sums[row]);
    });
  });
}

// Query `index` of a task counts heads first: token index / heads, head index % heads.
template <class Cache, int Rows>
TRIPOST_INLINE void attend_block(const AttentionTask& task, int64_t first, char* scratch) {
  using Element = typename Cache::Element;
  using Packed = typename Cache::Packed;
  Block<Cache, Rows> block(task);
  const int64_t longest = task.first_length + (first + Rows - 1) / task.heads;
  block.padded_length = (longest + kPageTokens - 1) / kPageTokens * kPageTokens;
  const int64_t space = std::max(block.padded_length, padded_head_dim(task.head_dim)) * 4;
  for (int row = 0; row < Rows; ++row) {
    const int64_t index = first + row;
    block.lengths[row] = task.first_length + index / task.heads;
    block.scores[row] = reinterpret_cast<float*>(scratch + row * space);
    block.weights_space[row] = reinterpret_cast<Packed*>(scratch + (kRows + row) * space);
    block.queries[row] = reinterpret_cast<Packed*>(scratch + 2 * kRows * space) +
                         row * padded_head_dim(task.head_dim);
    const auto* query = static_cast<const Element*>(task.queries) +
                        index / task.heads * task.query_stride + index % task.heads * task.head_dim;
    Cache::pack_query(query, task.head_dim, block.queries[row]);
  }
  score_pages<Cache, Rows>(block, longest);
  for (int row = 0; row < Rows; ++row) {
    if (task.window > 0) hide_before(block.scores[row], block.lengths[row] - task.window);
    block.inverse_sums[row] =
        softmax(block.scores[row], block.lengths[row], block.padded_length, task.scale);
    block.weights[row] =
        Cache::pack_probabilities(block.scores[row], block.padded_length, block.weights_space[row]);
  }
  // The sums overwrite the scores of their own row, so weights that alias them must be read to the
  // end first.
  for (int row = 0; row < Rows; ++row) {
    if (static_cast<const void*>(block.weights[row]) == block.scores[row]) {
      block.scores[row] = reinterpret_cast<float*>(block.weights_space[row]);
    }
  }
  int64_t dimension = 0;
  for (; dimension + kWideDimensions * kLanes <= padded_head_dim(task.head_dim);
       dimension += kWideDimensions * kLanes) {
    weigh_values<Cache, Rows, kWideDimensions>(block, longest, dimension);
  }
  for (; dimension < task.head_dim; dimension += kLanes)
    weigh_values<Cache, Rows, 1>(block, longest, dimension);
  for (int row = 0; row < Rows; ++row) {
    const int64_t index = first + row;
    auto* output = static_cast<Element*>(task.output) + index / task.heads * task.output_stride +
                   index % task.heads * task.head_dim;
    int64_t e = 0;
    for (; e + kLanes <= task.head_dim; e += kLanes)
      Cache::write(output + e, load<Floats>(block.scores[row] + e));
    for (; e < task.head_dim; ++e) Cache::write_one(output + e, block.scores[row][e]);
  }
}

template <class Cache>
void attend(const AttentionTask& task, char* scratch) {
  const int64_t count = task.num_tokens * task.heads;
  int64_t first = 0;
  // Heads of one token first, three or four at a time: groups of 3 (9 heads on 3) would waste every
  // fourth pass.
  while (count - first >= 4 && task.heads % 3 != 0)
    attend_block<Cache, 4>(task, first, scratch), first += 4;
  while (count - first >= 3) attend_block<Cache, 3>(task, first, scratch), first += 3;
  while (count - first >= 2) attend_block<Cache, 2>(task, first, scratch), first += 2;
  while (count - first >= 1) attend_block<Cache, 1>(task, first, scratch), first += 1;
}

}  // namespace
}  // namespace tripost::kernels
