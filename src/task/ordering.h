// Orderings of a few objects: which of all n! are possible, and what they have in common.
//
// An OrderingSet holds one bit for each ordering of 2 to 7 objects (5040 at most), so that knowing
// a clue is an AND and "this follows from that" is a subset test. It is exact and complete: nothing
// is searched, so nothing can be missed. It knows no words; logical_deduction_words.h does.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace tripost {

inline constexpr int kFewestObjects = 2;
inline constexpr int kMostObjects = 7;

// Objects are 0..n-1 and places 0..n-1. These two stand for the place before the first one (-1) and
// the place after the last one (n).
inline constexpr int kStart = -1;
inline constexpr int kEnd = -2;

// low <= place(to) - place(from) <= high.
struct Bound {
  int from = kStart;
  int to = kEnd;
  int low = 0;
  int high = 0;
  bool operator==(const Bound&) const = default;
};

// No two places, those before and after included, are further apart.
inline constexpr int kFarthest = kMostObjects + 1;

Bound comes_before(int object, int other);
Bound has_place(int object, int place);

class OrderingSet {
 public:
  // All orderings of that many objects.
  explicit OrderingSet(int num_objects);

  // Keeps the orderings that meet the bound; those that are in the other set, too.
  void keep(const Bound& bound);
  void keep(const OrderingSet& other);

  int num_objects() const { return num_objects_; }
  int count() const;
  bool empty() const;
  bool is_one() const;  // exactly one ordering
  // Whether every ordering of the set meets the bound, or is in the other set. The empty set says
  // yes to everything.
  bool always(const Bound& bound) const;
  bool is_within(const OrderingSet& other) const;
  bool operator==(const OrderingSet& other) const { return words_ == other.words_; }

  // The narrowest bound between two objects (or kStart, kEnd) that every ordering meets; the set is
  // not empty.
  Bound narrowest(int from, int to) const;
  // The objects from the first place to the last, in one of the orderings; the set is not empty.
  std::vector<int> example() const;

 private:
  friend class OrderingTable;
  // 7! bits.
  using Words = std::array<uint64_t, 79>;

  int num_objects_;
  int num_words_;
  Words words_{};
};

}  // namespace tripost
