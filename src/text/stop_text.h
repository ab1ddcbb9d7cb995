// The text of one completion as its bytes come in, and where it ends.
//
// Works on bytes, so a stop string may begin in one token and end in another, or lie wholly inside
// one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tripost {

class StopText {
 public:
  // Empty stop strings are passed over.
  explicit StopText(const std::vector<std::string>& stops);

  // Appends; true when the text holds a stop string now. It then ends before the first of them, and
  // nothing may follow.
  bool append(std::string_view bytes);

  const std::string& text() const { return text_; }

  // Bytes of the text that no stop string can take back any more, if bytes may still follow.
  std::size_t settled() const;

 private:
  std::vector<std::string> stops_;
  std::string text_;
};

}  // namespace tripost
