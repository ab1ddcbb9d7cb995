#include "kernels/linear_cross_entropy.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/exp.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <optional>

#include "kernels/element.h"
#include "kernels/product.h"
#include "kernels/rows.h"
#include "kernels/weight.h"

namespace tripost::kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Logits [rows, V] -> log-probabilities of the targets; with factors, logits become factors *
// (softmax - one_hot).
void softmax_on_cpu(const at::Tensor& logits, const at::Tensor& targets, const at::Tensor& factors,
                    const at::Tensor& log_probabilities) {
  with_element(logits, [&](auto element) {
    using Element = decltype(element);
    softmax_rows<Element>({mutable_elements<Element>(logits), elements<int64_t>(targets),
                           elements<float>(factors), mutable_elements<float>(log_probabilities),
                           logits.size(0), logits.size(1)});
  });
}

void softmax_with_aten(const at::Tensor& logits, const at::Tensor& targets,
                       const at::Tensor& factors, const at::Tensor& log_probabilities) {
  at::Tensor all = at::log_softmax(logits, -1, at::kFloat);
  const at::Tensor columns = targets.unsqueeze(1);
  log_probabilities.copy_(all.gather(1, columns).squeeze(1));
  if (!factors.defined()) return;
  const at::Tensor scale = factors.unsqueeze(1);
  all.exp_().mul_(scale).scatter_add_(1, columns, -scale);
  logits.copy_(all);
}

// One call's inputs and what its chunks add up.
struct Work {
  at::Tensor hidden, head, targets, factors;  // factors = weights / denominator
  at::Tensor log_probabilities;
  at::Tensor d_hidden;  // undefined when not wanted
  at::Tensor d_head;    // float32, undefined when not wanted

  bool wants_gradient() const { return d_hidden.defined() || d_head.defined(); }
};

// Rows begin.. of the work; `logits` is memory for them.
void run_chunk(Work& work, int64_t begin, at::Tensor logits, bool with_gradient) {
  const int64_t count = logits.size(0);
  const at::Tensor hidden = work.hidden.narrow(0, begin, count);
  product_into(logits, hidden, work.head.t());
  const auto softmax = logits.is_cpu() ? softmax_on_cpu : softmax_with_aten;
  softmax(logits, work.targets.narrow(0, begin, count),
          with_gradient ? work.factors.narrow(0, begin, count) : at::Tensor(),
          work.log_probabilities.narrow(0, begin, count));
  if (!with_gradient) return;
  if (work.d_hidden.defined()) {
    product_into(work.d_hidden.narrow(0, begin, count), logits, work.head);
  }
  if (work.d_head.defined()) add_product(work.d_head, logits.t(), hidden);
}

// Memory for a chunk's logits is bounded; beyond 4096 rows a GEMM gets no faster. On the CPU 64M
// elements, because every chunk passes over the head's whole gradient; on CUDA softmax_with_aten
// also holds two float32 copies.
int64_t default_rows_per_chunk(int64_t vocabulary, bool cuda) {
  const int64_t elements = int64_t{1} << (cuda ? 28 : 26);
  return std::clamp<int64_t>(elements / vocabulary, 64, cuda ? 16384 : 4096);
}

// Rows 0..trained-1 with gradient, the others without.
void run_chunks(Work& work, int64_t trained, int64_t rows_per_chunk) {
  const int64_t rows = work.hidden.size(0);
  const at::Tensor memory =
      at::empty({std::min(rows, rows_per_chunk), work.head.size(0)}, work.hidden.options());
  for (int64_t begin = 0; begin < rows;) {
    const bool with_gradient = work.wants_gradient() && begin < trained;
    const int64_t end = with_gradient ? trained : rows;
    const int64_t count = std::min(rows_per_chunk, end - begin);
    run_chunk(work, begin, memory.narrow(0, 0, count), with_gradient);
    begin += count;
  }
}

