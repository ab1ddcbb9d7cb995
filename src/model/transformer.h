// The network: one set of weights for rollouts and training.
//
// All weights are views of one flat buffer per purpose: `values` (compute dtype), and when training
// also `master` and `gradients` (float32). Query, key and value projections are stored fused, as
// are gate and up; loading and saving split them again (model/parts.h). Each parameter begins at a
// multiple of 32 elements; what lies between is zero and stays zero. Parameter::value shares the
// buffer's memory but is detached from it, a leaf to autograd, so that `values` may be written in
// place without autograd seeing it. The inference path over a KV cache is model/decoder.h.
//
// With an adapter (LoRA) the weights are frozen, without master and gradients, and the adapter's A
// and B are what trains, in flat buffers of their own; both the training path and the decoder add
// its product to the linear layers.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "kernels/low_rank.h"
#include "kernels/parameter.h"
#include "model/config.h"
#include "model/lora_config.h"

namespace tripost {

struct Layer {
  Parameter attention_norm;  // [D]
  Parameter qkv;             // [(H + 2K) * E, D], rows: queries, keys, values
  Parameter output;          // [D, H * E]
  Parameter mlp_norm;        // [D]
  Parameter gate_up;         // [2F, D], gate rows first
  Parameter down;            // [D, F]

  // Those that only some architectures have; the value of the others is undefined.
  Parameter qkv_bias;      // [(H + 2K) * E]
  Parameter query_norm;    // [E]
  Parameter key_norm;      // [E]
  Parameter output_bias;   // [D]
  Parameter gate_up_bias;  // [2F]
  Parameter down_bias;     // [D]

  // Without pieces where no adapter is attached.
  kernels::LowRank qkv_adapter, output_adapter, gate_up_adapter, down_adapter;
};

// Every parameter begins at a multiple of this many elements of its flat buffer, so that vector
// loads and matrix kernels meet aligned rows.
inline int64_t aligned(int64_t count) { return (count + 31) / 32 * 32; }

// nullptr for a parameter that the architecture does not have.
inline const Parameter* if_there(const Parameter& parameter) {
  return parameter.value.defined() ? &parameter : nullptr;
}

// Tokens of several sequences side by side, no attention across them.
struct PackedTokens {
  at::Tensor ids;        // int64 [T], on the model's device
  at::Tensor positions;  // int64 [T], from 0 in each sequence
  at::Tensor starts;     // int32 [S + 1], on the CPU
  // int64 [T], on the model's device: what each token's dropout is drawn from (kernels/dropout.h);
  // undefined: none.
  at::Tensor dropout_keys = {};
};

// One buffer per purpose, of the same layout.
struct FlatBuffers {
  at::Tensor values;     // [N], compute dtype
  at::Tensor master;     // [N] float32; the same storage as values when those are float32
  at::Tensor gradients;  // [N] float32
};

class Transformer {
 public:
  // Uninitialised weights on `device` in `dtype` (float32 or bfloat16).
  Transformer(ModelConfig config, at::Device device, at::ScalarType dtype);

  const ModelConfig& config() const { return config_; }
  at::Device device() const;
  at::ScalarType dtype() const;

  Parameter& embedding() { return embedding_; }
  Parameter& head();  // the embedding table when tied
  Parameter& final_norm() { return final_norm_; }
  std::vector<Layer>& layers() { return layers_; }
  const std::vector<Layer>& layers() const { return layers_; }
  // Every weight once, in the order of the flat buffer; not the adapter's A and B.
  std::vector<Parameter*> parameters();

  // cos and sin, float32 [max_position_embeddings, E / 2] each.
  const at::Tensor& rope_cos() const { return rope_cos_; }
  const at::Tensor& rope_sin() const { return rope_sin_; }

  // Final hidden states [T, D] after the last norm, with autograd when training is enabled.
  // `recompute` keeps only each layer's input and runs the layer again in backward.
  at::Tensor hidden(const PackedTokens& tokens, bool recompute = false);

  // Puts a new adapter beside the frozen weights: A uniform in +-1/sqrt(in), B zero, as PEFT
  // begins. Seeded by `config`. Before enable_training(), and once.
  void attach_adapter(const LoraConfig& config);
  bool has_adapter() const { return adapter_.values.defined(); }
  const LoraConfig& adapter_config() const { return adapter_config_; }

  // Allocates master weights and gradients of what trains; from here on it requires grad.
  void enable_training();
  bool training_enabled() const { return (has_adapter() ? adapter_ : weights_).master.defined(); }

  // The weights'; with an adapter, master and gradients are undefined.
  at::Tensor& values() { return weights_.values; }
  at::Tensor& master() { return weights_.master; }
  at::Tensor& gradients() { return weights_.gradients; }

  // What a training step changes: the adapter's buffers when there is one, else the weights'.
  FlatBuffers& trained() { return has_adapter() ? adapter_ : weights_; }
  std::vector<Parameter*> trained_parameters();
  at::Tensor decay_mask();  // uint8, of what trains: 1 for matrices, 0 for norms and biases

  // The part of a flat buffer (values, master, gradients, or one of the optimizer's) that belongs
  // to `parameter`, the weights' or the adapter's.
  at::Tensor flat_view(const at::Tensor& flat, const Parameter& parameter) const;

  // Normal(0, initializer_range), residual projections scaled by 1/sqrt(2 * layers); norms one,
  // biases zero. Seeded, the same on every device and thread count.
  void initialize(uint64_t seed);
  // Copies what trains from master into values after loading or a change to master.
  void sync_values();

 private:
  ModelConfig config_;
  FlatBuffers weights_, adapter_;
  LoraConfig adapter_config_;
  Parameter embedding_, head_, final_norm_;
  std::vector<Layer> layers_;
  at::Tensor rope_cos_, rope_sin_;
};

}  // namespace tripost
