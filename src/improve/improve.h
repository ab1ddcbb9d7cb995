// The TriPosT loop (paper, section 3): attempt, edit, balance, train, test; repeat.
//
// Everything it makes lies in the run directory, complete or not at all: a killed run goes on with the same call and ends
// with the same scores. Iteration 0 is supervised fine-tuning on gold rationales, where the paper starts from too.
#pragma once

#include <filesystem>

#include "base/progress.h"
#include "improve/config.h"
#include "improve/local_model.h"
#include "improve/state.h"
#include "run/run_directory.h"
#include "task/task.h"

namespace tripost {

// Runs what is left of the loop. `model` is where it starts from; `method` names the score rows. Throws Interrupted when
// asked to stop: all finished work is saved.
LoopState improve(const Task& task, const std::filesystem::path& model, const MachineConfig& machine,
                  const ImproveConfig& config, const RunDirectory& run, const std::string& method,
                  const Progress& progress);

// The test questions, seen levels first.
std::vector<Problem> test_problems(const Task& task, const TestConfig& config);

}  // namespace tripost
