#include "run/inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "support/temporary_folder.h"

namespace tripost {
namespace {

class Inputs : public ::testing::Test {
 protected:
  fs::path file(const char* name, const std::string& content) const {
    write_file_atomically(folder.path() / name, content);
    return folder.path() / name;
  }

  std::string complaint(const InputFiles& files) const {
    try {
      save_or_compare_inputs(saved, hashes_of(files));
    } catch (const UsageError& error) {
      return error.what();
    }
    return "";
  }

  TemporaryFolder folder;
  fs::path saved = folder.path() / "run" / "inputs.json";
};

TEST_F(Inputs, TheSameContentIsTheSameWhereverItLies) {
  save_or_compare_inputs(saved, hashes_of({{"task.toml", file("a", "name")}}));
  EXPECT_EQ(complaint({{"task.toml", file("b", "name")}}), "");
}

TEST_F(Inputs, EveryFileThatIsNotWhatItWasIsNamed) {
  save_or_compare_inputs(saved,
                         hashes_of({{"check.py", file("a", "1")}, {"gone.txt", file("b", "2")}}));
  const std::string said = complaint({{"check.py", file("a", "3")}, {"more.txt", file("c", "4")}});
  EXPECT_THAT(said, testing::HasSubstr("check.py has changed"));
  EXPECT_THAT(said, testing::HasSubstr("gone.txt is no longer used"));
  EXPECT_THAT(said, testing::HasSubstr("more.txt is new"));
  EXPECT_THAT(said, testing::HasSubstr("another --output"));
}

TEST_F(Inputs, WithoutFilesNothingIsWritten) {
  save_or_compare_inputs(saved, hashes_of({}));
  EXPECT_FALSE(fs::exists(saved));
}

}  // namespace
}  // namespace tripost
