#include "task/date_facts.h"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace tripost {
namespace {

struct Holiday {
  const char* name;
  int month;
  int day;
};

constexpr Holiday kHolidays[] = {{"Christmas Eve", 12, 24},      {"Christmas Day", 12, 25},
                                 {"New Year's Day", 1, 1},       {"New Year's Eve", 12, 31},
                                 {"Valentine's Day", 2, 14},     {"Halloween", 10, 31},
                                 {"the Fourth of July", 7, 4},   {"April Fools' Day", 4, 1},
                                 {"Saint Patrick's Day", 3, 17}, {"Boxing Day", 12, 26}};

struct WeekdayHoliday {
  const char* name;
  int nth;
  int weekday;
  int month;
};

constexpr WeekdayHoliday kWeekdayHolidays[] = {{"Thanksgiving", 4, 4, 11},
                                               {"Labor Day", 1, 1, 9},
                                               {"Memorial Day", -1, 1, 5},
                                               {"Mother's Day", 2, 0, 5},
                                               {"Columbus Day", 2, 1, 10}};

struct Jubilee {
  const char* name;
  int years;
};

constexpr Jubilee kJubilees[] = {{"tin", 10},   {"crystal", 15}, {"china", 20},  {"silver", 25},
                                 {"pearl", 30}, {"ruby", 40},    {"golden", 50}, {"diamond", 60}};

}  // namespace

std::optional<Date> shifted(Date date, Duration duration) {
  const Date result = plus(date, duration);
  if (plus(result, -duration) != date) return std::nullopt;
  return result;
}

std::optional<Date> in_year(Date date, int year) {
  const Date result = make_date(year, month_of(date), day_of(date));
  if (!result.ok()) return std::nullopt;
  return result;
}

bool is_same_day(Date a, Date b) { return a.month() == b.month() && a.day() == b.day(); }

std::optional<Date> holiday_of(std::string_view name, int year) {
  for (const Holiday& holiday : kHolidays)
    if (holiday.name == name) return make_date(year, holiday.month, holiday.day);
  return std::nullopt;
}

int jubilee_years(std::string_view name) {
  for (const Jubilee& jubilee : kJubilees)
    if (jubilee.name == name) return jubilee.years;
  return 0;
}

void set_date(Slots& slots, std::string_view name, Date date, DateStyle style) {
  Slot& slot = slots.set(name);
  slot.date = date;
  slot.text = write_date(date, style);
}

std::string without_year(const std::string& date) {
  const std::size_t end = date.find_last_of("/,");
  assert(end != std::string::npos);
  return date.substr(0, end);
}

void complete_weekday_holiday(Slots& slots) {
  const auto known =
      std::find_if(std::begin(kWeekdayHolidays), std::end(kWeekdayHolidays),
                   [&](const auto& holiday) { return holiday.name == slots.text("holiday"); });
  assert(known != std::end(kWeekdayHolidays));
  const auto set = [&](const char* name, int number, const std::string& text) {
    Slot& slot = slots.set(name);
    slot.number = number;
    slot.text = text;
  };
  set("nth", known->nth, ordinal_word(known->nth));
  set("weekday", known->weekday, weekday_name(known->weekday));
  set("month", known->month, month_name(known->month));
}

}  // namespace tripost
