// Makes mistakes on purpose: gold rationales of multistep arithmetic with one error at a known
// step.
//
// The kinds are those that models make: a number copied or calculated wrongly, a sign lost, a
// bracket dropped, a letter looked up wrongly, a step skipped, repeated or out of order. Half of
// the time the steps after a wrong number go on from it, as a model would. Every injected error is
// a real one: the step does not follow from the steps before it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "task/task.h"

namespace tripost {

// nullopt for questions with fewer than two leaves or without a rationale.
std::optional<InjectedError> inject_arithmetic_error(const Problem& problem, Random& random);

// The names of all kinds, for reports.
std::vector<std::string> arithmetic_error_kinds();

}  // namespace tripost
