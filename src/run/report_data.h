// What a report shows, read from a run directory. Numbers and records only; how they look is
// report_html and report.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "run/run_directory.h"
#include "trajectory/trajectory.h"

namespace tripost {

// One row of scores.json (docs/run_directory.md). Accuracies in 0..1; nullopt where the file says
// null or nothing.
struct ScoreRow {
  std::string task;
  std::string method;
  int64_t iteration = 0;
  int64_t seed = 0;
  std::string subset;  // "seen", "unseen", "total" or a level
  int64_t n = 0;
  std::optional<double> accuracy_first;
  std::optional<double> accuracy_final;
  std::optional<double> wrong_to_right;
  std::optional<double> right_to_wrong;
  std::optional<std::array<double, 2>> ci95;  // of accuracy_final
};

struct LossPoint {
  int iteration = 0;
  double step = 0;
  double loss = 0;
};

// How the trajectories of one iteration ended.
struct OutcomeCounts {
  static constexpr std::size_t kNumOutcomes = static_cast<std::size_t>(Outcome::kFailed) + 1;

  int iteration = 0;
  std::array<int64_t, kNumOutcomes> counts{};
  int64_t total() const;
};

struct ReportData {
  std::string name;    // of the run directory
  std::string config;  // config.toml as it is
  std::vector<ScoreRow> scores;
  std::vector<LossPoint> losses;
  std::vector<OutcomeCounts> outcomes;
  std::vector<Trajectory> examples;  // of the last iteration, improved ones first
  std::vector<std::string> notes;    // what could not be read, and why
};

ReportData read_report_data(const RunDirectory& run, int num_examples);

// The subsets that head every table: seen, unseen, total. Others are levels.
bool is_summary(const ScoreRow& row);

}  // namespace tripost