// Weighted rows first, in their order, so that the others can be left out of the gradient's
// products; not where those are so few that moving rows costs more.
void run_weighted_first(Work& work, const at::Tensor& weights, int64_t rows_per_chunk) {
  const at::Tensor weighted = weights.ne(0).nonzero().squeeze(1);
  if (8 * weighted.size(0) >= 7 * weights.size(0)) {
    run_chunks(work, weights.size(0), rows_per_chunk);
    return;
  }
  const at::Tensor order = at::cat({weighted, weights.eq(0).nonzero().squeeze(1)});
  Work sorted = work;
  sorted.hidden = work.hidden.index_select(0, order);
  sorted.targets = work.targets.index_select(0, order);
  sorted.factors = work.factors.index_select(0, order);
  sorted.log_probabilities = at::empty_like(work.log_probabilities);
  if (work.d_hidden.defined()) sorted.d_hidden = at::zeros_like(work.d_hidden);
  run_chunks(sorted, weighted.size(0), rows_per_chunk);
  work.log_probabilities.index_copy_(0, order, sorted.log_probabilities);
  if (work.d_hidden.defined()) work.d_hidden.index_copy_(0, order, sorted.d_hidden);
}

struct LinearCrossEntropy : torch::autograd::Function<LinearCrossEntropy> {
  static variable_list forward(AutogradContext* context, const at::Tensor& hidden,
                               const at::Tensor& head, const std::optional<at::Tensor>& gradient,
                               const at::Tensor& targets, const at::Tensor& weights,
                               const std::pair<double, int64_t>& denominator_and_rows,
                               bool wants_hidden) {
    const at::Tensor factors = weights / denominator_and_rows.first;
    Work work{hidden, head, targets, factors, at::empty_like(factors), at::Tensor(), at::Tensor()};
    if (wants_hidden) work.d_hidden = at::empty_like(hidden);
    if (gradient) work.d_head = at::zeros(head.sizes(), gradient->options());
    if (hidden.is_cpu() && work.wants_gradient()) {
      run_weighted_first(work, weights, denominator_and_rows.second);
    } else {
      run_chunks(work, hidden.size(0), denominator_and_rows.second);
    }
    if (wants_hidden) context->saved_data["d_hidden"] = work.d_hidden;
    if (gradient) {
      context->saved_data["d_head"] = work.d_head;
      context->saved_data["gradient"] = *gradient;
    }
    context->mark_non_differentiable({work.log_probabilities});
    return {-(work.log_probabilities * factors).sum(), work.log_probabilities};
  }

  static variable_list backward(AutogradContext* context, const variable_list& incoming) {
    const auto& saved = context->saved_data;
    at::Tensor d_hidden;
    if (const auto found = saved.find("d_hidden"); found != saved.end()) {
      d_hidden = found->second.toTensor() * incoming[0];
    }
    if (const auto found = saved.find("d_head"); found != saved.end()) {
      at::Tensor gradient = saved.at("gradient").toTensor();
      gradient.addcmul_(found->second.toTensor(), incoming[0]);
    }
    variable_list gradients(7);
    gradients[0] = d_hidden;
    return gradients;
  }
};

}  // namespace

WeightedLoss chunked_linear_cross_entropy(const at::Tensor& hidden, const Parameter& head,
                                          const at::Tensor& targets, const at::Tensor& weights,
                                          double denominator, int64_t rows_per_chunk) {
  if (rows_per_chunk == 0) {
    rows_per_chunk = default_rows_per_chunk(head.value.size(0), hidden.is_cuda());
  }
  const bool wants_hidden = c10::GradMode::is_enabled() && hidden.requires_grad();
  const variable_list outputs = LinearCrossEntropy::apply(
      hidden.contiguous(), head.value,
      records_gradient(head) ? std::optional(head.gradient) : std::nullopt, targets.contiguous(),
      weights.contiguous(), std::pair(denominator, rows_per_chunk), wants_hidden);
  return {outputs[0], outputs[1]};
}

}  // namespace tripost::kernels
