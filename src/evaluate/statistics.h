// Intervals and paired tests for accuracies: how far a table's figures can be trusted.
//
// Pure functions; what is drawn depends on the seed and the question ids only, never on the order
// of the answers.
#pragma once

#include <cstdint>
#include <map>
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

// By seed; within one, a question is answered once.
using GradedSeeds = std::map<uint64_t, std::vector<Graded>>;

// What the answers of one seed say by themselves.
struct SeedDifference {
  double difference = 0.0;
  int only_a = 0;  // questions that a alone got right
  int only_b = 0;
  double p = 1.0;  // mcnemar_exact(only_a, only_b)
};

// How much better `b` is than `a` on the same questions, seed by seed.
struct PairedDifference {
  int num_questions = 0;
  int num_pairs = 0;        // one for each question and seed
  int num_unpaired = 0;     // answers without a partner: left out
  double difference = 0.0;  // accuracy of b minus accuracy of a, in shares
  Interval interval;        // 95%, by bootstrap over questions and seeds
  int only_a = 0;           // pairs that a alone got right
  int only_b = 0;
  double p = 1.0;  // p_in_every_seed(by_seed)
  std::map<uint64_t, SeedDifference> by_seed;
};

// Pairs the answers of the seeds that both have. Questions are resampled with all their pairs, and
// so are the seeds when every question has as many pairs. With k seeds, the variance between them
// that a bootstrap sees is (k - 1) / k of the unbiased one: by_seed shows how far they agree.
PairedDifference paired_difference(const GradedSeeds& a, const GradedSeeds& b, uint64_t seed,
                                   int resamples = 2000);

// p of the claim that one of the two is better in every seed: the largest p of the seeds, and 1
// where they differ in sign. That is the intersection-union test (R. L. Berger, Technometrics 24
// (1982) 295-300) of both directions, each at half the level. It holds however much the seeds'
// answers to one question depend on each other; of seeds that were not run it says nothing.
double p_in_every_seed(const std::map<uint64_t, SeedDifference>& by_seed);

}  // namespace tripost
