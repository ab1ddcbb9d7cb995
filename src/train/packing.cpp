#include "train/packing.h"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "base/random.h"

namespace tripost {
namespace {

int64_t total(const std::vector<int64_t>& lengths) {
  return std::accumulate(lengths.begin(), lengths.end(), int64_t{0});
}

// Longest example first, each into the bin with the fewest tokens (Graham 1969, LPT rule).
std::vector<Indices> fill_bins(const Indices& longest_first, const std::vector<int64_t>& lengths,
                               std::size_t num_bins) {
  std::vector<Indices> bins(num_bins);
  std::vector<int64_t> tokens(num_bins, 0);
  for (const int64_t index : longest_first) {
    const auto least = std::min_element(tokens.begin(), tokens.end()) - tokens.begin();
    bins[least].push_back(index);
    tokens[least] += lengths[index];
  }
  return bins;
}

bool fits(const Indices& bin, const std::vector<int64_t>& lengths, int64_t limit) {
  int64_t tokens = 0;
  for (const int64_t index : bin) tokens += lengths[index];
  return tokens <= limit || bin.size() == 1;
}

}  // namespace

int64_t steps_per_epoch(const std::vector<int64_t>& lengths, int64_t batch_tokens) {
  assert(batch_tokens > 0);
  if (lengths.empty()) return 0;
  const int64_t rounded = (total(lengths) + batch_tokens / 2) / batch_tokens;
  return std::clamp<int64_t>(rounded, 1, static_cast<int64_t>(lengths.size()));
}

std::vector<Indices> epoch_steps(const std::vector<int64_t>& lengths, int64_t batch_tokens,
                                 uint64_t seed) {
  Indices order(lengths.size());
  std::iota(order.begin(), order.end(), 0);
  Random(seed).shuffle(order);

  const auto num_steps = static_cast<std::size_t>(steps_per_epoch(lengths, batch_tokens));
  std::vector<Indices> steps(num_steps);
  const double share = num_steps > 0 ? static_cast<double>(total(lengths)) / num_steps : 0;
  std::size_t next = 0;
  double taken = 0;
  for (std::size_t step = 0; step < num_steps; ++step) {
    const double border = share * static_cast<double>(step + 1);
    const std::size_t steps_after = num_steps - step - 1;
    // An example belongs to the step in which its middle lies; every step gets at least one.
    while (order.size() - next > steps_after && (steps[step].empty() || steps_after == 0 ||
                                                 taken + lengths[order[next]] / 2.0 <= border)) {
      taken += static_cast<double>(lengths[order[next]]);
      steps[step].push_back(order[next++]);
    }
  }
  return steps;
}

std::vector<Indices> micro_batches(const Indices& step, const std::vector<int64_t>& lengths,
                                   int64_t limit, int64_t streams) {
  assert(limit > 0 && streams > 0);
  Indices longest_first = step;
  std::stable_sort(longest_first.begin(), longest_first.end(),
                   [&](int64_t a, int64_t b) { return lengths[a] > lengths[b]; });
  int64_t tokens = 0;
  for (const int64_t index : step) tokens += lengths[index];
  const auto count = static_cast<int64_t>(step.size());
  const int64_t rounds = std::max<int64_t>(1, (tokens + limit * streams - 1) / (limit * streams));
  // Where bins of uneven examples overflow, a sixteenth more bins at a time keeps the search short
  // for large steps.
  for (int64_t bins = rounds * streams;;
       bins += streams * std::max<int64_t>(1, bins / streams / 16)) {
    auto result =
        fill_bins(longest_first, lengths, static_cast<std::size_t>(std::min(bins, count)));
    const bool all_fit = std::all_of(result.begin(), result.end(),
                                     [&](const Indices& bin) { return fits(bin, lengths, limit); });
    if (all_fit) return result;
  }
}

}  // namespace tripost
