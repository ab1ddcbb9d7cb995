#include "engine/request_queue.h"

#include <algorithm>
#include <utility>

namespace tripost {

bool RequestQueue::push(Group group) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  size_ += group.size();
  if (!group.empty()) groups_.push_back(std::move(group));
  changed_.notify_all();
  return true;
}

void RequestQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

RequestQueue::Group RequestQueue::take(std::size_t most) {
  const std::lock_guard lock(mutex_);
  if (groups_.empty() || most == 0) return {};
  Group& group = groups_.front();
  const auto end = group.begin() + static_cast<std::ptrdiff_t>(std::min(most, group.size()));
  Group taken(group.begin(), end);
  group.erase(group.begin(), end);
  if (group.empty()) groups_.pop_front();
  size_ -= taken.size();
  return taken;
}

void RequestQueue::put_back(Group group) {
  if (group.empty()) return;
  const std::lock_guard lock(mutex_);
  size_ += group.size();
  groups_.push_front(std::move(group));
  changed_.notify_all();
}

RequestQueue::Group RequestQueue::take_unwanted() {
  const std::lock_guard lock(mutex_);
  Group unwanted;
  for (Group& group : groups_) {
    const auto end = std::stable_partition(group.begin(), group.end(),
                                           [](const auto& work) { return work->is_wanted(); });
    unwanted.insert(unwanted.end(), end, group.end());
    group.erase(end, group.end());
  }
  std::erase_if(groups_, [](const Group& group) { return group.empty(); });
  size_ -= unwanted.size();
  return unwanted;
}

std::size_t RequestQueue::size() {
  const std::lock_guard lock(mutex_);
  return size_;
}

bool RequestQueue::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return closed_ || !groups_.empty(); });
  return !groups_.empty();
}

}  // namespace tripost
