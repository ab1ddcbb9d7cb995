#include "llm/waits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

namespace tripost {
namespace {

constexpr double kNow = 1'700'000'000;  // Tue, 14 Nov 2023 22:13:20 GMT

std::optional<double> wait_of(std::map<std::string, std::string> headers) {
  HttpResult result;
  result.headers = std::move(headers);
  return asked_wait(result, kNow);
}

TEST(AskedWait, IsReadInSecondsMillisecondsAndAsADate) {
  EXPECT_EQ(wait_of({{"retry-after", "2"}}), 2);
  EXPECT_EQ(wait_of({{"retry-after", "0.5"}}), 0.5);
  EXPECT_EQ(wait_of({{"retry-after", "9"}, {"retry-after-ms", "1500"}}), 1.5);
  EXPECT_EQ(wait_of({{"retry-after", "Tue, 14 Nov 2023 22:13:27 GMT"}}), 7);
  EXPECT_EQ(wait_of({{"retry-after", "1000000000"}}), 1e9);
}

TEST(AskedWait, ADateCountsFromTheServersOwnClock) {
  EXPECT_EQ(wait_of({{"retry-after", "Wed, 01 Jan 2020 00:00:30 GMT"},
                     {"date", "Wed, 01 Jan 2020 00:00:10 GMT"}}),
            20);
}

TEST(AskedWait, NonsenseIsNoWait) {
  EXPECT_EQ(wait_of({}), std::nullopt);
  EXPECT_EQ(wait_of({{"retry-after", "abc"}}), std::nullopt);
  EXPECT_EQ(wait_of({{"retry-after", "-1"}}), std::nullopt);
  EXPECT_EQ(wait_of({{"retry-after", "nan"}}), std::nullopt);
  EXPECT_EQ(wait_of({{"retry-after", ""}}), std::nullopt);
  EXPECT_EQ(wait_of({{"retry-after", "Tue, 14 Nov 2023 22:13:00 GMT"}}), 0)
      << "a date that is over";
}

TEST(Backoff, IsUniformUnderADoublingBound) {
  Random random(1);
  for (int tries = 0; tries < 12; ++tries) {
    const double bound = std::min(60.0, 0.5 * static_cast<double>(1 << tries));
    double least = 1e9, most = 0;
    for (int i = 0; i < 2000; ++i) {
      const double wait = backoff(tries, 0.5, 60, random);
      least = std::min(least, wait);
      most = std::max(most, wait);
    }
    EXPECT_GE(least, 0);
    EXPECT_LT(least, 0.05 * bound);
    EXPECT_LE(most, bound);
    EXPECT_GT(most, 0.95 * bound);
  }
  EXPECT_LE(backoff(2'000'000'000, 0.5, 60, random), 60);
}

// Sends as fast as the allowance lets it for ten minutes of pretended time, and returns the most
// that any 60 s saw and the whole.
std::pair<double, double> sent_under(double limit, double amount) {
  Allowance allowance(limit, 0);
  std::deque<double> times;
  double most = 0, now = 0, sent = 0;
  while (now < 600) {
    const double wait = allowance.wait_for(amount, now);
    if (wait > 0) {
      now += wait;
      continue;
    }
    allowance.take(amount, now);
    sent += amount;
    times.push_back(now);
    while (times.front() <= now - 60) times.pop_front();
    most = std::max(most, static_cast<double>(times.size()) * amount);
  }
  return {most, sent};
}

TEST(Allowance, NoMinuteSeesMoreThanTheLimitAndMostOfItIsUsed) {
  for (const double limit : {10.0, 60.0, 600.0, 10'000.0}) {
    const auto [most, sent] = sent_under(limit, 1);
    EXPECT_LE(most, limit);
    EXPECT_GT(sent, 0.9 * 10 * limit);
  }
}

TEST(Allowance, AmountsLargerThanASecondsWorthArePaidOff) {
  const auto [most, sent] = sent_under(10'000, 900);
  EXPECT_LE(most, 10'000);
  EXPECT_GT(sent, 0.9 * 100'000);
}

TEST(Allowance, WhatWasNotUsedMayBeUsedAgain) {
  Allowance allowance(600, 0);
  allowance.take(100, 0);
  const double before = allowance.wait_for(1, 0);
  allowance.give_back(99.5);
  EXPECT_GT(before, 5);
  EXPECT_EQ(allowance.wait_for(1, 0), 0);
}

TEST(Allowance, ZeroIsNoLimit) {
  Allowance allowance(0, 0);
  allowance.take(1e12, 0);
  EXPECT_EQ(allowance.wait_for(1e12, 0), 0);
}

}  // namespace
}  // namespace tripost
