#include "trajectory/balance.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <set>
#include <string>

#include "base/random.h"

namespace tripost {
namespace {

enum Draw : uint64_t { kWhichRecords = 1, kOrder = 2 };

// Orders records by a random key of their own, so that the order in which they were collected
// cannot matter.
void shuffle_by_identity(std::vector<Record>& records, uint64_t seed, Draw draw) {
  std::vector<std::pair<uint64_t, std::size_t>> keys;
  for (std::size_t i = 0; i < records.size(); ++i) {
    keys.emplace_back(seed_from({seed, draw, hash_text(records[i].text)}), i);
  }
  std::sort(keys.begin(), keys.end());
  std::vector<Record> shuffled;
  for (const auto& [key, index] : keys) shuffled.push_back(std::move(records[index]));
  records = std::move(shuffled);
}

// The records of one kind on their way: offered, then without duplicates, then cut down.
struct Pool {
  std::vector<Record> records;
  KindCounts counts;

  void offer(const Record& record, std::set<std::string>& texts) {
    ++counts.offered;
    if (texts.insert(record.text).second) {
      records.push_back(record);
    } else {
      ++counts.duplicates;
    }
  }
  int size() const { return static_cast<int>(records.size()); }
  int cut(int size_wanted) {
    const int removed = std::max(0, size() - size_wanted);
    records.resize(records.size() - static_cast<std::size_t>(removed));
    return removed;
  }
};

// floor(n * max / total) of each kind, so that the mix stays what it was and the sum is at most
// max.
void thin_out(std::vector<Pool*> pools, int max_records) {
  int64_t total = 0;
  for (const Pool* pool : pools) total += pool->size();
  if (max_records <= 0 || total <= max_records) return;
  for (Pool* pool : pools) {
    const int64_t share = pool->size() * static_cast<int64_t>(max_records) / total;
    pool->counts.beyond_max = pool->cut(static_cast<int>(share));
  }
}

int non_improvement_wanted(int improvements, int available, double ratio) {
  if (ratio <= 0) return available;
  return static_cast<int>(std::min<double>(available, std::ceil(improvements / ratio)));
}

}  // namespace

Balanced balance(const std::vector<Record>& collected, const std::vector<Record>& gold,
                 const BalanceConfig& config, uint64_t seed) {
  Pool improvement, non_improvement, from_gold;
  std::set<std::string> texts;
  for (const Record& record : collected) {
    if (record.kind == RecordKind::kCorrected) continue;
    assert(record.kind == RecordKind::kImprovement || record.kind == RecordKind::kNonImprovement);
    (record.kind == RecordKind::kImprovement ? improvement : non_improvement).offer(record, texts);
  }
  // Last, so that of a right attempt and a corrected one of the same words the first stays,
  // whichever came before.
  for (const Record& record : collected) {
    if (record.kind == RecordKind::kCorrected) non_improvement.offer(record, texts);
  }
  shuffle_by_identity(improvement.records, seed, kWhichRecords);
  shuffle_by_identity(non_improvement.records, seed, kWhichRecords);
  const int wanted =
      non_improvement_wanted(improvement.size(), non_improvement.size(), config.improve_data_ratio);
  non_improvement.counts.beyond_ratio = non_improvement.cut(wanted);

  // Gold is compared with what the ratio left. A model that is often right says gold word for word:
  // compared with all that it said, hardly any gold would be left to hold the mix.
  std::set<std::string> kept;
  for (const Record& record : non_improvement.records) {
    if (record.kind == RecordKind::kNonImprovement) kept.insert(record.text);
  }
  for (const Record& record : gold) {
    assert(record.kind == RecordKind::kGold);
    from_gold.offer(record, kept);
  }
  shuffle_by_identity(from_gold.records, seed, kWhichRecords);
  from_gold.counts.beyond_ratio = from_gold.cut(non_improvement.size());

  const std::vector<Pool*> pools = {&improvement, &non_improvement, &from_gold};
  thin_out(pools, config.max_records);

  Balanced balanced;
  for (Pool* pool : pools) {
    pool->counts.kept = pool->size();
    for (Record& record : pool->records) balanced.records.push_back(std::move(record));
  }
  shuffle_by_identity(balanced.records, seed, kOrder);
  balanced.improvement = improvement.counts;
  balanced.non_improvement = non_improvement.counts;
  balanced.gold = from_gold.counts;
  return balanced;
}

int remove_duplicates(std::vector<Trajectory>& trajectories) {
  std::set<std::vector<std::string>> seen;
  const auto is_duplicate = [&](const Trajectory& trajectory) {
    std::vector<std::string> words = {trajectory.problem.question};
    for (const Step& step : trajectory.steps)
      words.insert(words.end(), {step.attempt.text, step.feedback.text});
    return !seen.insert(std::move(words)).second;
  };
  return static_cast<int>(std::erase_if(trajectories, is_duplicate));
}

}  // namespace tripost
