// The architectures that config.json may name, as data: what each does beside the common
// transformer, and what transformers assumes where a field is absent.
//
// All are pre-norm decoders with RMS norm, rotary positions, grouped heads and a gated SiLU MLP.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/json.h"

namespace tripost {

struct Architecture {
  enum class Window {
    kNone,        // every token sees all before it
    kEveryLayer,  // "sliding_window" of all layers
    kByLayer  // of some, where "use_sliding_window" says so: "layer_types" or "max_window_layers"
  };

  const char* name;  // in "architectures"
  const char* model_type;
  int64_t default_positions;
  int64_t default_head_dim;   // 0: hidden_size / num_attention_heads
  int64_t default_kv_heads;   // 0: num_attention_heads
  bool qkv_bias;              // whatever config.json says
  bool reads_attention_bias;  // "attention_bias": of queries, keys, values and output
  bool reads_mlp_bias;        // "mlp_bias": of gate, up and down
  bool query_key_norm;        // RMS norm of each head's query and key before the rotation
  Window window;
};

std::span<const Architecture> architectures();
// The one that "architectures" (or where that is absent "model_type") names; an Error lists what is
// supported.
const Architecture& architecture_of(const Json& config, const std::string& where);
// Programmer's mistake when there is none of that name.
const Architecture& architecture_named(const std::string& name);

}  // namespace tripost
