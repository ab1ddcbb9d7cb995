#include "task/date_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <span>

namespace tripost {
namespace {

using Names = std::span<const char* const>;

constexpr std::array kMonths = {"January",   "February", "March",    "April",
                                "May",       "June",     "July",     "August",
                                "September", "October",  "November", "December"};
constexpr std::array kWeekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                  "Thursday", "Friday", "Saturday"};
constexpr std::array kCounts = {"one",   "two",   "three", "four", "five",   "six",
                                "seven", "eight", "nine",  "ten",  "eleven", "twelve"};
constexpr std::array kOrdinals = {"first",   "second", "third", "fourth", "fifth",    "sixth",
                                  "seventh", "eighth", "ninth", "tenth",  "eleventh", "twelfth"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Letters at the beginning of the text.
std::string_view leading_word(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && is_letter(text[end])) ++end;
  return text.substr(0, end);
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_any_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

// Whether the word is the name or its first three letters.
bool is_name_or_short(std::string_view word, std::string_view name) {
  return equal_any_case(word, name) || equal_any_case(word, name.substr(0, 3));
}

// The names count from 1.
std::optional<Found<int>> read_name(Names names, std::string_view text) {
  const std::string_view word = leading_word(text);
  for (std::size_t i = 0; i < names.size(); ++i)
    if (equal_any_case(word, names[i])) return Found<int>{static_cast<int>(i) + 1, word.size()};
  return std::nullopt;
}

std::optional<int> skip_digits(std::string_view& text, std::size_t most) {
  std::size_t end = 0;
  int value = 0;
  while (end < text.size() && is_digit(text[end]) && end < most + 1)
    value = 10 * value + (text[end++] - '0');
  if (end == 0 || end > most) return std::nullopt;
  text.remove_prefix(end);
  return value;
}

bool skip(std::string_view& text, std::string_view part) {
  if (!text.starts_with(part)) return false;
  text.remove_prefix(part.size());
  return true;
}

// Four digits and no fifth.
std::optional<int> skip_year(std::string_view& text) {
  std::string_view rest = text;
  const auto year = skip_digits(rest, 4);
  if (!year || text.size() - rest.size() != 4) return std::nullopt;
  text = rest;
  return year;
}

void skip_ordinal_ending(std::string_view& text) {
  for (const char* ending : {"st", "nd", "rd", "th"})
    if (leading_word(text) == ending && skip(text, ending)) return;
}

Found<WrittenDate> found(std::string_view whole, std::string_view rest, int year, int month,
                         int day, bool has_year) {
  return {{make_date(year, month, day), has_year}, whole.size() - rest.size()};
}

std::optional<Found<WrittenDate>> read_slashes(std::string_view text, bool day_first) {
  std::string_view rest = text;
  const auto first = skip_digits(rest, 2);
  if (!first || !skip(rest, "/")) return std::nullopt;
  const auto second = skip_digits(rest, 2);
  if (!second) return std::nullopt;
  const int month = day_first ? *second : *first, day = day_first ? *first : *second;
  std::string_view after_year = rest;
  if (skip(after_year, "/")) {
    if (const auto year = skip_year(after_year))
      return found(text, after_year, *year, month, day, true);
    return std::nullopt;
  }
  return found(text, rest, 0, month, day, false);
}

std::optional<Found<WrittenDate>> read_named_month(std::string_view text) {
  const auto month = read_month(text);
  if (!month) return std::nullopt;
  std::string_view rest = text.substr(month->length);
  skip(rest, ".");
  if (!skip(rest, " ")) return std::nullopt;
  const auto day = skip_digits(rest, 2);
  if (!day) return std::nullopt;
  skip_ordinal_ending(rest);
  std::string_view after_year = rest;
  skip(after_year, ",");
  if (skip(after_year, " ")) {
    if (const auto year = skip_year(after_year))
      return found(text, after_year, *year, month->value, *day, true);
  }
  return found(text, rest, 0, month->value, *day, false);
}

}  // namespace

std::optional<Found<WrittenDate>> read_date(std::string_view text) {
  if (auto date = read_slashes(text, false)) return date;
  return read_named_month(text);
}

std::optional<Found<WrittenDate>> read_british_date(std::string_view text) {
  return read_slashes(text, true);
}

std::optional<Found<int>> read_month(std::string_view text) {
  const std::string_view word = leading_word(text);
  if (equal_any_case(word, "feburary")) return Found<int>{2, word.size()};
  if (equal_any_case(word, "sept")) return Found<int>{9, word.size()};
  for (std::size_t i = 0; i < kMonths.size(); ++i)
    if (is_name_or_short(word, kMonths[i])) return Found<int>{static_cast<int>(i) + 1, word.size()};
  return std::nullopt;
}

std::optional<Found<int>> read_weekday(std::string_view text) {
  const std::string_view word = leading_word(text);
  for (std::size_t i = 0; i < kWeekdays.size(); ++i)
    if (is_name_or_short(word, kWeekdays[i])) return Found<int>{static_cast<int>(i), word.size()};
  return std::nullopt;
}

std::optional<Found<int>> read_count(std::string_view text) {
  std::string_view rest = text;
  if (const auto number = skip_digits(rest, 4)) {
    if (is_letter(rest.empty() ? ' ' : rest.front())) return std::nullopt;
    return Found<int>{*number, text.size() - rest.size()};
  }
  const std::string_view word = leading_word(text);
  if (equal_any_case(word, "a") || equal_any_case(word, "an")) return Found<int>{1, word.size()};
  return read_name(kCounts, text);
}

std::optional<Found<int>> read_ordinal(std::string_view text) {
  std::string_view rest = text;
  if (const auto number = skip_digits(rest, 4)) {
    const std::string_view digits_end = rest;
    skip_ordinal_ending(rest);
    if (rest.size() == digits_end.size()) return std::nullopt;
    return Found<int>{*number, text.size() - rest.size()};
  }
  if (equal_any_case(leading_word(text), "last")) return Found<int>{-1, 4};
  return read_name(kOrdinals, text);
}

std::optional<Found<Duration>> read_duration(std::string_view text) {
  const auto count = read_count(text);
  if (!count) return std::nullopt;
  std::string_view rest = text.substr(count->length);
  if (!skip(rest, " ")) return std::nullopt;
  const std::string_view word = leading_word(rest);
  const std::string_view unit = word.ends_with('s') ? word.substr(0, word.size() - 1) : word;
  const std::size_t length = text.size() - rest.size() + word.size();
  if (equal_any_case(unit, "day")) return Found<Duration>{{count->value, Unit::kDay}, length};
  if (equal_any_case(unit, "week")) return Found<Duration>{{count->value, Unit::kWeek}, length};
  if (equal_any_case(unit, "month")) return Found<Duration>{{count->value, Unit::kMonth}, length};
  if (equal_any_case(unit, "year")) return Found<Duration>{{count->value, Unit::kYear}, length};
  if (equal_any_case(unit, "hour") && count->value % 24 == 0)
    return Found<Duration>{{count->value / 24, Unit::kDay}, length};
  return std::nullopt;
}

std::string write_date(Date date, DateStyle style) {
  const int year = year_of(date), month = month_of(date), day = day_of(date);
  switch (style) {
    case DateStyle::kNumeric:
      return fmt::format("{}/{}/{:04}", month, day, year);
    case DateStyle::kPadded:
      return fmt::format("{:02}/{:02}/{:04}", month, day, year);
    case DateStyle::kShort:
      return fmt::format("{} {}, {:04}", month_name(month).substr(0, 3), day, year);
    case DateStyle::kLong:
      return fmt::format("{} {}, {:04}", month_name(month), day, year);
    case DateStyle::kOrdinal:
      return fmt::format("{} {}, {:04}", month_name(month), ordinal_number(day), year);
  }
  assert(false);
  return "";
}

std::string write_british_date(Date date) {
  return fmt::format("{:02}/{:02}/{:04}", day_of(date), month_of(date), year_of(date));
}

std::string month_name(int month) {
  assert(month >= 1 && month <= 12);
  return kMonths[static_cast<std::size_t>(month - 1)];
}

std::string weekday_name(int weekday) {
  assert(weekday >= 0 && weekday < 7);
  return kWeekdays[static_cast<std::size_t>(weekday)];
}

std::string short_weekday_name(int weekday) { return weekday_name(weekday).substr(0, 3); }

std::string ordinal_number(int number) {
  const bool is_teen = number % 100 >= 11 && number % 100 <= 13;
  const char* ending = is_teen            ? "th"
                       : number % 10 == 1 ? "st"
                       : number % 10 == 2 ? "nd"
                       : number % 10 == 3 ? "rd"
                                          : "th";
  return std::to_string(number) + ending;
}

std::string ordinal_word(int number) {
  if (number == -1) return "last";
  assert(number >= 1 && number <= 12);
  return kOrdinals[static_cast<std::size_t>(number - 1)];
}

std::string write_duration(Duration duration) {
  static constexpr std::array kUnits = {"day", "week", "month", "year"};
  const char* unit = kUnits[static_cast<std::size_t>(duration.unit)];
  if (duration.count == 1) return fmt::format("one {}", unit);
  return fmt::format("{} {}s", duration.count, unit);
}

}  // namespace tripost
