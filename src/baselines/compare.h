// The paper's comparison: tasks x seeds x methods, shared work done once, resumable at any point.
//
// Every cell is a run directory of its own, <output>/<task>/seed-<n>/<method>, with <...>/ft as the
// fine-tuned model that the methods of one task and seed share. A killed comparison goes on with
// the same call; finished cells are read, not run again. Test questions are the same for every
// method and seed. What could not be made is there too, with the reason.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/progress.h"
#include "evaluate/comparison.h"
#include "improve/config.h"
#include "improve/improve.h"
#include "improve/method.h"
#include "run/run_directory.h"

namespace tripost {

struct CompareConfig {
  std::vector<std::string> tasks;
  std::vector<std::string> methods;  // names of method_entries(); TriPosT always runs
  int seeds = 3;                     // the run's seed, and the next ones
  // By name of a method: where its records come from, instead of what the entry says. For those
  // that an LLM makes, whom this stage does not know.
  std::map<std::string, CollectRecords> collect = {};
  ImproveConfig improve;

  bool has(const std::string& method) const;
};

// Runs what is left and returns every cell's results, tasks in order, then methods, then seeds.
// `after_cell` sees what is there after each task and seed: hours may pass until the next.
// Throws Interrupted when asked to stop: all finished work is saved.
std::vector<MethodResults> compare(
    const Start& start, const CompareConfig& config, const RunDirectory& output,
    const Progress& progress,
    const std::function<void(const std::vector<MethodResults>&)>& after_cell);

}  // namespace tripost
