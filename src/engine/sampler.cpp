#include "engine/sampler.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

#include "base/random.h"

namespace tripost {

Sampler::Sampler(int64_t vocab_size)
    : vocab_size_(vocab_size),
      padded_((vocab_size + kernels::kRowPadding - 1) / kernels::kRowPadding *
              kernels::kRowPadding),
      kernels_(*kernels::runnable_sampling_kernels().back()),
      row_(padded_, -std::numeric_limits<float>::infinity()),
      weights_(padded_),
      block_largest_(padded_ / kernels::kRowPadding),
      sorted_blocks_(block_largest_.size()) {
  candidates_.reserve(vocab_size);
}

Draw Sampler::sample(const float* logits, const Sampling& sampling, uint64_t seed, int64_t position,
                     const std::vector<int32_t>& seen) {
  std::memcpy(row_.data(), logits, static_cast<std::size_t>(vocab_size_) * sizeof(float));
  return sample_row(sampling, seed, position, seen);
}

Draw Sampler::sample_bfloat16(const uint16_t* logits, const Sampling& sampling, uint64_t seed,
                              int64_t position, const std::vector<int32_t>& seen) {
  kernels_.widen(logits, vocab_size_, row_.data());
  return sample_row(sampling, seed, position, seen);
}

// Keeps what it changes for undo_penalty().
void Sampler::penalise(const std::vector<int32_t>& seen, double penalty) {
  unpenalised_.clear();
  for (const int32_t id : seen) {
    const float logit = row_[id];
    unpenalised_.push_back(logit);
    row_[id] = static_cast<float>(logit > 0 ? logit / penalty : logit * penalty);
  }
}

void Sampler::undo_penalty(const std::vector<int32_t>& seen) {
  for (std::size_t i = 0; i < seen.size(); ++i) row_[seen[i]] = unpenalised_[i];
}

Draw Sampler::sample_row(const Sampling& sampling, uint64_t seed, int64_t position,
                         const std::vector<int32_t>& seen) {
  const float largest = kernels_.largest(row_.data(), padded_);
  const bool greedy = sampling.temperature <= 0.0;
  const bool penalised = sampling.repetition_penalty != 1.0 && !seen.empty();
  const bool reshaped = !greedy && (penalised || sampling.temperature != 1.0);
  float* weights = greedy || reshaped ? nullptr : weights_.data();
  const double sum = kernels_.exponentials(row_.data(), padded_, largest, 1.0f, weights);
  if (!(sum > 0.5) || !std::isfinite(sum)) return {};
  log_normaliser_ = largest + std::log(sum);
  if (penalised) penalise(seen, sampling.repetition_penalty);
  const float top = penalised ? kernels_.largest(row_.data(), padded_) : largest;
  int64_t id;
  if (greedy) {
    id = std::find(row_.begin(), row_.end(), top) - row_.begin();
  } else {
    double total = sum;
    if (reshaped) {
      const float scale = static_cast<float>(std::min(1.0 / sampling.temperature, 1e30));
      total = kernels_.exponentials(row_.data(), padded_, top, scale, weights_.data());
    }
    truncate(sampling, total);
    Random random(seed_from({seed, static_cast<uint64_t>(position)}));
    id = kernels_.find(weights_.data(), padded_, random.uniform() * total);
  }
  if (penalised) undo_penalty(seen);
  return {static_cast<int32_t>(id), static_cast<float>(row_[id] - largest - std::log(sum))};
}

std::vector<LikelyToken> Sampler::likeliest(int count) const {
  std::vector<int32_t> ids(static_cast<std::size_t>(vocab_size_));
  std::iota(ids.begin(), ids.end(), 0);
  const auto end = ids.begin() + std::min<int64_t>(count, vocab_size_);
  std::partial_sort(ids.begin(), end, ids.end(), [&](int32_t a, int32_t b) {
    return row_[a] != row_[b] ? row_[a] > row_[b] : a < b;
  });
  std::vector<LikelyToken> tokens;
  for (auto id = ids.begin(); id != end; ++id)
    tokens.push_back({*id, static_cast<float>(row_[*id] - log_normaliser_)});
  return tokens;
}

// Sets the weights of tokens that the rules leave out to 0; the largest weight is 1.
void Sampler::truncate(const Sampling& sampling, double& total) {
  const bool by_count = sampling.top_k > 0 && sampling.top_k < vocab_size_;
  const bool by_mass = sampling.top_p < 1.0;
  if (!by_count && !by_mass && sampling.min_p <= 0.0) return;
  // What weighs less than this all together weighs less than 1 - top_p, so no nucleus needs it.
  const double mass_bound = total * (1.0 - sampling.top_p) / static_cast<double>(vocab_size_);
  kernels_.block_largest(weights_.data(), padded_, block_largest_.data());
  if (by_count) {
    gather(kth_bound(sampling.top_k));
  } else {
    gather(by_mass ? static_cast<float>(mass_bound) : static_cast<float>(sampling.min_p));
  }
  std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.id < b.id;
  });
  if (by_count && static_cast<int64_t>(candidates_.size()) > sampling.top_k)
    candidates_.resize(sampling.top_k);
  if (by_count) {
    total = 0;
    for (const Candidate& candidate : candidates_) total += static_cast<double>(candidate.weight);
  }
  const double mass = by_mass ? sampling.top_p * total : std::numeric_limits<double>::infinity();
  std::fill(weights_.begin(), weights_.end(), 0.0f);
  double kept = 0;
  for (const Candidate& candidate : candidates_) {
    const bool first = kept == 0;
    if (!first && (kept >= mass || static_cast<double>(candidate.weight) < sampling.min_p)) break;
    weights_[candidate.id] = candidate.weight;
    kept += static_cast<double>(candidate.weight);
  }
  total = kept;
}

// At least k weights are as large as this: the k-th largest of the blocks' largest.
float Sampler::kth_bound(int64_t k) {
  if (k > static_cast<int64_t>(block_largest_.size())) return 0.0f;
  sorted_blocks_ = block_largest_;
  std::nth_element(sorted_blocks_.begin(), sorted_blocks_.begin() + (k - 1), sorted_blocks_.end(),
                   std::greater<>());
  return sorted_blocks_[k - 1];
}

// Tokens with some weight, at least `at_least`.
void Sampler::gather(float at_least) {
  candidates_.clear();
  for (std::size_t block = 0; block < block_largest_.size(); ++block) {
    if (block_largest_[block] < at_least || block_largest_[block] == 0.0f) continue;
    const int64_t start = static_cast<int64_t>(block) * kernels::kRowPadding;
    for (int64_t id = start; id < start + kernels::kRowPadding; ++id) {
      if (weights_[id] >= at_least && weights_[id] > 0.0f)
        candidates_.push_back({weights_[id], static_cast<int32_t>(id)});
    }
  }
}

}  // namespace tripost
