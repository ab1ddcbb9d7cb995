#include "task/calendar.h"

#include <algorithm>
#include <cassert>

namespace tripost {

using std::chrono::days;
using std::chrono::sys_days;

namespace {

// std::chrono keeps months and days in 8 bits: the 272nd would be the 16th. What does not fit stays
// as impossible as it is.
unsigned in_eight_bits(int number) {
  constexpr int kMost = 255;
  return static_cast<unsigned>(number < 0 ? kMost : std::min(number, kMost));
}

}  // namespace

Date make_date(int year, int month, int day) {
  return {std::chrono::year(year), std::chrono::month(in_eight_bits(month)),
          std::chrono::day(in_eight_bits(day))};
}

int year_of(Date date) { return static_cast<int>(date.year()); }
int month_of(Date date) { return static_cast<int>(static_cast<unsigned>(date.month())); }
int day_of(Date date) { return static_cast<int>(static_cast<unsigned>(date.day())); }

bool is_in_range(Date date) { return date.ok() && year_of(date) >= 1 && year_of(date) <= 9999; }

Date plus(Date date, Duration duration) {
  assert(date.ok());
  switch (duration.unit) {
    case Unit::kDay:
      return sys_days(date) + days(duration.count);
    case Unit::kWeek:
      return sys_days(date) + days(7 * duration.count);
    case Unit::kMonth:
      date += std::chrono::months(duration.count);
      break;
    case Unit::kYear:
      date += std::chrono::years(duration.count);
      break;
  }
  return date.ok() ? date : last_day_of_month(year_of(date), month_of(date));
}

int days_between(Date from, Date to) {
  return static_cast<int>((sys_days(to) - sys_days(from)).count());
}

int days_in_month(int year, int month) { return day_of(last_day_of_month(year, month)); }

Date last_day_of_month(int year, int month) {
  const Date first = make_date(year, month, 1);
  return first.year() / first.month() / std::chrono::last;
}

int weekday_of(Date date) {
  return static_cast<int>(std::chrono::weekday(sys_days(date)).c_encoding());
}

std::optional<Date> nth_weekday(int year, int month, int weekday, int nth) {
  const std::chrono::weekday day(static_cast<unsigned>(weekday));
  const auto first = make_date(year, month, 1);
  if (nth == -1) return sys_days(first.year() / first.month() / day[std::chrono::last]);
  if (nth < 1 || nth > 5) return std::nullopt;
  const auto found = first.year() / first.month() / day[static_cast<unsigned>(nth)];
  if (!found.ok()) return std::nullopt;
  return sys_days(found);
}

}  // namespace tripost
