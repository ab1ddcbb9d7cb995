// Which problems a command works on, as options: drawn from a split, or read from a file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "run/options.h"
#include "task/task.h"

namespace tripost {

struct ProblemSettings {
  std::string task;
  std::string split = "test";
  std::string problems = "300";
  uint64_t seed = 20231020;  // of the problems
};

// --task and --problems; `help` says what a number means.
void add_problem_options(Options& options, ProblemSettings& settings, const std::string& help);

// An Error when a file's question cannot be read, a UsageError when neither number nor file is
// given.
std::vector<Problem> problems_of(const Task& task, const ProblemSettings& settings);

}  // namespace tripost
