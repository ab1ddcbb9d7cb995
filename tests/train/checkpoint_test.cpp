#include "train/checkpoint.h"

#include <ATen/ops/equal.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "train/temporary_directory.h"

namespace tripost {
namespace {

using testing::Contains;
using testing::HasSubstr;

class Checkpoint : public testing::Test {
 protected:
  Checkpoint() {
    set_log_sink([this](LogLevel level, const std::string& message) {
      if (level == LogLevel::kWarning) warnings_.push_back(message);
    });
  }
  ~Checkpoint() override { set_log_sink({}); }

  // Each step's tensors hold the step's number.
  void save(int64_t step) {
    store().save(Counters{step, step - 1, 100 * step, 0.1 * static_cast<double>(step), 2},
                 {{"a", at::full({10}, static_cast<float>(step))}, {"b", at::full({3, 2}, 0.5f)}});
  }

  std::optional<Counters> load() { return store().load_newest({{"a", a_}, {"b", b_}}); }

  std::string error_of_load() {
    try {
      load();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  CheckpointStore store() { return CheckpointStore(directory_.path(), run_); }

  fs::path file(int64_t step, const std::string& name) const {
    return directory_.path() / fmt::format("step-{}", step) / name;
  }

  TemporaryDirectory directory_;
  Json run_ = {{"learning_rate", 0.1}, {"examples", "abc"}};
  at::Tensor a_ = at::zeros({10});
  at::Tensor b_ = at::zeros({3, 2});
  std::vector<std::string> warnings_;
};

TEST_F(Checkpoint, WhatIsLoadedIsWhatWasSaved) {
  save(7);
  const auto counters = load();
  ASSERT_TRUE(counters);
  EXPECT_EQ(counters->step, 7);
  EXPECT_EQ(counters->updates, 6);
  EXPECT_EQ(counters->tokens, 700);
  EXPECT_EQ(counters->late_loss, 0.1 * 7);
  EXPECT_EQ(counters->late_steps, 2);
  EXPECT_TRUE(at::equal(a_, at::full({10}, 7.0f)));
  EXPECT_TRUE(at::equal(b_, at::full({3, 2}, 0.5f)));
}

TEST_F(Checkpoint, AnEmptyOrMissingDirectoryHoldsNone) {
  EXPECT_FALSE(load());
  EXPECT_FALSE(CheckpointStore(directory_.path() / "missing", run_).load_newest({{"a", a_}}));
}

TEST_F(Checkpoint, RemovingThemAllLeavesNothingNotEvenOfARemovalThatWasCutShort) {
  const fs::path checkpoints = directory_.path() / "checkpoints";
  for (const char* folder : {"checkpoints/step-1", "checkpoints.removed/step-1"})
    fs::create_directories(directory_.path() / folder);
  remove_checkpoints(checkpoints);
  remove_checkpoints(checkpoints);
  EXPECT_TRUE(fs::is_empty(directory_.path()));
}

TEST_F(Checkpoint, TheNewestIsTheOneWithTheLargestNumber) {
  save(9);
  save(10);
  fs::last_write_time(file(9, ""), fs::file_time_type::clock::now() + std::chrono::hours(1));
  EXPECT_EQ(load()->step, 10);
}

TEST_F(Checkpoint, TheLastTwoAreKept) {
  for (const int64_t step : {2, 4, 8, 16}) save(step);
  EXPECT_FALSE(fs::exists(file(2, "")));
  EXPECT_FALSE(fs::exists(file(4, "")));
  EXPECT_TRUE(fs::exists(file(8, "manifest.json")));
  EXPECT_TRUE(fs::exists(file(16, "manifest.json")));
}

TEST_F(Checkpoint, AnyFileCutShortMeansThePreviousCheckpoint) {
  for (const std::string name : {"a", "b", "manifest.json"}) {
    for (const bool empty : {true, false}) {
      save(3);
      save(5);
      fs::resize_file(file(5, name), empty ? 0 : fs::file_size(file(5, name)) - 1);
      // The manifest's last byte is a newline: without it nothing is lost.
      const int64_t expected = name == "manifest.json" && !empty ? 5 : 3;
      EXPECT_EQ(load()->step, expected) << name;
      EXPECT_EQ(a_[0].item<float>(), static_cast<float>(expected)) << name;
    }
  }
  EXPECT_THAT(warnings_, Contains(HasSubstr("step-5 is damaged")));
}

TEST_F(Checkpoint, AFlippedBitInAnyFileMeansThePreviousCheckpoint) {
  for (const std::string name : {"a", "b", "manifest.json"}) {
    save(3);
    save(5);
    std::string bytes = read_file(file(5, name));
    bytes[bytes.find_first_not_of(" {\n\"", bytes.size() / 2)] ^= 1;
    write_file_atomically(file(5, name), bytes);
    warnings_.clear();
    EXPECT_EQ(load()->step, 3) << name;
    EXPECT_EQ(warnings_.size(), 1u) << name;
  }
}

TEST_F(Checkpoint, AMissingFileMeansThePreviousCheckpoint) {
  save(3);
  save(5);
  fs::remove(file(5, "b"));
  EXPECT_EQ(load()->step, 3);
  EXPECT_TRUE(fs::exists(directory_.path() / "damaged-step-5"));
}

TEST_F(Checkpoint, DamageLeavesTheTensorsUntouched) {
  save(3);
  fs::resize_file(file(3, "b"), 4);
  EXPECT_THAT(error_of_load(), HasSubstr("every checkpoint"));
  EXPECT_TRUE(at::equal(a_, at::zeros({10})));
}

TEST_F(Checkpoint, ADamagedOneDoesNotStandInTheWayOfItsSuccessor) {
  save(3);
  save(5);
  fs::remove(file(5, "manifest.json"));
  EXPECT_EQ(load()->step, 3);
  save(5);
  EXPECT_EQ(load()->step, 5);
}

TEST_F(Checkpoint, AWriteCutShortBeforeTheRenameIsNoCheckpointAndIsCleanedUp) {
  save(3);
  const fs::path torn = directory_.path() / ".tmp-step-5-4242";
  fs::create_directories(torn);
  write_file_atomically(torn / "a", "half");
  EXPECT_EQ(load()->step, 3);
  EXPECT_FALSE(fs::exists(torn));
}

TEST_F(Checkpoint, AnotherRunsCheckpointIsRefusedByNameAndLeftAlone) {
  save(3);
  run_["learning_rate"] = 0.2;
  const std::string error = error_of_load();
  EXPECT_THAT(error, HasSubstr("learning_rate is 0.1, here it is 0.2"));
  EXPECT_TRUE(at::equal(a_, at::zeros({10})));
  run_["learning_rate"] = 0.1;
  EXPECT_EQ(load()->step, 3);
}

TEST_F(Checkpoint, SavingAStepTwiceLeavesTheSecond) {
  save(3);
  store().save(Counters{3}, {{"a", at::full({10}, 8.0f)}, {"b", b_}});
  load();
  EXPECT_EQ(a_[0].item<float>(), 8.0f);
}

TEST_F(Checkpoint, ADirectoryThatCannotBeWrittenIsAnErrorThatNamesIt) {
  write_file_atomically(directory_.path() / "file", "");
  CheckpointStore store(directory_.path() / "file" / "checkpoints", run_);
  EXPECT_THAT(
      [&] {
        store.save(Counters{1}, {{"a", a_}});
      },
      testing::ThrowsMessage<Error>(HasSubstr("file/checkpoints")));
}

}  // namespace
}  // namespace tripost
