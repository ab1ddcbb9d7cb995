#include "run/metrics.h"

#include <gtest/gtest.h>

#include <fstream>
#include <limits>

#include "base/error.h"
#include "support/temporary_folder.h"

namespace tripost {
namespace {

class MetricsFile : public ::testing::Test {
 protected:
  std::vector<Json> lines() const {
    std::vector<Json> lines;
    for_each_json_line(run.metrics(),
                       [&](Json line, const std::string&) { lines.push_back(std::move(line)); });
    return lines;
  }

  TemporaryFolder folder;
  RunDirectory run{folder.path()};
};

TEST_F(MetricsFile, ALineHoldsStepIterationTimeAndValuesAndNanIsNull) {
  Metrics metrics(run, {});
  metrics.write(3, 1,
                {{"loss", 0.5}, {"gradient norm/ü", std::numeric_limits<double>::quiet_NaN()}});
  ASSERT_EQ(lines().size(), 1u);
  const Json line = lines()[0];
  EXPECT_EQ(line["step"], 3);
  EXPECT_EQ(line["iteration"], 1);
  EXPECT_EQ(line["loss"], 0.5);
  EXPECT_TRUE(line["gradient norm/ü"].is_null());
  EXPECT_GT(line["time"].get<double>(), 1.7e9);
}

TEST_F(MetricsFile, AResumeCutsBackWhatTheStateDoesNotCount) {
  MetricsPosition saved;
  {
    Metrics metrics(run, {});
    metrics.write(0, 1, {{"loss", 3}});
    metrics.write(1, 1, {{"loss", 2}});
    saved = metrics.save();
    metrics.write(2, 1, {{"loss", 1}});  // lost work: the run dies before the next state
  }
  std::ofstream(run.metrics(), std::ios::app) << "{\"step\": 3, \"torn";
  EXPECT_EQ(saved.step, 2);
  {
    Metrics metrics(run, saved);
    metrics.write(2, 1, {{"loss", 1.5}});
    metrics.write(3, 1, {{"loss", 0.5}});
  }
  std::vector<int> steps;
  for (const Json& line : lines()) steps.push_back(line["step"].get<int>());
  EXPECT_EQ(steps, (std::vector<int>{0, 1, 2, 3}));
  EXPECT_EQ(lines()[2]["loss"], 1.5);
}

TEST_F(MetricsFile, ANewRunStartsAnEmptyFile) {
  std::ofstream(run.metrics()) << "left over\n";
  Metrics metrics(run, {});
  EXPECT_TRUE(lines().empty());
}

TEST_F(MetricsFile, AFileThatLostItsTailOrWasEditedIsRefused) {
  std::ofstream(run.metrics()) << "{\"step\": 0}\n{\"step\": 1}\n";
  EXPECT_THROW(Metrics(run, {.step = 2, .offset = 1000}), Error);
  EXPECT_THROW(Metrics(run, {.step = 1, .offset = 5}), Error);
  EXPECT_NO_THROW(Metrics(run, {.step = 1, .offset = 12}));
}

TEST_F(MetricsFile, ABrokenTensorBoardFolderDoesNotStopTheRun) {
  std::ofstream(run.tensorboard()) << "a file where the folder should be";
  Metrics metrics(run, {});
  metrics.write(0, 0, {{"loss", 1}});
  EXPECT_EQ(lines().size(), 1u);
}

}  // namespace
}  // namespace tripost
