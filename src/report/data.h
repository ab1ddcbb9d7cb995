// What a report shows, read from a run directory. Numbers and records only; how they look is for
// html.h and report.h.
//
// Of a run of `improve` and of one of `compare`: a comparison is many tasks and no training of its
// own.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "evaluate/comparison.h"
#include "evaluate/diagnose.h"
#include "run/run_directory.h"
#include "trajectory/exchange.h"
#include "trajectory/trajectory.h"

namespace tripost {

// Test questions whose answer the model's own feedback and updates made right, or spoilt.
struct TestExamples {
  std::string source;  // "TriPosT, iteration 3, seed 42"; empty when there was no test
  int questions = 0;
  int num_saved = 0, num_broken = 0;
  std::vector<Exchange> saved, broken;  // the first few of them
};

// Updates under the task's own feedback, of all seeds together.
struct DiagnosisRow {
  int iteration = 0;
  std::string questions;  // "seen", "unseen", "sampled"
  std::string level;      // empty: all levels
  DiagnosisCounts counts;
};

struct TaskData {
  std::string task;
  std::vector<ComparisonLine> lines;
  TestExamples tests;
  std::vector<DiagnosisRow> diagnosis;  // of TriPosT
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
  std::string name;       // of the run directory
  std::string config;     // config.toml as it is
  std::string reference;  // the method that the others are compared with
  std::vector<TaskData> tasks;
  std::vector<LossPoint> losses;
  std::vector<OutcomeCounts> outcomes;
  std::vector<Trajectory> examples;  // of the last iteration, improved ones first
  std::vector<std::string> notes;    // what could not be read, and why
};

// `num_examples` trajectories at most, and as many test questions of each kind.
ReportData read_report_data(const RunDirectory& run, int num_examples);

}  // namespace tripost
