// What a resumed run needs to know; all else is in files that state.json vouches for.
#pragma once

#include <cstdint>
#include <vector>

#include "base/json.h"
#include "evaluate/scores.h"
#include "run/run_directory.h"

namespace tripost {

struct LoopState {
  int completed = -1;  // the last iteration that is complete; 0 is the fine-tuning before the loop
  bool ended = false;  // nothing is left to do, be it because too little data came out
  std::string why_ended;           // when it ended before its last iteration
  std::vector<int64_t> steps;      // optimisation steps of each completed iteration, from 0
  std::vector<int64_t> tokens;     // that those trained on
  std::vector<double> seconds;     // that making each took, in the process that completed it
  std::vector<ScoreRow> rows;      // of all evaluations so far
  Json settings = Json::object();  // Start::settings of the process that began the run

  int64_t total_steps() const;
  bool has_test_of(int iteration) const;
};

LoopState read_loop_state(const RunDirectory& run);
void write_loop_state(const RunDirectory& run, const LoopState& state);

}  // namespace tripost
