#include "model/decoder.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/index_select.h>
#include <c10/core/InferenceMode.h>

#include <cassert>
#include <chrono>
#include <cmath>

#include "kernels/operations.h"
#include "model/layer.h"

namespace tripost {
namespace {

using Clock = std::chrono::steady_clock;

// Adds the seconds of its life to `total`.
class Timer {
 public:
  explicit Timer(double& total) : total_(total), start_(Clock::now()) {}
  ~Timer() { total_ += std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  double& total_;
  Clock::time_point start_;
};

// The first `rows` rows of every buffer.
struct Rows {
  int64_t rows = -1;
  at::Tensor qkv, attention, projected, gate_up;
};

kernels::CacheShape cache_shape(const ModelConfig& config, const DecoderOptions& options) {
  return {config.num_layers,    config.num_heads,
          config.num_kv_heads,  config.head_dim,
          options.num_slots,    options.tokens_per_slot,
          options.total_tokens, 1.0 / std::sqrt(static_cast<double>(config.head_dim)),
          config.windows};
}

}  // namespace

struct Decoder::Buffers {
  void product(const at::Tensor& target, const at::Tensor& x, const DecoderWeight& weight,
               DecoderTimes& times) const {
    const Timer timer(times.matrix_products);
    weight.product(x, target);
  }

  Rows all;
  Rows step;      // of every token
  Rows selected;  // of the tokens whose logits are wanted
  at::Tensor logits_space, logits;
  at::Tensor ids;  // of the step, on the model's device
  at::Tensor residual, normed;

  void use(Rows& part, int64_t rows) const {
    if (part.rows == rows) return;
    part = {rows, all.qkv.narrow(0, 0, rows), all.attention.narrow(0, 0, rows),
            all.projected.narrow(0, 0, rows), all.gate_up.narrow(0, 0, rows)};
  }
};

Decoder::Decoder(Transformer& model, const DecoderOptions& options,
                 std::shared_ptr<const DecoderWeights> weights,
                 std::shared_ptr<kernels::PagePool> pages)
    : model_(model), weights_(std::move(weights)), buffers_(new Buffers) {
  const c10::InferenceMode inference;
  const ModelConfig& config = model.config();
  const kernels::CacheShape shape = cache_shape(config, options);
  cache_ = model.device().is_cpu()
               ? kernels::make_paged_cache(shape, model.dtype(), model.rope_cos(), model.rope_sin(),
                                           std::move(pages))
               : kernels::make_slot_cache(shape, model.dtype(), model.rope_cos(), model.rope_sin());
  const auto buffer = [&](int64_t rows, int64_t columns) {
    return at::empty({rows, columns},
                     at::TensorOptions().device(model.device()).dtype(model.dtype()));
  };
  const int64_t rows = options.max_rows, heads = config.num_heads;
  buffers_->all = {rows, buffer(rows, (heads + 2 * config.num_kv_heads) * config.head_dim),
                   buffer(rows, heads * config.head_dim), buffer(rows, config.hidden_size),
                   buffer(rows, 2 * config.intermediate_size)};
  buffers_->logits_space = buffer(options.num_slots, config.vocab_size);
}

Decoder::~Decoder() = default;

int64_t Decoder::cache_bytes_per_token(const Transformer& model) {
  const ModelConfig& config = model.config();
  const int64_t element = model.dtype() == at::kFloat ? 4 : 2;
  const int64_t padded = (config.head_dim + 15) / 16 * 16;
  return 2 * config.num_layers * config.num_kv_heads * padded * element;
}

std::shared_ptr<kernels::PagePool> Decoder::make_page_pool(const Transformer& model, int64_t tokens,
                                                           bool retains) {
  if (!model.device().is_cpu()) return nullptr;
  return kernels::make_page_pool(cache_shape(model.config(), {}), model.dtype(), tokens, retains);
}

// Residual and its norm in, residual and the next norm out. The last layer goes on with the wanted
// rows only.
void Decoder::layer(int64_t index, const DecoderStep& step) {
  Buffers& b = *buffers_;
  const DecoderLayerWeights& weights = weights_->layers[index];
  const Layer& parameters = model_.layers()[index];
  const bool last = index + 1 == model_.config().num_layers;
  const double epsilon = model_.config().rms_norm_eps;
  b.product(b.step.qkv, b.normed, weights.qkv, times_);
  {
    const Timer timer(times_.attention);
    const ModelConfig& config = model_.config();
    const at::Tensor qkv =
        normalise_heads(b.step.qkv, parameters, config.num_heads, config.num_kv_heads, epsilon);
    cache_->attend(index, qkv, b.step.attention);
  }
  Rows* rows = &b.step;
  at::Tensor attention = b.step.attention;
  if (last && static_cast<int64_t>(step.logits_rows.size()) < b.step.rows) {
    const auto wanted = at::from_blob(const_cast<int64_t*>(step.logits_rows.data()),
                                      {static_cast<int64_t>(step.logits_rows.size())}, at::kLong)
                            .to(model_.device());
    attention = at::index_select(attention, 0, wanted);
    b.residual = at::index_select(b.residual, 0, wanted);
    rows = &b.selected;
    b.use(*rows, wanted.numel());
  }
  b.product(rows->projected, attention, weights.output, times_);
  std::tie(b.residual, b.normed) =
      kernels::add_rms_norm(b.residual, rows->projected, parameters.mlp_norm, epsilon);
  b.product(rows->gate_up, b.normed, weights.gate_up, times_);
  b.product(rows->projected, kernels::swiglu(rows->gate_up), weights.down, times_);
  const Parameter& next = last ? model_.final_norm() : model_.layers()[index + 1].attention_norm;
  std::tie(b.residual, b.normed) =
      kernels::add_rms_norm(b.residual, rows->projected, next, epsilon);
}

const at::Tensor& Decoder::forward(const DecoderStep& step) {
  const c10::InferenceMode inference;
  const auto start = Clock::now();
  const DecoderTimes before = times_;
  Buffers& b = *buffers_;
  const int64_t rows = static_cast<int64_t>(step.ids.size());
  const int64_t wanted = static_cast<int64_t>(step.logits_rows.size());
  assert(rows > 0 && rows <= b.all.rows && wanted > 0);
  b.use(b.step, rows);
  cache_->begin_step(step.sequences);
  b.ids =
      at::from_blob(const_cast<int64_t*>(step.ids.data()), {rows}, at::kLong).to(model_.device());
  b.residual = kernels::embedding(b.ids, model_.embedding());
  b.normed = kernels::rms_norm(b.residual, model_.layers().front().attention_norm,
                               model_.config().rms_norm_eps);
  for (int64_t index = 0; index < model_.config().num_layers; ++index) layer(index, step);
  if (!b.logits.defined() || b.logits.size(0) != wanted)
    b.logits = b.logits_space.narrow(0, 0, wanted);
  b.product(b.logits, b.normed, weights_->head, times_);
  times_.rest += std::chrono::duration<double>(Clock::now() - start).count() -
                 (times_.matrix_products - before.matrix_products) -
                 (times_.attention - before.attention);
  return b.logits;
}

}  // namespace tripost
