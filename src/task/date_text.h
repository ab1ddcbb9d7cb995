// Dates, counts and spans of time as words: reading them at the beginning of a text, writing them.
//
// Read are the forms of the reference's questions and rationales: "8/3/1997", "06/01/1943", "3/5",
// "Jan 21, 2011", "Sept. 1st, 2021", "Mar 12", with or without the comma, the misspelt "Feburary"
// too. Readers never throw; they take the longest form and say how long it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "task/calendar.h"

namespace tripost {

template <class Value>
struct Found {
  Value value;
  std::size_t length = 0;  // bytes read
};

// A date as it is written: possible or not. Without a year ("3/5") the year is 0.
struct WrittenDate {
  Date date;
  bool has_year = false;
};

std::optional<Found<WrittenDate>> read_date(std::string_view text);
// "02/01/1987" with the day first.
std::optional<Found<WrittenDate>> read_british_date(std::string_view text);
std::optional<Found<int>> read_month(std::string_view text);
std::optional<Found<int>> read_weekday(std::string_view text);
// Digits, or "a", "an", "one" ... "twelve"; at most 9999.
std::optional<Found<int>> read_count(std::string_view text);
// "16th", "first" ... "twelfth"; "last" is -1.
std::optional<Found<int>> read_ordinal(std::string_view text);
// "10 days", "a week", "24 hours" (a day).
std::optional<Found<Duration>> read_duration(std::string_view text);

enum class DateStyle { kNumeric, kPadded, kShort, kLong, kOrdinal };

// "8/3/1997", "08/03/1997", "Aug 3, 1997", "August 3, 1997", "August 3rd, 1997".
std::string write_date(Date date, DateStyle style);
// The day first: "03/08/1997".
std::string write_british_date(Date date);

std::string month_name(int month);
std::string weekday_name(int weekday);
std::string short_weekday_name(int weekday);
std::string ordinal_number(int number);         // "16th"
std::string ordinal_word(int number);           // "first" ... "twelfth", "last" for -1
std::string write_duration(Duration duration);  // "one day", "10 days"

}  // namespace tripost
