// An LLM's demonstrations (the paper's SI from demonstrations): it attempts, finds its first wrong
// step and corrects it, by few-shot prompts.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "cli/llm_options.h"
#include "improve/config.h"
#include "run/run_directory.h"
#include "task/task.h"
#include "trajectory/record.h"

namespace tripost {

// The prompts that it is asked with, by names for people.
std::map<std::string, std::filesystem::path> inputs_of_demonstrations(const LlmSettings& settings,
                                                                      const Task& task);

// `config.samples` attempts at each problem at `config.sampling.temperature`, feedback and updates
// greedy, converted and balanced; written as the iteration's files (improve/collect.h).
std::vector<Record> llm_demonstrations(const std::vector<Problem>& problems, const Task& task,
                                       const LlmSettings& settings, Llm& llm,
                                       const ImproveConfig& config, const RunDirectory& run,
                                       int iteration);

}  // namespace tripost
