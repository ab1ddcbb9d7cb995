// Randomness that comes from identity, never from order.
//
// A seed is made from what a thing is (run, iteration, problem, sample), so batch size, resume and
// number of ranks cannot change what is drawn. The generator is SplitMix64 (Steele, Lea, Flood
// 2014): 8 bytes of state, the same on every machine.
#pragma once

#include <cassert>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

namespace tripost {

// A 64-bit hash of the bytes (FNV-1a with a final mix); stable across versions: it names problems
// in data files.
uint64_t hash_text(std::string_view text);

// One seed from several identities, order-sensitive: seed_from({run_seed, iteration,
// hash_text(problem.id), sample}).
uint64_t seed_from(std::initializer_list<uint64_t> identities);

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t next();
  // Uniform in [0, 1) with 53 bits.
  double uniform();
  // Uniform in 0..count-1, without modulo bias. count > 0.
  uint64_t below(uint64_t count);
  // Uniform in low..high, both included.
  int64_t between(int64_t low, int64_t high);

  template <class T>
  const T& pick(const std::vector<T>& values) {
    assert(!values.empty());
    return values[below(values.size())];
  }

  // Fisher-Yates.
  template <class T>
  void shuffle(std::vector<T>& values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }

 private:
  uint64_t state_;
};

}  // namespace tripost
