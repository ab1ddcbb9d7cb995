#include "llm/secret.h"

#include <algorithm>
#include <cstdlib>

#include "base/error.h"
#include "base/file.h"

namespace tripost {
namespace {

constexpr std::size_t kShortestSecret = 8;
constexpr const char* kBlanks = " \t\r\n";

}  // namespace

Secret::Secret(std::string key, const std::string& where) {
  const auto first = key.find_first_not_of(kBlanks);
  if (first == std::string::npos) return;
  key_ = key.substr(first, key.find_last_not_of(kBlanks) + 1 - first);
  // A line end inside would add headers of its own to a request.
  const bool printable =
      std::all_of(key_.begin(), key_.end(), [](char c) { return c > ' ' && c < 0x7F; });
  if (!printable) fail("{} does not hold a key: a key is one line of printable characters", where);
}

Secret Secret::from_environment(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? Secret()
                          : Secret(value, fmt::format("the environment variable {}", variable));
}

Secret Secret::from_file(const std::filesystem::path& path) {
  Secret secret(read_file(path), path.string());
  if (secret.empty())
    fail("{} is empty: write the endpoint's key into it, on one line", path.string());
  return secret;
}

std::string Secret::scrubbed(std::string text) const {
  if (key_.size() < kShortestSecret) return text;
  for (auto at = text.find(key_); at != std::string::npos; at = text.find(key_, at))
    text.replace(at, key_.size(), "***");
  return text;
}

}  // namespace tripost
