// Whether an attempt's reasoning ends in its answer, told from its words alone: the paper's filter
// of an LLM's rationales, for questions with lettered options.
//
// It asks little: many rationales that pass are wrong in an earlier step.
#pragma once

#include <string>

#include "task/task.h"

namespace tripost {

// The step before the final response names the gold option: a date that is the option's (date
// understanding), or all words of its sentence, which the final response repeats (logical
// deduction). True for questions without options.
bool conclusion_names_answer(const Problem& problem, const std::string& attempt);

}  // namespace tripost
