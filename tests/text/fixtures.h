// The fixtures that scripts/make_tokenizer_fixtures.py makes, for the tests of this folder.
#pragma once

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
