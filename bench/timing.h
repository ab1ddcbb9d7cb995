// A table of our operations beside their plain references: the best of several runs, in
// milliseconds.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <string>

namespace tripost {

// Milliseconds, the best of at least 5 runs and about a second.
inline double best_time(const std::function<void()>& work) {
  using Clock = std::chrono::steady_clock;
  double best = INFINITY, total = 0;
  for (int run = 0; run < 5 || (total < 1000 && run < 50); ++run) {
    const auto begin = Clock::now();
    work();
    const std::chrono::duration<double, std::milli> time = Clock::now() - begin;
    best = std::min(best, time.count());
    total += time.count();
  }
  return best;
}

// Prints a line of the table and returns our time.
inline double report(const std::string& name, const std::string& shape,
                     const std::function<void()>& ours, const std::function<void()>& reference) {
  const double mine = best_time(ours), plain = best_time(reference);
  fmt::print("{:<34} {:<26} {:>9.3f} {:>9.3f} {:>7.2f}\n", name, shape, mine, plain, plain / mine);
  std::fflush(stdout);
  return mine;
}

}  // namespace tripost
