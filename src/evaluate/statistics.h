// Intervals and paired tests for accuracies: how far a table's figures can be trusted.
//
// Pure functions; what is drawn depends on the seed and the question ids only, never on the order
// of the answers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tripost {

struct Interval {
  double low = 0.0;
  double high = 0.0;
};

// Wilson's 95% score interval of a share (E. B. Wilson, 1927). `total` > 0.
Interval wilson_interval(int hits, int total);

// Two-sided exact McNemar test: the chance of a split at least as uneven as only_a : only_b if both
// were equally good.
double mcnemar_exact(int only_a, int only_b);

struct Graded {
  std::string problem_id;
  bool correct = false;
};

// How much better `b` is than `a` on the same questions.
struct PairedDifference {
  int num_questions = 0;
  int num_pairs = 0;        // more than num_questions when answers of several seeds are given
  int num_unpaired = 0;     // answers without a partner: left out
  double difference = 0.0;  // accuracy of b minus accuracy of a, in shares
  Interval interval;        // 95%, by bootstrap over questions and seeds
  int only_a = 0;           // pairs that a alone got right
  int only_b = 0;
  double p = 1.0;  // mcnemar_exact(only_a, only_b), as if pairs were independent
};

// A question's k-th answer in `a` is paired with its k-th in `b`: one pair for each seed. Questions
// are resampled with all their pairs, and so are the seeds when every question has as many pairs.
PairedDifference paired_difference(const std::vector<Graded>& a, const std::vector<Graded>& b,
                                   uint64_t seed, int resamples = 2000);

}  // namespace tripost
