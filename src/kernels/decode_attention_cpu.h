// What the CPU cache hands to the attention kernel of one instruction set: plain pointers, no
// tensors.
//
// A page holds kPageTokens tokens of one layer and kv head, keys first. One word is a float, or two
// bfloat16 side by side.
//   keys    words [E / w][kPageTokens]               w = elements a word: 1 or 2; a word is 2
//   dimensions of one token values  words [kPageTokens / w][padded E]        a word is one
//   dimension of 2 neighbouring tokens
// So a score and an output are both sums over words of (16 lanes) x (one broadcast), without sums
// across lanes.
#pragma once

#include <cstdint>
#include <vector>

namespace tripost::kernels {

inline constexpr int64_t kPageTokens = 64;

// Where one kv head of one layer lies inside every page of a sequence.
struct PagePlace {
  int64_t keys;  // bytes from the page's start
  int64_t values;
};

// One token's queries, keys and values side by side: rotates queries and keys (half-split layout)
// and writes keys and values into the token's place of its page.
struct StoreTask {
  void* row;         // (heads + 2 * kv_heads) * head_dim elements; queries are rotated in place
  const float* cos;  // head_dim / 2, for the token's position
  const float* sin;
  char* page;
  PagePlace place;     // of the first kv head
  int64_t head_bytes;  // from one kv head to the next
  int64_t token;       // inside the page
  int64_t heads, kv_heads, head_dim;
};

// The queries of some neighbouring tokens of a sequence against one kv head.
struct AttentionTask {
  const char* const* pages;  // of the sequence, in order
  PagePlace place;
  const void* queries;   // of the first token and the first query head of this kv head
  void* output;          // the same place in the output
  int64_t query_stride;  // elements from token to token
  int64_t output_stride;
  int64_t num_tokens;
  int64_t heads;  // query heads that share this kv head
  int64_t head_dim;
  int64_t first_length;  // cached tokens up to the first one, itself included; each later one has
                         // one more
  int64_t window;        // of them a query sees the last so many; 0: all
  float scale;
  // Of the task that follows, whose keys are brought in meanwhile; the task's own when it is the
  // last.
  const char* const* next_pages;
  int64_t next_count;
  int64_t next_keys;
};

struct CacheKernels {
  void (*store)(const StoreTask& task);
  void (*attend)(const AttentionTask& task, char* scratch);  // scratch: attention_scratch_bytes
};

struct CacheKernelSet {
  CacheKernels float32;
  CacheKernels bfloat16;
};

constexpr int64_t padded_head_dim(int64_t head_dim) { return (head_dim + 15) / 16 * 16; }

// For sequences of up to `length` tokens.
int64_t attention_scratch_bytes(int64_t length, int64_t head_dim);

extern const CacheKernelSet kCacheKernelsBaseline, kCacheKernelsAvx2, kCacheKernelsAvx512,
    kCacheKernelsAvx512Bfloat16;
// Those that this machine can run, the best last.
std::vector<const CacheKernelSet*> runnable_cache_kernels();

}  // namespace tripost::kernels
