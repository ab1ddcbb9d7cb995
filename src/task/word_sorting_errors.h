// Makes mistakes on purpose: gold rationales of word sorting with one error at a known step.
//
// The kinds are those that models make: a letter misread or miscounted, a word lost, doubled or
// misspelt, ranks or words in the wrong order, a subpart forgotten or sorted too early, a step
// skipped, repeated or misnumbered. Every injected error is a real one: the step does not follow
// from the steps before it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "task/task.h"

namespace tripost {

// nullopt for problems without a rationale.
std::optional<InjectedError> inject_sorting_error(const Problem& problem, Random& random);

// The names of all kinds, for reports.
std::vector<std::string> sorting_error_kinds();

}  // namespace tripost
