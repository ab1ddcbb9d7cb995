#include "task/ordering.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <map>
#include <memory>
#include <numeric>

namespace tripost {

// All orderings of n objects, and for every two of them (kStart and kEnd included) and every
// distance the set of those orderings in which they are at least that far apart.
class OrderingTable {
 public:
  using Words = OrderingSet::Words;

  explicit OrderingTable(int num_objects) : num_objects_(num_objects) {
    std::vector<int> objects(static_cast<std::size_t>(num_objects));
    std::iota(objects.begin(), objects.end(), 0);
    do {
      orderings_.push_back(objects);
    } while (std::next_permutation(objects.begin(), objects.end()));
    at_least_.resize(static_cast<std::size_t>(num_marks() * num_marks() * num_distances()));
    for (std::size_t i = 0; i < orderings_.size(); ++i) add(i);
  }

  static const OrderingTable& of(int num_objects) {
    assert(num_objects >= kFewestObjects && num_objects <= kMostObjects);
    static const auto tables = [] {
      std::vector<OrderingTable> all;
      for (int n = kFewestObjects; n <= kMostObjects; ++n) all.emplace_back(n);
      return all;
    }();
    return tables[static_cast<std::size_t>(num_objects - kFewestObjects)];
  }

  const std::vector<std::vector<int>>& orderings() const { return orderings_; }

  // The distance lies in -(n + 1) to n + 1; beyond, the answer would be all or none.
  const Words& at_least(int from, int to, int distance) const {
    return at_least_[index(from, to, distance)];
  }

 private:
  int num_marks() const { return num_objects_ + 2; }
  int num_distances() const { return 2 * num_objects_ + 3; }

  std::size_t index(int from, int to, int distance) const {
    const int first = from < 0 ? num_objects_ - 1 - from : from;
    const int second = to < 0 ? num_objects_ - 1 - to : to;
    return static_cast<std::size_t>((first * num_marks() + second) * num_distances() + distance +
                                    num_objects_ + 1);
  }

  void add(std::size_t number) {
    std::map<int, int> places = {{kStart, -1}, {kEnd, num_objects_}};
    for (int place = 0; place < num_objects_; ++place)
      places[orderings_[number][static_cast<std::size_t>(place)]] = place;
    for (const auto& [from, place] : places) {
      for (const auto& [to, other_place] : places) {
        for (int distance = -num_objects_ - 1; distance <= other_place - place; ++distance)
          at_least_[index(from, to, distance)][number / 64] |= uint64_t{1} << (number % 64);
      }
    }
  }

  int num_objects_;
  std::vector<std::vector<int>> orderings_;
  std::vector<Words> at_least_;
};

Bound comes_before(int object, int other) { return {object, other, 1, kFarthest}; }

Bound has_place(int object, int place) { return {kStart, object, place + 1, place + 1}; }

OrderingSet::OrderingSet(int num_objects)
    : num_objects_(num_objects),
      num_words_(static_cast<int>((OrderingTable::of(num_objects).orderings().size() + 63) / 64)),
      words_(OrderingTable::of(num_objects).at_least(kStart, kEnd, 0)) {}

void OrderingSet::keep(const Bound& bound) {
  const OrderingTable& table = OrderingTable::of(num_objects_);
  const int farthest = num_objects_ + 1;
  if (bound.low > farthest || bound.high < -farthest) words_.fill(0);
  if (bound.low > -farthest && bound.low <= farthest) {
    const uint64_t* far_enough = table.at_least(bound.from, bound.to, bound.low).data();
    for (int i = 0; i < num_words_; ++i) words_[static_cast<std::size_t>(i)] &= far_enough[i];
  }
  if (bound.high < farthest && bound.high >= -farthest) {
    const uint64_t* too_far = table.at_least(bound.from, bound.to, bound.high + 1).data();
    for (int i = 0; i < num_words_; ++i) words_[static_cast<std::size_t>(i)] &= ~too_far[i];
  }
}

void OrderingSet::keep(const OrderingSet& other) {
  assert(num_objects_ == other.num_objects_);
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
}

int OrderingSet::count() const {
  int count = 0;
  for (const uint64_t word : words_) count += std::popcount(word);
  return count;
}

bool OrderingSet::is_one() const {
  uint64_t found = 0;
  for (const uint64_t word : words_) {
    if (word == 0) continue;
    if (found != 0 || (word & (word - 1)) != 0) return false;
    found = word;
  }
  return found != 0;
}

bool OrderingSet::empty() const {
  return std::all_of(words_.begin(), words_.end(), [](uint64_t word) { return word == 0; });
}

bool OrderingSet::always(const Bound& bound) const {
  OrderingSet meeting = *this;
  meeting.keep(bound);
  return is_within(meeting);
}

bool OrderingSet::is_within(const OrderingSet& other) const {
  assert(num_objects_ == other.num_objects_);
  for (std::size_t i = 0; i < static_cast<std::size_t>(num_words_); ++i)
    if ((words_[i] & ~other.words_[i]) != 0) return false;
  return true;
}

Bound OrderingSet::narrowest(int from, int to) const {
  assert(!empty());
  const int farthest = num_objects_ + 1;
  Bound bound{from, to, -farthest, farthest};
  while (always({from, to, bound.low + 1, farthest})) ++bound.low;
  while (always({from, to, -farthest, bound.high - 1})) --bound.high;
  return bound;
}

std::vector<int> OrderingSet::example() const {
  const auto word =
      std::find_if(words_.begin(), words_.end(), [](uint64_t bits) { return bits != 0; });
  assert(word != words_.end());
  const auto number =
      static_cast<std::size_t>((word - words_.begin()) * 64 + std::countr_zero(*word));
  return OrderingTable::of(num_objects_).orderings()[number];
}

}  // namespace tripost
