// Work that waits, handed to workers in order; what shares one prompt together, so that the prompt
// is prefilled once. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/work.h"

namespace tripost {

class RequestQueue {
 public:
  using Group = std::vector<std::shared_ptr<Work>>;  // of one prompt

  // False when the queue is closed: the group is not taken.
  bool push(Group group);
  // Nothing more comes.
  void close();

  // Up to `most` of the first group; empty when none wait.
  Group take(std::size_t most);

  // Puts work back at the front, in its order: there was no room for it.
  void put_back(Group group);

  // Takes out what is not wanted any more.
  Group take_unwanted();

  // How many wait.
  std::size_t size();

  // Blocks until something waits (true) or the queue is closed and empty (false).
  bool wait();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Group> groups_;
  std::size_t size_ = 0;
  bool closed_ = false;
};

}  // namespace tripost
