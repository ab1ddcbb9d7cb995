#include "improve/rehearsal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "improve/collect.h"
#include "improve/improve.h"
#include "support/temporary_folder.h"

namespace tripost {
namespace {

using testing::HasSubstr;

const fs::path kBase = fs::path(TRIPOST_SOURCE_DIR) / "models" / "base";

Record document(const std::string& text) {
  return {.text = text, .sections = {{0, text.size(), 1.0f, ""}}};
}

// Ten bytes each, no two alike.
std::vector<Record> documents(int count) {
  std::vector<Record> made(static_cast<std::size_t>(count));
  int next = 1'000'000'000;
  for (Record& record : made) record = document(std::to_string(next++));
  return made;
}

std::vector<std::string> texts(const std::vector<Record>& records) {
  std::vector<std::string> found(records.size());
  std::transform(records.begin(), records.end(), found.begin(),
                 [](const Record& record) { return record.text; });
  return found;
}

TEST(Rehearsal, DocumentsMakeUpTheirShareOfTheText) {
  const std::vector<Record> records = {document(std::string(200, 'a')),
                                       document(std::string(100, 'b'))};
  const Rehearsal quarter = draw_rehearsal(documents(50), records, 0.25, 7);
  EXPECT_EQ(quarter.documents.size(), 10u);  // 100 bytes of 400
  EXPECT_FALSE(quarter.falls_short);
  EXPECT_EQ(draw_rehearsal(documents(50), records, 0.5, 7).documents.size(), 30u);
  EXPECT_EQ(draw_rehearsal(documents(50), records, 0.0, 7).documents.size(), 0u);
}

TEST(Rehearsal, ASeedDrawsTheSameDocumentsAgainEachOnce) {
  const std::vector<Record> records = {document(std::string(300, 'a'))};
  const auto drawn = texts(draw_rehearsal(documents(50), records, 0.25, 7).documents);
  EXPECT_EQ(texts(draw_rehearsal(documents(50), records, 0.25, 7).documents), drawn);
  EXPECT_NE(texts(draw_rehearsal(documents(50), records, 0.25, 8).documents), drawn);
  EXPECT_EQ(std::set<std::string>(drawn.begin(), drawn.end()).size(), drawn.size());
}

TEST(Rehearsal, TooFewDocumentsAreAllTakenAndSaidToFallShort) {
  const std::vector<Record> records = {document(std::string(300, 'a'))};
  const Rehearsal all = draw_rehearsal(documents(9), records, 0.25, 7);
  EXPECT_EQ(all.documents.size(), 9u);
  EXPECT_TRUE(all.falls_short);
}

TEST(Rehearsal, AFileWithoutRecordsIsAnErrorAndNoFileIsNone) {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / "empty.jsonl", "\n");
  EXPECT_TRUE(rehearsal_documents({}).empty());
  try {
    rehearsal_documents({.documents = folder.path() / "empty.jsonl"});
    FAIL() << "an empty file was taken";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("empty.jsonl holds no record"));
  }
}

// The loop on gold rationales, which need no attempts.
class RehearsingLoop : public testing::Test {
 protected:
  LoopState run(const std::string& name, double share) {
    ImproveConfig config;
    config.iterations = 1;
    config.problems = 6;
    config.min_records = 1;
    config.finetuning.epochs = 1;
    config.training.epochs = 1;
    config.training.learning_rate = 1e-4;
    config.test = {.seen = 1, .unseen = 1, .max_updates = 1, .max_new_tokens = 8};
    if (share > 0) config.rehearsal = {folder.path() / "documents.jsonl", share};
    fs::create_directories(folder.path() / name);
    return improve({.model = kBase, .machine = {.dtype = "float32", .threads = 1}}, gold_method({}),
                   *make_task("multistep_arithmetic"), config, RunDirectory(folder.path() / name),
                   [](const ProgressUpdate&) {});
  }
  const TemporaryFolder folder;
};

TEST_F(RehearsingLoop, IterationsTrainOnTheDocumentsTooAndFineTuningDoesNot) {
  const auto task = make_task("multistep_arithmetic");
  const auto written_alike = gold_rationales(task->problems(Split::kValidation, {}, 40, 1), 1.0f);
  write_file_atomically(folder.path() / "documents.jsonl", to_lines(written_alike));
  const LoopState without = run("without", 0), with = run("with", 0.5);
  ASSERT_EQ(with.tokens.size(), 2u);
  EXPECT_EQ(with.tokens[0], without.tokens[0]);
  // Half of the text, which is written as the rationales are: as many tokens again, give or take.
  EXPECT_GT(with.tokens[1], without.tokens[1] * 3 / 2);
  EXPECT_LT(with.tokens[1], without.tokens[1] * 5 / 2);
}

}  // namespace
}  // namespace tripost
