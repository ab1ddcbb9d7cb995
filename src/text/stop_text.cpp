#include "text/stop_text.h"

#include <algorithm>

namespace tripost {

StopText::StopText(const std::vector<std::string>& stops) {
  for (const std::string& stop : stops) {
    if (!stop.empty()) stops_.push_back(stop);
  }
}

bool StopText::append(std::string_view bytes) {
  const std::size_t before = text_.size();
  text_ += bytes;
  std::size_t end = std::string::npos;
  for (const std::string& stop : stops_) {
    // What ends in the old text was looked for when it came.
    const std::size_t from = before - std::min(before, stop.size() - 1);
    end = std::min(end, text_.find(stop, from));
  }
  if (end == std::string::npos) return false;
  text_.resize(end);
  return true;
}

std::size_t StopText::settled() const {
  std::size_t held = 0;
  for (const std::string& stop : stops_) {
    for (std::size_t size = std::min(stop.size() - 1, text_.size()); size > held; --size) {
      if (text_.compare(text_.size() - size, size, stop, 0, size) == 0) held = size;
    }
  }
  return text_.size() - held;
}

}  // namespace tripost
