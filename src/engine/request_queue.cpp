#include "engine/request_queue.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace tripost {
namespace {

std::string_view bytes_of(const std::vector<int32_t>& ids) {
  return {reinterpret_cast<const char*>(ids.data()), ids.size() * sizeof(int32_t)};
}

}  // namespace

RequestQueue::RequestQueue(const std::vector<TokenRequest>& requests,
                           const std::vector<std::size_t>& accepted) {
  std::unordered_map<std::string_view, std::size_t> groups;
  for (const std::size_t request : accepted) {
    const auto [place, is_new] =
        groups.try_emplace(bytes_of(requests[request].prompt), groups_.size());
    if (is_new) groups_.emplace_back();
    groups_[place->second].push_back(request);
  }
}

std::vector<std::size_t> RequestQueue::take(std::size_t most) {
  const std::lock_guard lock(mutex_);
  if (groups_.empty() || most == 0) return {};
  auto& group = groups_.front();
  const auto end = group.begin() + static_cast<std::ptrdiff_t>(std::min(most, group.size()));
  std::vector<std::size_t> taken(group.begin(), end);
  group.erase(group.begin(), end);
  if (group.empty()) groups_.pop_front();
  return taken;
}

void RequestQueue::put_back(const std::vector<std::size_t>& requests) {
  if (requests.empty()) return;
  const std::lock_guard lock(mutex_);
  groups_.push_front(requests);
}

bool RequestQueue::empty() {
  const std::lock_guard lock(mutex_);
  return groups_.empty();
}

}  // namespace tripost
