// Whether an update is one: pure functions on the text of two attempts and what the verifier says
// of them.
//
// An update keeps the steps before the wrong one word for word and changes the wrong one. It makes
// progress when it is right, or when its first wrong step is a later one, or the same step with
// another wrong part. Whoever wrote it, model, LLM or script, is held to the same rules.
#pragma once

#include <compare>
#include <string>

#include "task/task.h"

namespace tripost {

// Order of step ids as dotted numbers, "9" < "10" < "10.2" < "Final response". Any other text comes
// before all of them.
std::strong_ordering compare_steps(const std::string& a, const std::string& b);

// Why `update` is no edit of `attempt`, in whose review the wrong step stands; empty when it is
// one.
std::string fault_of_update(const std::string& attempt, const Review& review,
                            const std::string& update);

bool makes_progress(const Review& before, const Review& after);

// Whether the model's own feedback says what the verifier says: the same calculations before it
// where there are any, the same step, and one quoted part holds the other.
bool agrees(const Review& own, const Review& verifier);

}  // namespace tripost
