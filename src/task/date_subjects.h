// What a step's claim is about, in the words of its question.
#pragma once

#include <optional>
#include <string_view>

#include "task/date_claims.h"
#include "task/date_question.h"

namespace tripost {

// The step of the context that the claim is about: by its name, or today by the words that the
// question has for it ("the palindrome day of 2020"), or by "the date" behind a premise.
std::optional<std::size_t> step_about(const DateQuestion& question, const DateClaim& claim);

// Whether the claim is about "the date" and does not say which.
bool is_any_date(const DateClaim& claim);

// Whether the question says "today is <subject>".
bool is_said_of_today(const DateQuestion& question, std::string_view subject);

// A span of time from today: "24 hours later", or "Jane's appointment" where the question says that
// it will be 3 days later.
std::optional<DateSubject> span_about(const DateQuestion& question, const DateClaim& claim);

// How many days the question's weekdays are ahead of the calendar's: "Tue, 7/9/1972" is a Sunday.
int weekdays_ahead(std::string_view context);

}  // namespace tripost
