#include "task/ordering.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "base/random.h"

namespace tripost {
namespace {

using Order = std::vector<int>;

std::vector<Order> all_orders(int num_objects) {
  Order order(static_cast<std::size_t>(num_objects));
  std::iota(order.begin(), order.end(), 0);
  std::vector<Order> orders;
  do {
    orders.push_back(order);
  } while (std::next_permutation(order.begin(), order.end()));
  return orders;
}

int place_of(const Order& order, int mark) {
  if (mark == kStart) return -1;
  if (mark == kEnd) return static_cast<int>(order.size());
  return static_cast<int>(std::find(order.begin(), order.end(), mark) - order.begin());
}

bool meets(const Order& order, const Bound& bound) {
  const int distance = place_of(order, bound.to) - place_of(order, bound.from);
  return bound.low <= distance && distance <= bound.high;
}

Bound any_bound(int num_objects, Random& random) {
  const auto mark = [&] { return static_cast<int>(random.between(kEnd, num_objects - 1)); };
  const auto low = static_cast<int>(random.between(-10, 8));
  return {mark(), mark(), low, low + static_cast<int>(random.between(-1, 12))};
}

TEST(Ordering, ASetOfBoundsHoldsExactlyTheOrderingsThatBruteForceFinds) {
  Random random(3);
  for (int num_objects = kFewestObjects; num_objects <= kMostObjects; ++num_objects) {
    const auto orders = all_orders(num_objects);
    for (int repeat = 0; repeat < 60; ++repeat) {
      OrderingSet set(num_objects);
      std::vector<Bound> bounds(1 + random.below(4));
      for (Bound& bound : bounds) bound = any_bound(num_objects, random);
      for (const Bound& bound : bounds) set.keep(bound);
      std::vector<Order> left;
      for (const Order& order : orders)
        if (std::all_of(bounds.begin(), bounds.end(),
                        [&](const Bound& bound) { return meets(order, bound); }))
          left.push_back(order);
      ASSERT_EQ(set.count(), static_cast<int>(left.size()));
      ASSERT_EQ(set.empty(), left.empty());
      const Bound asked = any_bound(num_objects, random);
      ASSERT_EQ(set.always(asked), std::all_of(left.begin(), left.end(), [&](const Order& order) {
                  return meets(order, asked);
                }));
      if (left.empty()) continue;
      ASSERT_NE(std::find(left.begin(), left.end(), set.example()), left.end());
      const Bound narrowest = set.narrowest(asked.from, asked.to);
      int low = 100, high = -100;
      for (const Order& order : left) {
        const int distance = place_of(order, asked.to) - place_of(order, asked.from);
        low = std::min(low, distance), high = std::max(high, distance);
      }
      ASSERT_EQ(narrowest, (Bound{asked.from, asked.to, low, high}));
    }
  }
}

TEST(Ordering, ANewSetHoldsAllOrderingsAndMeetingTwiceIsMeetingOnce) {
  int factorial = 1;
  for (int num_objects = 2; num_objects <= kMostObjects; ++num_objects) {
    factorial *= num_objects;
    OrderingSet all(num_objects);
    EXPECT_EQ(all.count(), factorial);
    OrderingSet some = all;
    some.keep(comes_before(0, 1));
    EXPECT_EQ(some.count(), factorial / 2);
    EXPECT_TRUE(some.is_within(all));
    EXPECT_FALSE(all.is_within(some));
    OrderingSet again = some;
    again.keep(comes_before(0, 1));
    EXPECT_EQ(again, some);
    OrderingSet both = all;
    both.keep(some);
    EXPECT_EQ(both, some);
    some.keep(has_place(1, 0));
    EXPECT_TRUE(some.empty());
  }
}

}  // namespace
}  // namespace tripost
