// Makes mistakes on purpose: gold rationales of date understanding with one error at a known step.
//
// The kinds are those that models make: a date off by a day, a month or a year, counted in the
// wrong direction or past the end of its month, copied wrongly, written day first; the wrong date
// asked for; a step skipped, repeated or out of order; the wrong letter. Half of the time the steps
// after a wrong date go on from it, as a model would.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "task/task.h"

namespace tripost {

// nullopt for questions without a rationale.
std::optional<InjectedError> inject_date_error(const Problem& problem, Random& random);

// The names of all kinds, for reports.
std::vector<std::string> date_error_kinds();

}  // namespace tripost
