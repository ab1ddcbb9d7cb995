// Requests that wait, handed to workers in order; those with the same prompt together, so that it
// is prefilled once.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <vector>

#include "engine/engine.h"

namespace tripost {

class RequestQueue {
 public:
  // `accepted`: the requests to run; each keeps its number in `requests`.
  RequestQueue(const std::vector<TokenRequest>& requests, const std::vector<std::size_t>& accepted);

  // Up to `most` requests that share one prompt; empty when none wait. Thread-safe.
  std::vector<std::size_t> take(std::size_t most);

  // Puts requests back at the front, in their order: there was no room for them.
  void put_back(const std::vector<std::size_t>& requests);

  bool empty();

 private:
  std::mutex mutex_;
  std::deque<std::vector<std::size_t>> groups_;
};

}  // namespace tripost
