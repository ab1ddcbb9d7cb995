// A directory of its own for a test, removed with everything in it when the test ends.
#pragma once

#include <cassert>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace tripost {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "tripost-test-XXXXXX").string();
    [[maybe_unused]] const char* made = ::mkdtemp(name.data());
    assert(made != nullptr);
    path_ = name;
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace tripost
