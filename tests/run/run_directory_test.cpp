#include "run/run_directory.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/error.h"
#include "base/file.h"
#include "run/state.h"
#include "support/temporary_folder.h"

namespace tripost {
namespace {

TEST(RunDirectory, NamesAreTheContractOfTheDesign) {
  const RunDirectory run("runs/one");
  EXPECT_EQ(run.config(), "runs/one/config.toml");
  EXPECT_EQ(run.state(), "runs/one/state.json");
  EXPECT_EQ(run.metrics(), "runs/one/metrics.jsonl");
  EXPECT_EQ(run.trajectories(2), "runs/one/iteration-2/trajectories.jsonl");
  EXPECT_EQ(run.train_records(2), "runs/one/iteration-2/train.jsonl");
  EXPECT_EQ(run.model(), "runs/one/model");
  EXPECT_EQ(run.scores(), "runs/one/scores.json");
  EXPECT_EQ(run.report_html(), "runs/one/report.html");
  EXPECT_EQ(run.report_markdown(), "runs/one/report.md");
  EXPECT_EQ(run.tensorboard(), "runs/one/tensorboard");
}

TEST(RunDirectory, IterationsAreCountedByTheirTrajectories) {
  TemporaryFolder folder;
  const RunDirectory run(folder.path());
  EXPECT_EQ(run.num_iterations(), 0);
  write_file_atomically(run.trajectories(2), "");
  write_file_atomically(run.trajectories(10), "");
  write_file_atomically(run.train_records(11), "");  // not rolled out yet
  write_file_atomically(folder.path() / "iteration-12x" / "trajectories.jsonl", "");
  EXPECT_EQ(run.num_iterations(), 11);
}

TEST(RunDirectory, AnEmptyAMissingAndAnOwnFolderAreTakenOthersRefused) {
  TemporaryFolder folder;
  EXPECT_NO_THROW(RunDirectory(folder.path()).create());
  EXPECT_NO_THROW(RunDirectory(folder.path() / "new" / "deep").create());
  std::ofstream(folder.path() / "new" / "deep" / ".lock") << "1";
  std::ofstream(folder.path() / "new" / "deep" / "llm_cache.sqlite") << "1";
  std::ofstream(folder.path() / "new" / "deep" / "config.toml.tmp-4711") << "task = ";
  EXPECT_NO_THROW(RunDirectory(folder.path() / "new" / "deep").create());
  write_file_atomically(folder.path() / "other" / "thesis.tex", "years of work");
  EXPECT_THROW(RunDirectory(folder.path() / "other").create(), UsageError);
  write_file_atomically(folder.path() / "other" / "config.toml", "");
  EXPECT_NO_THROW(RunDirectory(folder.path() / "other").create());
  EXPECT_THROW(RunDirectory(folder.path() / "other" / "thesis.tex").create(), UsageError);
}

TEST(State, WhatIsWrittenComesBackWithItsVersion) {
  TemporaryFolder folder;
  const fs::path path = folder.path() / "state.json";
  EXPECT_FALSE(read_state(path).has_value());
  write_state(path, {{"iteration", 2}});
  EXPECT_EQ(*read_state(path), (Json{{"iteration", 2}, {"version", 1}}));
}

TEST(State, ANewerOrBrokenOneIsRefused) {
  TemporaryFolder folder;
  const fs::path path = folder.path() / "state.json";
  write_file_atomically(path, R"({"version": 99})");
  EXPECT_THROW(read_state(path), Error);
  write_file_atomically(path, R"({"version": 1)");
  EXPECT_THROW(read_state(path), Error);
  write_file_atomically(path, R"({})");
  EXPECT_THROW(read_state(path), Error);
}

}  // namespace
}  // namespace tripost
