// Whether what a step takes for given is what the question, or a step before it, says.
#pragma once

#include <optional>
#include <string_view>

#include "task/date_question.h"
#include "task/date_rationale.h"
#include "task/line_check.h"

namespace tripost {

// The premise of a step of the context passes word for word (once the steps it builds on are
// known), and so does a paraphrase that shares a date or a telling word with the question, and
// whose dates, numbers, names and words of time are all the question's own; "today is <date>" and
// the like must be true as well. nullopt when it passes.
std::optional<LineFault> check_premise(std::string_view premise, const DateQuestion& question,
                                       const DateSheet& sheet);

}  // namespace tripost
