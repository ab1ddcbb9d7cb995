// The fixtures that scripts/make_tokenizer_fixtures.py makes, for the tests of this folder.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/file.h"

namespace tripost {

inline const fs::path kTextData = fs::path(TRIPOST_SOURCE_DIR) / "tests/data/text";

inline std::vector<std::string> adversarial_strings() {
  std::vector<std::string> texts;
  for_each_json_line(kTextData / "strings.jsonl",
                     [&](Json line, const std::string&) { texts.push_back(line["text"]); });
  return texts;
}

// 32-bit FNV-1a of "1 2 3 ", as scripts/make_tokenizer_fixtures.py computes it.
inline std::string hash_of(const std::vector<int32_t>& ids) {
  std::string text;
  for (const int32_t id : ids) text += std::to_string(id) + " ";
  uint32_t value = 0x811C9DC5u;
  for (const char byte : text) value = (value ^ static_cast<uint8_t>(byte)) * 0x01000193u;
  return fmt::format("{:08x}", value);
}

inline std::vector<std::string> lines_of(const fs::path& path) {
  std::vector<std::string> lines;
  const std::string content = read_file(path);
  for (std::size_t begin = 0, end; (end = content.find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    lines.push_back(content.substr(begin, end - begin));
  }
  return lines;
}

// A folder of the test's own, gone afterwards.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "tripost-text-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  ~TemporaryFolder() { fs::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace tripost
