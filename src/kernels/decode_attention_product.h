// Matrix products of decoding: few rows times a bfloat16 weight that is laid out for the processor
// once and used often.
//
// A library product lays the weight out anew in every call, which for a hundred rows costs up to as
// much as the product. Only for CPUs with AVX-512 BF16; elsewhere, and for float32,
// at::mm serves.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace tripost::kernels {

class PackedWeight {
 public:
  // True when this machine can use `weight` packed.
  static bool supports(const at::Tensor& weight);

  // weight [out, in], copied.
  explicit PackedWeight(const at::Tensor& weight);

  // x [T, in] and target [T, out], both bfloat16 with rows side by side; sums are float32.
  void product(const at::Tensor& x, const at::Tensor& target) const;

 private:
  int64_t inputs_, outputs_;
  std::vector<uint32_t> words_;  // [out / 64][in / 2][64], two inputs a word; zero where out ends
};

// Rows `x` (stride in elements) times one panel of 64 outputs; `columns` of them are stored.
struct PanelTask {
  const uint16_t* x;
  int64_t x_stride;
  int64_t rows;
  int64_t inputs;
  const uint32_t* panel;
  const uint32_t* next_panel;  // of the same size, fetched from memory meanwhile
  uint16_t* target;
  int64_t target_stride;
  int64_t columns;
};

void multiply_panel_avx512_bfloat16(const PanelTask& task);

}  // namespace tripost::kernels
