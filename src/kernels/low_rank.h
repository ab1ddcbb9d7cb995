// A linear layer with a low-rank adapter beside its frozen weight (LoRA, Hu et al. 2021,
// section 4.1).
//
// y = x W^T + bias + scale * (x A^T) B^T, where W may hold several projections side by side
// (queries, keys and values), each with an A and B of its own. The product W + scale * B A is never
// made, so W stays as it is, and what is smaller than bfloat16's rounding of W is not lost.
// Gradients go to A and B only. While training, each piece may see x under a dropout mask of its
// own, as PEFT's lora_dropout. Does not know which modules a model adapts: that is model/adapter.h.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "kernels/parameter.h"

namespace tripost::kernels {

struct LowRank {
  // Outputs first .. first + rows - 1 of the linear layer.
  struct Piece {
    int64_t first;
    int64_t rows;
  };

  Parameter a;                // [pieces * rank, in]: each piece's A, one after the other
  Parameter b;                // [sum of rows, rank]: each piece's B, one after the other
  std::vector<Piece> pieces;  // ascending, apart; empty: no adapter
  double scale = 1;
  double dropout = 0;         // share of x that a piece does not see while training
  uint32_t dropout_seed = 0;  // piece p's mask is drawn with dropout_seed + p

  int64_t rank() const { return b.value.size(1); }
};

// x [T, in], weight [out, in] without gradient, bias [out] or nullptr -> [T, out]. dropout_keys
// [T] as in kernels/dropout.h; undefined: no dropout.
at::Tensor low_rank_linear(const at::Tensor& x, const Parameter& weight, const Parameter* bias,
                           const LowRank& adapter, const at::Tensor& dropout_keys = {});

// target [T, out] += scale * (x A^T) B^T, without autograd.
void add_low_rank(const at::Tensor& target, const at::Tensor& x, const LowRank& adapter);

}  // namespace tripost::kernels
