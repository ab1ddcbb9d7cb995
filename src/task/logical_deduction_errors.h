// Makes mistakes on purpose: gold rationales of logical deduction with one error at a known step.
//
// The kinds are those that models make: a clue turned round, counted wrongly or never stated, an
// object lost or taken for another, orderings put together wrongly or too hastily, a step that is
// not there, a wrong answer. Half of the time the steps after a wrong ordering go on from it, as a
// model would. Every injected error is a real one: the step does not follow from what it names.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "task/task.h"

namespace tripost {

// nullopt for problems without a rationale.
std::optional<InjectedError> inject_deduction_error(const Problem& problem, Random& random);

// The names of all kinds, for reports.
std::vector<std::string> deduction_error_kinds();

}  // namespace tripost
