#include "trajectory/record_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "support/temporary_folder.h"

namespace tripost {
namespace {

using testing::HasSubstr;

const std::string kOurs = R"({"text": "a", "sections": [{"begin": 0, "end": 1, "weight": 1}]})";
const std::string kReference =
    R"({"text": "1+1=\nAnswer:\n2\nFeedback: yes", "text_att_start_text": "\nFeedback:"})";

TEST(RecordFile, BothFormsAreReadInOrderWithoutTheEmptyLines) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "train.jsonl";
  write_file_atomically(path, kOurs + "\n\n \t\r\n" + kReference + "\r\n" + kOurs);
  const std::vector<Record> records = read_records(path, 1.5f);
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].text, "a");
  EXPECT_THAT(records[1].text, HasSubstr("Feedback: yes"));
  EXPECT_EQ(records[1].sections.back().weight, 1.5f);
  EXPECT_EQ(records[2].text, "a");
}

TEST(RecordFile, ALineThatIsNoRecordIsNamedAsAnEditorCountsIt) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "train.jsonl";
  write_file_atomically(path, kOurs + "\n\n[1]\n" + kOurs + "\n");
  try {
    read_records(path);
    FAIL() << "an array was read as a record";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("train.jsonl:3: "));
  }
}

TEST(RecordFile, AnEmptyFileHasNoRecord) {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / "empty.jsonl", "");
  EXPECT_TRUE(read_records(folder.path() / "empty.jsonl").empty());
}

}  // namespace
}  // namespace tripost
