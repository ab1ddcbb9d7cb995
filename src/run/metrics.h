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

class Metrics {
 public:
  using Values = std::vector<std::pair<std::string, double>>;

  // Goes on with what metrics.jsonl says of the steps before `first_step`; lines of later ones, and
  // half a line at its end, are of work that a crash undid and are cut off. A line that is not JSON
  // before them is an Error.
  Metrics(const RunDirectory& run, int64_t first_step);
  ~Metrics();

  void write(int64_t step, int iteration, const Values& values);

 private:
  std::unique_ptr<LineWriter> lines_;
  std::unique_ptr<EventFile> events_;  // null once it failed
};

}  // namespace tripost
