// What the server did, as text that Prometheus reads. Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace tripost {

// Counts of times by how long they took.
class Histogram {
 public:
  static constexpr std::array<double, 12> kBounds = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                                     0.5,   1,    2.5,   5,    10,  60};  // seconds

  void add(double seconds);
  std::string text(const std::string& name, const std::string& help) const;

 private:
  std::array<int64_t, kBounds.size() + 1> counts_{};
  double sum_ = 0;
};

// One request for completions, when it is over.
struct RequestRecord {
  int64_t prompt_tokens = 0, completion_tokens = 0;
  double seconds = 0;              // from the last byte of the request to the end of the answer
  double first_token_seconds = 0;  // 0: there was none
  bool is_aborted = false;         // the client went away, or the server stopped
};

class Metrics {
 public:
  void count_reply(const std::string& path, int status);
  void count_request(const RequestRecord& record);

  // Prometheus text format 0.0.4. `sequences`: that run or wait now.
  std::string text(int64_t sequences) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, int64_t> replies_;
  int64_t prompt_tokens_ = 0, completion_tokens_ = 0, aborted_ = 0;
  Histogram seconds_, first_token_seconds_;
};

}  // namespace tripost
