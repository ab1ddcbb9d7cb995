// The TriPosT loop (paper, section 3): attempt, edit, balance, train, test; repeat.
//
// Everything it makes lies in the run directory, complete or not at all: a killed run goes on with
// the same call and ends with the same scores. Iteration 0 is supervised fine-tuning on gold
// rationales, where the paper starts from too.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "evaluate/comparison.h"
#include "evaluate/scores.h"
#include "improve/config.h"
#include "improve/local_model.h"
#include "improve/method.h"
#include "improve/state.h"
#include "run/run_directory.h"
#include "task/task.h"

namespace tripost {

// Where a run starts from.
struct Start {
  std::filesystem::path model;
  MachineConfig machine;
  std::function<void()> when_loaded;  // called once the model is there, if one is needed yet
  // What the results depend on, name by name: kept in state.json. A run whose state has another
  // value is refused.
  Json settings = Json::object();
};

// Runs what is left of the loop. Throws Interrupted when asked to stop: all finished work is saved.
LoopState improve(const Start& start, const Method& method, const Task& task,
                  const ImproveConfig& config, const RunDirectory& run, const Progress& progress);

// Every test of a run, iteration after iteration, read from its files of answers; when it ended
// early, then each of the config's iterations that is missing, with the reason.
std::vector<MethodResults> tested_results(const RunDirectory& run, const LoopState& state,
                                          const Method& method, const Task& task,
                                          const ImproveConfig& config);

// The test questions, seen levels first.
std::vector<Problem> test_problems(const Task& task, const TestConfig& config);

}  // namespace tripost
