// Self-improvement by prompting (paper, table 2, "SI. prompting" of the small model): nothing is
// trained; the model attempts, judges and corrects under few-shot prompts.
//
// Beside the trained methods it shows what a model of that size makes of examples alone. The
// prompts are those of `tripost evaluate --attempt llm --self-improve --feedback llm`.
#pragma once

#include <filesystem>
#include <string>

#include "evaluate/evaluate.h"
#include "improve/config.h"

namespace tripost {

// An Error that names the first of the task's prompts that is missing in `folder`.
void check_prompts(const std::filesystem::path& folder, const std::string& task);

// Greedy. Task and generate outlive the stages, which read the prompts when they are made.
EvaluateStages prompted_stages(const Task& task, const Generate& generate,
                               const ImproveConfig& config);

}  // namespace tripost
