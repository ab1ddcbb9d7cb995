// Which records train: duplicates removed, kinds mixed as the paper mixes them (improvement :
// non-improvement : gold = improve_data_ratio : 1 : 1), and everything left out counted by cause.
//
// Pure functions. Which records are drawn depends on the seed and on their texts only, never on
// their order.
#pragma once

#include <cstdint>
#include <vector>

#include "trajectory/record.h"
#include "trajectory/trajectory.h"

namespace tripost {

struct BalanceConfig {
  double improve_data_ratio =
      1.5;  // improvement records per non-improvement record; 0 or less keeps all of them
  int max_records = 0;  // every kind is thinned by the same share; 0 = no limit
};

// Records of one kind: offered = duplicates + beyond_ratio + beyond_max + kept.
struct KindCounts {
  int offered = 0;
  int duplicates = 0;    // the same text was there before
  int beyond_ratio = 0;  // more than the mix asks for
  int beyond_max = 0;    // thinned out to max_records
  int kept = 0;
};

struct Balanced {
  std::vector<Record> records;                    // in a random order
  KindCounts improvement, non_improvement, gold;  // corrected records count as non-improvement
};

// `collected` holds the records of the iteration's trajectories, `gold` one for every problem of
// the iteration; a gold record that is word for word a right attempt among the kept ones counts as
// a duplicate. One that a corrected attempt equals does not: corrections are often the gold
// solution, and the paper compares gold with whole trajectories, which then open with a wrong
// attempt. n_non = min(ceil(n_imp / ratio), available) and n_gold = min(n_non, available). Records
// of another kind than their list's are a programmer's mistake.
Balanced balance(const std::vector<Record>& collected, const std::vector<Record>& gold,
                 const BalanceConfig& config, uint64_t seed);

// Removes trajectories that say word for word what an earlier one says, question included. Returns
// how many.
int remove_duplicates(std::vector<Trajectory>& trajectories);

}  // namespace tripost
