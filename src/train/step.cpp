#include "train/step.h"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <cassert>
#include <exception>

#include "kernels/memory.h"
#include "kernels/operations.h"
#include "kernels/parallel.h"

namespace tripost {
namespace {

// Above this many bytes of extra gradient buffers a model is big enough to keep every thread busy
// in each operation.
constexpr int64_t kMaxReplicaBytes = int64_t{1} << 30;
constexpr int64_t kMaxReplicaBytesWithRecompute = int64_t{1} << 26;

// Shares the weights' storage; gradients start at zero.
Transformer make_replica(const Transformer& model) {
  Transformer replica = model;
  at::Tensor& gradients = replica.trained().gradients;
  gradients = at::zeros_like(gradients);
  for (Parameter* parameter : replica.trained_parameters()) {
    parameter->gradient = replica.flat_view(gradients, *parameter);
    parameter->value = parameter->value.detach().requires_grad_();
  }
  return replica;
}

// Forward and backward of one micro-batch; the loss stays on the device.
at::Tensor accumulate(Transformer& model, const Batch& batch, double denominator, bool recompute) {
  at::AutoGradMode with_gradients(true);
  at::Tensor hidden = model.hidden(batch.tokens, recompute);
  if (batch.rows.defined()) hidden = at::index_select(hidden, 0, batch.rows);
  at::Tensor loss =
      kernels::linear_cross_entropy(hidden, model.head(), batch.targets, batch.weights, denominator)
          .loss;
  loss.backward();
  return loss.detach();
}

// gradients += each replica's, in their order; the replicas' are zero again.
void add_up(at::Tensor& gradients, std::vector<Transformer>& replicas) {
  float* sum = gradients.mutable_data_ptr<float>();
  kernels::parallel_for(gradients.numel(), 1 << 15, [&](int64_t begin, int64_t end) {
    for (Transformer& replica : replicas) {
      float* part = replica.trained().gradients.mutable_data_ptr<float>();
      for (int64_t i = begin; i < end; ++i) sum[i] += part[i];
      std::fill(part + begin, part + end, 0.0f);
    }
  });
}

}  // namespace

StepRunner::StepRunner(Transformer& model, int64_t streams, bool recompute)
    : model_(model), recompute_(recompute) {
  assert(model.training_enabled() && streams > 0 && (streams == 1 || model.device().is_cpu()));
  if (model.device().is_cpu()) kernels::keep_freed_memory();
  for (int64_t stream = 1; stream < streams; ++stream) replicas_.push_back(make_replica(model));
}

double StepRunner::run(const std::vector<Batch>& batches, double denominator) {
  return replicas_.empty() ? run_in_turn(batches, denominator)
                           : run_side_by_side(batches, denominator);
}

double StepRunner::run_in_turn(const std::vector<Batch>& batches, double denominator) {
  at::Tensor sum = at::zeros({}, at::TensorOptions(at::kDouble).device(model_.device()));
  for (const Batch& batch : batches) {
    if (batch.trained) sum.add_(accumulate(model_, batch, denominator, recompute_));
  }
  return sum.item<double>();  // the step's only wait for the device besides the gradient norm
}

void StepRunner::run_stream(std::size_t stream, const std::vector<Batch>& batches,
                            double denominator, std::vector<double>& losses) {
  Transformer& model = stream == 0 ? model_ : replicas_[stream - 1];
  const std::size_t num_streams = 1 + replicas_.size();
  for (std::size_t i = stream; i < batches.size(); i += num_streams) {
    if (!batches[i].trained) continue;
    losses[i] = accumulate(model, batches[i], denominator, recompute_).item<double>();
  }
}

double StepRunner::run_side_by_side(const std::vector<Batch>& batches, double denominator) {
  std::vector<double> losses(batches.size(), 0.0);
  std::vector<std::exception_ptr> failures(static_cast<std::size_t>(streams()));
  // Inside, every operation runs on the calling thread alone.
  kernels::parallel_tasks(streams(), [&](int64_t stream) {
    try {
      run_stream(static_cast<std::size_t>(stream), batches, denominator, losses);
    } catch (...) {  // must not leave an OpenMP region
      failures[stream] = std::current_exception();
    }
  });
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
  add_up(model_.trained().gradients, replicas_);
  double sum = 0;
  for (const double loss : losses) sum += loss;
  return sum;
}

int64_t useful_streams(Transformer& model, bool recompute) {
  const int64_t threads = at::get_num_threads();
  const int64_t replica_bytes =
      model.trained().gradients.numel() * static_cast<int64_t>(sizeof(float)) * (threads - 1);
  const int64_t most = recompute ? kMaxReplicaBytesWithRecompute : kMaxReplicaBytes;
  return model.device().is_cpu() && replica_bytes <= most ? threads : 1;
}

}  // namespace tripost
