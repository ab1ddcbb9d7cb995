#include "train/batch.h"

#include <ATen/ops/empty.h>

#include <cassert>

#include "base/random.h"

namespace tripost {
namespace {

// Gathering rows costs a copy of the hidden states each way: below this share of trained positions
// it saves more.
constexpr double kGatherBelow = 0.85;

template <class T>
at::Tensor to_tensor(const std::vector<T>& values, at::ScalarType type, at::Device device) {
  at::Tensor tensor = at::empty({static_cast<int64_t>(values.size())}, at::TensorOptions(type));
  std::copy(values.begin(), values.end(), tensor.mutable_data_ptr<T>());
  return tensor.to(device);
}

struct Columns {
  std::vector<int64_t> ids, positions, rows, targets;
  std::vector<int32_t> starts{0};
  std::vector<float> weights;
};

void append(Columns& columns, const Example& example) {
  const std::size_t length = example.ids.size();
  assert(length > 0 && example.weights.size() == length);
  for (std::size_t t = 0; t < length; ++t) {
    const bool last = t + 1 == length;
    const float weight = last ? 0.0f : example.weights[t + 1];
    if (weight > 0) columns.rows.push_back(static_cast<int64_t>(columns.ids.size()));
    columns.ids.push_back(example.ids[t]);
    columns.positions.push_back(static_cast<int64_t>(t));
    columns.targets.push_back(last ? 0 : example.target(t + 1));
    columns.weights.push_back(weight);
  }
  columns.starts.push_back(static_cast<int32_t>(columns.ids.size()));
}

// What is missing to a multiple of `unit`; 0 where filling up costs more than it saves.
std::size_t missing(std::size_t count, int64_t unit) {
  const auto size = static_cast<std::size_t>(unit);
  const std::size_t rest = (size - count % size) % size;
  return 32 * rest <= count ? rest : 0;
}

void fill_up(Columns& columns, int64_t row_multiple) {
  const std::size_t tokens = missing(columns.ids.size(), row_multiple);
  if (tokens == 0) return;
  append(columns, {std::vector<int32_t>(tokens, 0), std::vector<float>(tokens, 0.0f), {}});
}

// One for each of `count` tokens; what fills the row up gets some too.
at::Tensor dropout_keys(const std::vector<const Example*>& examples, const Indices& chosen,
                        std::size_t count, uint64_t seed, at::Device device) {
  std::vector<int64_t> keys;
  for (const int64_t index : chosen) {
    for (std::size_t t = 0; t < examples[index]->ids.size(); ++t)
      keys.push_back(seed_from({seed, static_cast<uint64_t>(index), t}) & 0xFFFFFFFF);
  }
  keys.resize(count, 0);
  return to_tensor(keys, at::kLong, device);
}

template <class T>
std::vector<T> pick(const std::vector<T>& values, const std::vector<int64_t>& rows) {
  std::vector<T> picked;
  picked.reserve(rows.size());
  for (const int64_t row : rows) picked.push_back(values[row]);
  return picked;
}

}  // namespace

Batch make_batch(const std::vector<const Example*>& examples, const Indices& chosen,
                 at::Device device, int64_t row_multiple, std::optional<uint64_t> dropout_seed) {
  Columns columns;
  for (const int64_t index : chosen) append(columns, *examples[index]);
  fill_up(columns, row_multiple);
  Batch batch;
  batch.tokens.ids = to_tensor(columns.ids, at::kLong, device);
  batch.tokens.positions = to_tensor(columns.positions, at::kLong, device);
  batch.tokens.starts = to_tensor(columns.starts, at::kInt, at::kCPU);
  if (dropout_seed) {
    batch.tokens.dropout_keys =
        dropout_keys(examples, chosen, columns.ids.size(), *dropout_seed, device);
  }
  batch.trained = !columns.rows.empty();
  if (static_cast<double>(columns.rows.size()) <
      kGatherBelow * static_cast<double>(columns.ids.size())) {
    // The very last position predicts nothing, so it has no weight.
    columns.rows.resize(columns.rows.size() + missing(columns.rows.size(), row_multiple),
                        static_cast<int64_t>(columns.ids.size()) - 1);
    batch.rows = to_tensor(columns.rows, at::kLong, device);
    columns.targets = pick(columns.targets, columns.rows);
    columns.weights = pick(columns.weights, columns.rows);
  }
  batch.targets = to_tensor(columns.targets, at::kLong, device);
  batch.weights = to_tensor(columns.weights, at::kFloat, device);
  return batch;
}

double loss_denominator(const std::vector<const Example*>& examples, const Indices& step,
                        Normalisation normalisation) {
  double sum = 0;
  for (const int64_t index : step) {
    const std::vector<float>& weights = examples[index]->weights;
    for (std::size_t t = 1; t < weights.size(); ++t) {
      if (weights[t] > 0) sum += normalisation == Normalisation::kWeights ? weights[t] : 1.0;
    }
  }
  return sum;
}

}  // namespace tripost
