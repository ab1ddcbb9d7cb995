// What the tests of this folder share: fixture folders, scratch folders, and catching an Error's
// text.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "base/error.h"
#include "base/file.h"

namespace tripost {

// Made by scripts/make_model_fixtures.py with transformers.
inline fs::path fixture(const std::string& name) {
  return fs::path(TRIPOST_SOURCE_DIR) / "tests/data/model" / name;
}

class Scratch {
 public:
  Scratch() : path_(fs::temp_directory_path() / unique_name()) { fs::create_directories(path_); }
  ~Scratch() { fs::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path& path() const { return path_; }

 private:
  static std::string unique_name() {
    static int count = 0;
    return "tripost-model-test-" + std::to_string(::getpid()) + "-" + std::to_string(count++);
  }
  fs::path path_;
};

// The text of the Error that `action` throws; it must be one line.
template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    const std::string text = error.what();
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
    return text;
  }
  ADD_FAILURE() << "no Error was thrown";
  return "";
}

}  // namespace tripost
