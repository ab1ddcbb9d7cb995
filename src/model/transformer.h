// The network: one set of weights for rollouts and training.
//
// All weights are views of one flat buffer per purpose: `values` (compute dtype), and when training
// also `master` and `gradients` (float32). Query, key and value projections are stored fused, as
// are gate and up; loading and saving split them again (model/parts.h). Each parameter begins at a
// multiple of 32 elements; what lies between is zero and stays zero. Parameter::value shares the
// buffer's memory but is detached from it, a leaf to autograd, so that `values` may be written in
// place without autograd seeing it. The inference path over a KV cache is model/decoder.h.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "kernels/parameter.h"
#include "model/config.h"

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
};

// nullptr for a parameter that the architecture does not have.
inline const Parameter* if_there(const Parameter& parameter) {
  return parameter.value.defined() ? &parameter : nullptr;
}

// Tokens of several sequences side by side, no attention across them.
struct PackedTokens {
  at::Tensor ids;        // int64 [T], on the model's device
  at::Tensor positions;  // int64 [T], from 0 in each sequence
  at::Tensor starts;     // int32 [S + 1], on the CPU
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
  // Every parameter once, in the order of the flat buffer.
  std::vector<Parameter*> parameters();

  // cos and sin, float32 [max_position_embeddings, E / 2] each.
  const at::Tensor& rope_cos() const { return rope_cos_; }
  const at::Tensor& rope_sin() const { return rope_sin_; }

  // Final hidden states [T, D] after the last norm, with autograd when training is enabled.
  // `recompute` keeps only each layer's input and runs the layer again in backward.
  at::Tensor hidden(const PackedTokens& tokens, bool recompute = false);

  // Allocates master weights and gradients; from here on weights require grad.
  void enable_training();
  bool training_enabled() const { return master_.defined(); }

  at::Tensor& values() { return values_; }  // [N], compute dtype
  at::Tensor& master() {
    return master_;
  }  // [N] float32; same storage as values when dtype is float32
  at::Tensor& gradients() { return gradients_; }  // [N] float32
  at::Tensor decay_mask();  // [N] uint8: 1 for matrices, 0 for norms and biases

  // The part of a flat buffer (values, master, gradients, or one of the optimizer's) that belongs
  // to `parameter`.
  at::Tensor flat_view(const at::Tensor& flat, const Parameter& parameter) const;

  // Normal(0, initializer_range), residual projections scaled by 1/sqrt(2 * layers); norms one,
  // biases zero. Seeded, the same on every device and thread count.
  void initialize(uint64_t seed);
  // Copies master into values after loading or a change to master.
  void sync_values();

 private:
  ModelConfig config_;
  at::Tensor values_, master_, gradients_;
  Parameter embedding_, head_, final_norm_;
  std::vector<Layer> layers_;
  at::Tensor rope_cos_, rope_sin_;
};

}  // namespace tripost
