// Calendar arithmetic: the proleptic Gregorian calendar, on std::chrono's dates.
//
// A month before Mar 31, or a year before Feb 29, ends at the last day of its month when it has no
// such day (the reference's data never asks; it is what dateutil does). A Date may be impossible
// (Feb 30): `ok()` tells. The arithmetic takes possible dates only.
#pragma once

#include <chrono>
#include <optional>

namespace tripost {

using Date = std::chrono::year_month_day;

// Month and day count from 1. The date may be impossible.
Date make_date(int year, int month, int day);

int year_of(Date date);
int month_of(Date date);
int day_of(Date date);

// Between the years 1 and 9999: what a question or a step may speak of.
bool is_in_range(Date date);

enum class Unit { kDay, kWeek, kMonth, kYear };

// "10 days", "a week", "one year"; a negative count goes back.
struct Duration {
  int count = 0;
  Unit unit = Unit::kDay;
  Duration operator-() const { return {-count, unit}; }
  bool operator==(const Duration&) const = default;
};

Date plus(Date date, Duration duration);
inline Date plus_days(Date date, int days) { return plus(date, {days, Unit::kDay}); }

int days_between(Date from, Date to);

int days_in_month(int year, int month);
Date last_day_of_month(int year, int month);

// 0 for Sunday to 6 for Saturday.
int weekday_of(Date date);

// The second Monday of a month is nth 2, weekday 1; nth -1 is the last. nullopt when the month has
// none.
std::optional<Date> nth_weekday(int year, int month, int weekday, int nth);

}  // namespace tripost
