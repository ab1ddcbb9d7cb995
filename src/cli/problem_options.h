// Which problems a command works on, as options: drawn from a split, or read from a file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "run/inputs.h"
#include "run/options.h"
#include "task/task.h"

namespace tripost {

struct ProblemSettings {
  std::string task;
  std::string split = "test";  // of the problems that are drawn; with "train" a file must not hold
                               // problems that are for testing either
  std::string problems = "300";
  uint64_t seed = 20231020;  // of the problems
};

// --task and --problems; `help` says what a number means.
void add_problem_options(Options& options, ProblemSettings& settings, const std::string& help);

// An Error when a file's question cannot be read, or must not be trained on: its line says
// "split": "test", or it is a test problem of the user's task. A UsageError when neither number nor
// file is given, and when `options` were given a --split beside a file, which is not drawn from.
std::vector<Problem> problems_of(const Task& task, const ProblemSettings& settings,
                                 const Options& options);

// The user's files that the problems depend on: those of the task, and the one that --problems
// names.
InputFiles inputs_of_problems(const ProblemSettings& settings);

}  // namespace tripost
