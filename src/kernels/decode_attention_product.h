// Matrix products of decoding: few rows times a weight that is laid out for the processor once and
// used often.
//
// A library product lays the weight out anew in every call, which for a hundred rows costs up to as
// much as the product. For bfloat16 on CPUs with AMX, AVX-512 BF16 or AVX2, and for float32 with
// AVX2; elsewhere kernels/product.h serves. A row's sums do not depend on the rows beside it.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace tripost::kernels {

constexpr int64_t kPanelColumns = 64;

// Rows `x` (stride in elements) times one panel of 64 outputs; `columns` of them are stored.
struct PanelTask {
  const void* x;
  int64_t x_stride;
  int64_t rows;
  int64_t inputs;
  const uint32_t* panel;
  const uint32_t* next_panel;  // of the same size, fetched from memory meanwhile
  void* target;
  int64_t target_stride;
  int64_t columns;
};

// How a panel lies in memory, and what multiplies it.
enum class PanelLayout {
  kInputPairs,   // [in / 2][64] words: bfloat16, two inputs of an output a word
  kOutputPairs,  // [4][in][8] words: bfloat16, outputs j and j + 8 of a block of 16 a word
  kFloats,       // [4][in][16] words: float32, blocks of 16 outputs
};

class PackedWeight {
 public:
  // True when this machine can use `weight` packed.
  static bool supports(const at::Tensor& weight);

  // weight [out, in], copied.
  explicit PackedWeight(const at::Tensor& weight);

  // x [T, in] and target [T, out], both of the weight's type with rows side by side; sums are
  // float32.
  void product(const at::Tensor& x, const at::Tensor& target) const;

 private:
  PanelLayout layout_;
  int64_t inputs_, outputs_;
  std::vector<uint32_t> words_;  // panel after panel; zero where out ends
};

// x and target are bfloat16.
void multiply_panel_avx512_bfloat16(const PanelTask& task);
// The same where inputs is a multiple of 32, at Level::kAmx.
void multiply_panel_amx(const PanelTask& task);
// x is float32, target bfloat16.
void multiply_panel_avx2_bfloat16(const PanelTask& task);
// x and target are float32.
void multiply_panel_avx2_float32(const PanelTask& task);

}  // namespace tripost::kernels
