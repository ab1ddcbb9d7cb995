// Attempts that an LLM writes from a few-shot prompt: what the paper's prompting rows and its
// collected rationales and demonstrations begin with.
#pragma once

#include <filesystem>
#include <vector>

#include "edit/llm_source.h"
#include "task/task.h"
#include "text/generate.h"
#include "trajectory/exchange.h"

namespace tripost {

// One exchange of one attempt for every problem and sample, in that order. `prompt` has the
// placeholders {question} and {lead_in}. An answer in the layout of steps is read as such, without
// what stands around them; any other is the attempt as it is, for the grader to judge. A prompt
// that does not fit and a question without answer are exchanges that say why.
std::vector<Exchange> llm_attempts(const std::vector<Problem>& problems, const Task& task,
                                   const std::filesystem::path& prompt, const Generate& generate,
                                   const LlmSourceConfig& config, int samples = 1);

}  // namespace tripost
