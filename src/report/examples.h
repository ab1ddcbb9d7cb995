// Which of many trajectories and test questions a report shows.
#pragma once

#include <filesystem>
#include <vector>

#include "report/data.h"
#include "trajectory/trajectory.h"

namespace tripost {

// The first trajectories of each kind, so that examples can be chosen without keeping a whole file
// in memory.
class TrajectoryExamples {
 public:
  explicit TrajectoryExamples(int limit) : limit_(static_cast<std::size_t>(limit)) {}

  void offer(const Trajectory& trajectory);

  // One that could not be improved and one that was right at once, if there are; the rest improved
  // ones.
  std::vector<Trajectory> chosen() const;

 private:
  std::size_t limit_;
  std::vector<Trajectory> improved_;
  std::vector<Trajectory> others_;
  std::vector<Trajectory> correct_;
};

// Reads an evaluation.jsonl; `source` stays empty.
TestExamples read_test_examples(const std::filesystem::path& evaluation, int limit);

}  // namespace tripost
