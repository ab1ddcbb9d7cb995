// Whether what a step takes for given is what the question, or a step before it, says.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "task/date_question.h"
#include "task/date_rationale.h"
#include "task/line_check.h"

namespace tripost {

// The premise of a step of the context passes word for word (once the steps it builds on are
// known), and so do a sentence of the question and a paraphrase with a date or a number of it,
// whose dates, numbers, names, negations and words of time are all the question's own; "today is
// <date>" and the like must be true as well. nullopt when it passes.
std::optional<LineFault> check_premise(std::string_view premise, const DateQuestion& question,
                                       const DateSheet& sheet);

// Whether a premise that passed says "today is <date>".
bool says_which_day_is_today(std::string_view premise, const DateQuestion& question);

// The text before each date of the premise, back to the date before it.
std::vector<std::string_view> texts_before_dates(std::string_view premise);

// "today" of "... and today is ", the text before a date: what the date is said of. Empty when no
// such clause ends there. Of "Jane thinks today is " it is all of that: what she thinks may be
// wrong.
std::string_view subject_of_date(std::string_view before);

}  // namespace tripost
