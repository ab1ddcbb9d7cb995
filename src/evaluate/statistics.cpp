#include "evaluate/statistics.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "base/random.h"

namespace tripost {
namespace {

constexpr double kNormalQuantile = 1.959963984540054;  // of 0.975

// Linear between the two nearest of the sorted values.
double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

// The pairs of one question: of each, whether b is right minus whether a is.
using Question = std::vector<int>;

// Which pairs count in one resample: drawn again when every question has the same number of them,
// as with one for each seed; all of them otherwise.
std::vector<std::size_t> draw_pairs(std::size_t pairs, bool regular, Random& random) {
  std::vector<std::size_t> drawn(pairs);
  for (std::size_t k = 0; k < pairs; ++k) drawn[k] = regular ? random.below(pairs) : k;
  return drawn;
}

Interval bootstrap(const std::vector<Question>& questions, uint64_t seed, int resamples) {
  const std::size_t most =
      std::max_element(questions.begin(), questions.end(),
                       [](const Question& a, const Question& b) { return a.size() < b.size(); })
          ->size();
  const bool regular =
      std::all_of(questions.begin(), questions.end(),
                  [&](const Question& question) { return question.size() == most; });
  Random random(seed);
  std::vector<double> differences;
  for (int i = 0; i < resamples; ++i) {
    const std::vector<std::size_t> drawn = draw_pairs(most, regular && most > 1, random);
    int64_t gain = 0, pairs = 0;
    for (std::size_t draw = 0; draw < questions.size(); ++draw) {
      const Question& question = questions[random.below(questions.size())];
      for (const std::size_t k : drawn) {
        if (k >= question.size()) continue;
        gain += question[k];
        ++pairs;
      }
    }
    differences.push_back(static_cast<double>(gain) / static_cast<double>(pairs));
  }
  std::sort(differences.begin(), differences.end());
  return {quantile(differences, 0.025), quantile(differences, 0.975)};
}

// One seed's pairs, each appended to its question; nothing when there is none.
std::optional<SeedDifference> difference_in(const std::vector<Graded>& a,
                                            const std::vector<Graded>& b,
                                            std::map<std::string, Question>& questions) {
  std::map<std::string, bool> correct_in_a;
  for (const Graded& graded : a) correct_in_a.emplace(graded.problem_id, graded.correct);
  SeedDifference found;
  int pairs = 0;
  for (const Graded& graded : b) {
    const auto partner = correct_in_a.find(graded.problem_id);
    if (partner == correct_in_a.end()) continue;
    const int gain = graded.correct - partner->second;
    found.only_a += gain < 0;
    found.only_b += gain > 0;
    questions[graded.problem_id].push_back(gain);
    ++pairs;
  }
  if (pairs == 0) return std::nullopt;
  found.difference = static_cast<double>(found.only_b - found.only_a) / pairs;
  found.p = mcnemar_exact(found.only_a, found.only_b);
  return found;
}

}  // namespace

Interval wilson_interval(int hits, int total) {
  assert(total > 0 && hits >= 0 && hits <= total);
  const double n = total, share = hits / n, z2 = kNormalQuantile * kNormalQuantile;
  const double center = (share + z2 / (2 * n)) / (1 + z2 / n);
  const double half =
      kNormalQuantile * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n);
  // Exactly 0 and 1 at the ends, where rounding could pass them.
  return {hits == 0 ? 0.0 : center - half, hits == total ? 1.0 : center + half};
}

double mcnemar_exact(int only_a, int only_b) {
  const int total = only_a + only_b, fewer = std::min(only_a, only_b);
  double tail = 0;
  for (int k = 0; k <= fewer; ++k) {
    tail += std::exp(std::lgamma(total + 1.0) - std::lgamma(k + 1.0) -
                     std::lgamma(total - k + 1.0) - total * std::log(2.0));
  }
  return std::min(1.0, 2 * tail);
}

double p_in_every_seed(const std::map<uint64_t, SeedDifference>& by_seed) {
  double largest = by_seed.empty() ? 1.0 : 0.0;
  for (const auto& [seed, found] : by_seed) {
    if (found.difference * by_seed.begin()->second.difference < 0) return 1.0;
    largest = std::max(largest, found.p);
  }
  return largest;
}

PairedDifference paired_difference(const GradedSeeds& a, const GradedSeeds& b, uint64_t seed,
                                   int resamples) {
  PairedDifference result;
  std::map<std::string, Question> by_id;
  std::size_t answers = 0;
  for (const GradedSeeds* const all : {&a, &b}) {
    for (const auto& [number, graded] : *all) answers += graded.size();
  }
  for (const auto& [number, of_a] : a) {
    const auto of_b = b.find(number);
    if (of_b == b.end()) continue;
    const auto found = difference_in(of_a, of_b->second, by_id);
    if (!found) continue;
    result.by_seed[number] = *found;
    result.only_a += found->only_a;
    result.only_b += found->only_b;
  }
  std::vector<Question> questions;
  for (auto& [id, question] : by_id) {
    result.num_pairs += static_cast<int>(question.size());
    questions.push_back(std::move(question));
  }
  result.num_unpaired = static_cast<int>(answers) - 2 * result.num_pairs;
  result.num_questions = static_cast<int>(questions.size());
  if (questions.empty()) return result;
  result.difference = static_cast<double>(result.only_b - result.only_a) / result.num_pairs;
  result.interval = bootstrap(questions, seed, resamples);
  result.p = p_in_every_seed(result.by_seed);
  return result;
}

}  // namespace tripost
