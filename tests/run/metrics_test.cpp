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
  Metrics metrics(run, 0);
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

TEST_F(MetricsFile, AResumeCutsOffWhatACrashUndid) {
  {
    Metrics metrics(run, 0);
    for (int step = 0; step < 3; ++step) metrics.write(step, 1, {{"loss", 3 - step}});
  }
  std::ofstream(run.metrics(), std::ios::app) << "{\"step\": 3, \"torn";
  {
    Metrics metrics(run, 2);  // the checkpoint was made before step 2
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
  Metrics metrics(run, 0);
  EXPECT_TRUE(lines().empty());
}

TEST_F(MetricsFile, ALineThatIsNoMeasurementIsRefused) {
  std::ofstream(run.metrics()) << "{\"step\": 0}\nedited\n";
  EXPECT_THROW(Metrics(run, 2), Error);
}

TEST_F(MetricsFile, ABrokenTensorBoardFolderDoesNotStopTheRun) {
  std::ofstream(run.tensorboard()) << "a file where the folder should be";
  Metrics metrics(run, 0);
  metrics.write(0, 0, {{"loss", 1}});
  EXPECT_EQ(lines().size(), 1u);
}

}  // namespace
}  // namespace tripost
