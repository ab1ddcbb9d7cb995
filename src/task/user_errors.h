// Makes mistakes on purpose: gold rationales of a user's task with one error at a known step.
//
// Of a task whose steps we cannot read the kinds are two: a digit changed, and the same step of
// another problem. Half of the time, or always when only the answer is judged, the final response
// is another problem's as well: after a mistake the answer is wrong too.
#pragma once

#include <optional>
#include <string>

#include "base/random.h"
#include "task/task.h"

namespace tripost {

// nullopt when the drawn step has no digit, or the two rationales no differing step there.
std::optional<InjectedError> inject_user_error(const std::string& rationale,
                                               const std::string& other_rationale,
                                               bool spoils_answer, Random& random);

}  // namespace tripost
