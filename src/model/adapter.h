// Which modules of a model a LoRA adapter sits on, and where the A and B of each lie.
//
// The one place that knows both PEFT's modules and the fused projections of model/transformer.h:
// attaching, loading, saving and merging go through it. The files are model/adapter_file.h.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "model/transformer.h"

namespace tripost {

struct AdaptedModule {
  std::string name;  // "model.layers.0.self_attn.q_proj"
  std::size_t layer;
  Parameter Layer::*weight;  // the fused projection that holds it
  kernels::LowRank Layer::*adapter;
  int64_t inputs;
  kernels::LowRank::Piece outputs;  // its rows of the weight
  int64_t piece;                    // which of the adapter's
  int64_t first_row_of_b;           // in the adapter's B
};

// Those that `adapter` names in a model of this config, layer by layer.
std::vector<AdaptedModule> adapted_modules(const ModelConfig& config, const LoraConfig& adapter);

// The module's A [rank, in] and B [out, rank] in one of the adapter's flat buffers.
at::Tensor a_of(Transformer& model, const at::Tensor& flat, const AdaptedModule& module);
at::Tensor b_of(Transformer& model, const at::Tensor& flat, const AdaptedModule& module);

// Adds scale * B A to the weights, in float32, rounded once to the model's dtype. The adapter stays
// attached with B zero, so the model computes the same. Not for a model that trains.
void merge_adapter(Transformer& model);

}  // namespace tripost
