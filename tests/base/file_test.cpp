#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <vector>

#include "base/error.h"
#include "support/temporary_folder.h"

namespace tripost {
namespace {

class Files : public ::testing::Test {
 protected:
  std::size_t num_entries() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator{}));
  }

  TemporaryFolder folder;
  fs::path path = folder.path() / "file";
};

TEST_F(Files, AnAtomicWriteReplacesTheWholeFileAndLeavesNothingElse) {
  write_file_atomically(path, "a long first version");
  write_file_atomically(path, std::string("b\0c", 3));
  EXPECT_EQ(read_file(path), std::string("b\0c", 3));
  EXPECT_EQ(num_entries(), 1u);
}

TEST_F(Files, AnAtomicWriteMakesMissingFolders) {
  write_file_atomically(folder.path() / "a" / "b" / "c", "x");
  EXPECT_EQ(read_file(folder.path() / "a" / "b" / "c"), "x");
}

TEST_F(Files, AnAtomicWriteThatCannotBeDoneLeavesNoTemporaryFile) {
  fs::create_directories(path / "occupied");  // a folder cannot be replaced by a file
  EXPECT_THROW(write_file_atomically(path, "x"), Error);
}

TEST_F(Files, ReadingNamesThePathAndTheReason) {
  try {
    read_file(path);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()),
              "cannot read " + path.string() + ": No such file or directory");
  }
  EXPECT_THROW(read_file(folder.path()), Error);
}

TEST_F(Files, JsonLinesCountFromOneAndSkipBlankLines) {
  std::ofstream(path, std::ios::binary) << "\xEF\xBB\xBF{\"a\": 1}\r\n\n  \n{\"a\": 2}";
  std::vector<std::string> seen;
  for_each_json_line(path, [&](const Json& line, const std::string& where) {
    seen.push_back(line["a"].dump() + "@" + where.substr(where.rfind(':') + 1));
  });
  EXPECT_EQ(seen, (std::vector<std::string>{"1@1", "2@4"}));
}

TEST_F(Files, ALineThatIsNoObjectIsNamedByFileAndLine) {
  std::ofstream(path) << "{}\n[1]\n";
  try {
    for_each_json_line(path, [](const Json&, const std::string&) {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()),
              path.string() + ":2: expected one JSON object a line, found array");
  }
}

TEST_F(Files, LinesAreAppendedOrReplacedAsAsked) {
  LineWriter(path, LineWriter::Mode::kReplace).write({{"a", 1}});
  LineWriter(path, LineWriter::Mode::kAppend).write({{"a", "x\ny"}});
  EXPECT_EQ(read_file(path), "{\"a\":1}\n{\"a\":\"x\\ny\"}\n");
  LineWriter(path, LineWriter::Mode::kReplace).write({{"a", 3}});
  EXPECT_EQ(read_file(path), "{\"a\":3}\n");
}

TEST_F(Files, OneLockAtATimeAndTheHolderIsNamed) {
  {
    const DirectoryLock lock(folder.path());
    try {
      const DirectoryLock second(folder.path());
      FAIL();
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(std::to_string(::getpid())), std::string::npos)
          << error.what();
    }
  }
  EXPECT_NO_THROW(DirectoryLock(folder.path()));
}

TEST_F(Files, ALockDiesWithItsProcess) {
  const pid_t child = ::fork();
  if (child == 0) {
    new DirectoryLock(folder.path());  // never destroyed, as after kill -9
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_NO_THROW(DirectoryLock(folder.path()));
}

}  // namespace
}  // namespace tripost
