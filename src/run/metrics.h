// metrics.jsonl: one line per measurement, in order, without duplicates after a resume.
//
//   {"step": 12, "iteration": 1, "time": 1764000000.25, "loss": 0.431, "learning_rate": 0.0009}
//
// `time` is seconds since 1970; a value that is not finite is written as null. Every value also
// goes to TensorBoard event files, as <tag> = the value's name. A failure to write those is logged
// once and never stops the run.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "run/run_directory.h"

namespace tripost {

class EventFile;

struct MetricsPosition {
  int64_t step = 0;    // the first step that is still to be written
  int64_t offset = 0;  // bytes of metrics.jsonl that belong to finished work
};

// Where metrics.jsonl has to be cut so that it ends before `step`.
MetricsPosition position_before(const RunDirectory& run, int64_t step);

class Metrics {
 public:
  using Values = std::vector<std::pair<std::string, double>>;

  // Cuts metrics.jsonl back to `from` (what state.json says; zeros for a new run) and goes on
  // there. A file shorter than that, or one whose cut would fall inside a line, is an Error.
  Metrics(const RunDirectory& run, MetricsPosition from);
  ~Metrics();

  void write(int64_t step, int iteration, const Values& values);

  // Puts everything on disk and says where a resume may go on: what belongs into state.json.
  MetricsPosition save();

 private:
  fs::path path_;
  std::unique_ptr<LineWriter> lines_;
  std::unique_ptr<EventFile> events_;  // null once it failed
  int64_t next_step_;
};

}  // namespace tripost
