#include "model/parts.h"

#include <ATen/ops/isfinite.h>

#include <cmath>

#include "base/error.h"

namespace tripost {
namespace {

// Lists parts parameter by parameter.
class Lister {
 public:
  struct Piece {
    std::string name;
    int64_t rows;
  };

  // One parameter whose rows are these tensors, one after the other.
  void add(const std::vector<Piece>& pieces, const std::vector<int64_t>& row_shape = {}) {
    int64_t first_row = 0;
    for (const Piece& piece : pieces) {
      std::vector<int64_t> shape = {piece.rows};
      shape.insert(shape.end(), row_shape.begin(), row_shape.end());
      parts_.push_back({piece.name, std::move(shape), parameter_, first_row});
      first_row += piece.rows;
    }
    ++parameter_;
  }

  std::vector<Part> take() { return std::move(parts_); }

 private:
  std::vector<Part> parts_;
  std::size_t parameter_ = 0;
};

void add_layer(Lister& list, const std::string& layer, const ModelConfig& c) {
  const int64_t queries = c.num_heads * c.head_dim;
  const int64_t keys = c.num_kv_heads * c.head_dim;
  const int64_t wide = c.intermediate_size;
  const std::string attention = layer + "self_attn.", mlp = layer + "mlp.";
  const auto qkv = [&](const std::string& kind) {
    return std::vector<Lister::Piece>{{attention + "q_proj." + kind, queries},
                                      {attention + "k_proj." + kind, keys},
                                      {attention + "v_proj." + kind, keys}};
  };
  const auto gate_up = [&](const std::string& kind) {
    return std::vector<Lister::Piece>{{mlp + "gate_proj." + kind, wide},
                                      {mlp + "up_proj." + kind, wide}};
  };
  list.add({{layer + "input_layernorm.weight", c.hidden_size}});
  list.add(qkv("weight"), {c.hidden_size});
  if (c.qkv_bias) list.add(qkv("bias"));
  if (c.query_key_norm) {
    list.add({{attention + "q_norm.weight", c.head_dim}});
    list.add({{attention + "k_norm.weight", c.head_dim}});
  }
  list.add({{attention + "o_proj.weight", c.hidden_size}}, {queries});
  if (c.output_bias) list.add({{attention + "o_proj.bias", c.hidden_size}});
  list.add({{layer + "post_attention_layernorm.weight", c.hidden_size}});
  list.add(gate_up("weight"), {c.hidden_size});
  if (c.mlp_bias) list.add(gate_up("bias"));
  list.add({{mlp + "down_proj.weight", c.hidden_size}}, {wide});
  if (c.mlp_bias) list.add({{mlp + "down_proj.bias", c.hidden_size}});
}

}  // namespace

std::vector<Part> checkpoint_parts(const ModelConfig& config) {
  Lister list;
  list.add({{kEmbeddingName, config.vocab_size}}, {config.hidden_size});
  for (int64_t i = 0; i < config.num_layers; ++i) {
    add_layer(list, "model.layers." + std::to_string(i) + ".", config);
  }
  list.add({{"model.norm.weight", config.hidden_size}});
  if (!config.tie_word_embeddings) list.add({{kHeadName, config.vocab_size}}, {config.hidden_size});
  return list.take();
}

at::Tensor rows_of(Transformer& model, const at::Tensor& flat, const Part& part) {
  return model.flat_view(flat, *model.parameters()[part.parameter])
      .narrow(0, part.first_row, part.shape.front());
}

void check_finite(const at::Tensor& tensor, const std::string& where) {
  // The sum tells in one pass without a mask; it may overflow by itself, so a bad sum is looked at
  // again.
  if (std::isfinite(tensor.sum(at::kFloat).item<float>()) ||
      at::isfinite(tensor).all().item<bool>())
    return;
  fail(
      "{}: it holds NaN or infinite values; the model is damaged, copy it again or use an earlier "
      "checkpoint",
      where);
}

void set_part(Transformer& model, const Part& part, const at::Tensor& stored,
              const std::string& where) {
  check_finite(stored, where);
  rows_of(model, model.master().defined() ? model.master() : model.values(), part).copy_(stored);
}

}  // namespace tripost
