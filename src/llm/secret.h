// The key of an endpoint: read from a file or the environment, sent in one header, written nowhere.
//
// It has no stream operator and no conversion to text, so that it cannot come into a message by
// accident. Whatever an endpoint answers goes through `scrubbed` before anyone else sees it.
#pragma once

#include <filesystem>
#include <string>

namespace tripost {

class Secret {
 public:
  Secret() = default;  // no key: for servers that want none

  // Empty when the variable is not set.
  static Secret from_environment(const char* variable);
  // The file's first and only line. An Error when it cannot be read or holds no key.
  static Secret from_file(const std::filesystem::path& path);

  bool empty() const { return key_.empty(); }
  // For the header of a request, and nothing else.
  const std::string& reveal() const { return key_; }
  // The text with every occurrence of the key replaced by "***". Keys of fewer than 8 characters
  // ("EMPTY", which local servers are given) are no secrets and stay.
  std::string scrubbed(std::string text) const;

 private:
  Secret(std::string key, const std::string& where);
  std::string key_;
};

}  // namespace tripost
