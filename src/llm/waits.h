// How long to wait, and how much may go out: pure functions of times that the caller gives.
#pragma once

#include <optional>

#include "base/random.h"
#include "llm/transfer.h"

namespace tripost {

// Seconds that the endpoint asks to wait: retry-after-ms, or Retry-After in seconds or as an HTTP
// date, counted from the answer's own Date (or `now`, seconds since 1970, where it has none).
// nullopt when it does not say, or says nonsense.
std::optional<double> asked_wait(const HttpResult& result, double now);

// Exponential back-off with full jitter: uniform in 0..min(most, first * 2^tries).
double backoff(int tries, double first, double most, Random& random);

// An allowance per minute as a token bucket: fills at 95% of the limit and holds one second's
// worth, so that no minute sees more than the limit. An amount larger than that goes out when the
// bucket is full, and is paid off afterwards.
class Allowance {
 public:
  // 0: no limit. `now` is in seconds, on any clock that never goes back.
  Allowance(double per_minute, double now);

  // Seconds until `amount` may go out; 0 when it may now.
  double wait_for(double amount, double now);
  void take(double amount, double now);
  // What was taken and not used; below 0 what was used beyond it.
  void give_back(double amount);

 private:
  void fill(double now);

  double per_second_;
  double capacity_;
  double level_;
  double filled_at_;
};

}  // namespace tripost
