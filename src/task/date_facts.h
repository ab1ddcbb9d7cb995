// What the contexts of date questions take for known: holidays, jubilees; and small helpers of
// their tables.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "task/date_pattern.h"

namespace tripost {

// The date plus the duration; nullopt when going back does not lead to the date again (a month
// after Jan 31): then people disagree on which day is meant.
std::optional<Date> shifted(Date date, Duration duration);

// The day and month of `date` in another year; nullopt when there is no such day.
std::optional<Date> in_year(Date date, int year);

// Whether two dates have the same month and day.
bool is_same_day(Date a, Date b);

// "Christmas Eve" of a year; nullopt for a holiday that is not known.
std::optional<Date> holiday_of(std::string_view name, int year);

// 50 for "golden"; 0 when unknown.
int jubilee_years(std::string_view name);

void set_date(Slots& slots, std::string_view name, Date date, DateStyle style);

// "Mar 12" of "Mar 12, 2002", "3/12" of "3/12/2002".
std::string without_year(const std::string& date);

// The slots nth, weekday and month of the holiday that a US question speaks of.
void complete_weekday_holiday(Slots& slots);

}  // namespace tripost
