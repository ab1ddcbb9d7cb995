// The ways in which GGUF stores numbers: a row is a list of blocks that share their scales.
//
// Layouts and arithmetic are those of ggml (ggml-quants.c) as the `gguf` Python package computes
// them, to the bit.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <string>

namespace tripost {

enum class GgufType : uint32_t {
  kF32 = 0,
  kF16 = 1,
  kQ4_0 = 2,
  kQ4_1 = 3,
  kQ5_0 = 6,
  kQ5_1 = 7,
  kQ8_0 = 8,
  kQ4_K = 12,
  kQ5_K = 13,
  kQ6_K = 14,
  kBF16 = 30,
};

struct GgufBlocks {
  GgufType type;
  const char* name;
  int64_t numbers;  // in a block
  int64_t bytes;    // of a block
  void (*unpack)(const uint8_t* block, float* numbers);
};

// nullptr for a type that we cannot read.
const GgufBlocks* gguf_blocks(uint32_t type);
// "F32, F16, ..." of all that we can read.
std::string gguf_type_names();
// What ggml calls a type, known or not: "Q2_K", "type 77".
std::string gguf_type_name(uint32_t type);

// `count` blocks at `data` to float32, on all threads.
void unpack_blocks(const GgufBlocks& blocks, const uint8_t* data, int64_t count, float* numbers);

// float32 [rows, columns] on the CPU to the bytes of F32, F16, BF16 or Q8_0; columns must be a
// multiple of the block. A number too large for F16 becomes infinite.
std::string pack_blocks(const at::Tensor& numbers, GgufType type);

}  // namespace tripost
