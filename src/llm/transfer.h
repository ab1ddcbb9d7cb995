// HTTP POSTs to one host, many at a time, on libcurl's multi interface and without threads.
//
// Redirects are not followed, proxies of the environment are not used, certificates are always
// checked, bodies and headers are bounded, and every wait has a deadline. Whatever happens to a
// request is its result, never an exception. Does not retry.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tripost {

struct Timeouts {  // seconds
  double connect = 10;
  double first_byte = 120;  // from the start of the request to the answer's first byte
  double stall = 60;        // between two bytes of the answer
  double total = 600;
};

struct HttpResult {
  enum class End { kAnswered, kNoConnection, kBroken, kTimeout, kTooLarge };
  End end = End::kAnswered;
  int status = 0;
  std::string body;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string error;                           // why, when end is not kAnswered
};

class Transfers {
 public:
  static constexpr std::size_t kLargestBody = 16 << 20;
  static constexpr std::size_t kLargestHeader = 256 << 10;

  // `proxy` may be empty: then none is used.
  Transfers(const Timeouts& timeouts, std::string proxy);
  ~Transfers();
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  void start(std::size_t id, const std::string& url, const std::vector<std::string>& headers,
             std::string body);

  // What ended, waiting at most `milliseconds` for the first.
  std::vector<std::pair<std::size_t, HttpResult>> wait(int milliseconds);

  std::size_t in_flight() const;

  // Gives up what is in flight.
  void abandon();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tripost
