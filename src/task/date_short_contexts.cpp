// The contexts from which today's date follows in one step.
#include <algorithm>
#include <array>

#include "task/date_contexts.h"
#include "task/date_facts.h"

namespace tripost {
namespace {

using Dates = std::optional<std::vector<Date>>;

Dates one(std::optional<Date> date) {
  if (!date) return std::nullopt;
  return std::vector<Date>{*date};
}

template <int kDays>
Dates days_after_date(const Slots& slots) {
  return one(plus_days(slots.date(), kDays));
}

Dates count_after_date(const Slots& slots) {
  return one(plus_days(slots.date(), slots.number("count")));
}

Dates count_before_date(const Slots& slots) {
  return one(plus_days(slots.date(), -slots.number("count")));
}

Dates duration_after_date(const Slots& slots) {
  return one(shifted(slots.date(), slots["duration"].duration));
}

Dates duration_before_date(const Slots& slots) {
  return one(shifted(slots.date(), -slots["duration"].duration));
}

Dates years_after_date(const Slots& slots) {
  const int years =
      slots.has("jubilee") ? jubilee_years(slots.text("jubilee")) : slots.number("count");
  if (years == 0) return std::nullopt;
  return one(shifted(slots.date(), {years, Unit::kYear}));
}

Dates birthday_at_month_end(const Slots& slots) {
  return one(shifted(last_day_of_month(slots.number("year"), slots.number("month")),
                     {slots.number("count"), Unit::kYear}));
}

Dates monthly_visit(const Slots& slots) {
  const Date first =
      make_date(slots.number("year"), slots.number("month"), slots.number("ordinal"));
  const int months = slots.number("visit") - 1;
  if (!first.ok() || months < 0) return std::nullopt;
  return one(shifted(first, {months, Unit::kMonth}));
}

// MMDD are the digits of the year from last to first.
Dates palindrome_day(const Slots& slots) {
  const int year = slots.number("year");
  const int last = year % 10, third = year / 10 % 10, second = year / 100 % 10, first = year / 1000;
  return one(make_date(year, 10 * last + third, 10 * second + first));
}

Dates nth_weekday_of_month(const Slots& slots) {
  const int month = slots.has("month") ? slots.number("month") : 1;
  const int nth = slots.has("nth") ? slots.number("nth") : 1;
  return one(nth_weekday(slots.number("year"), month, slots.number("weekday"), nth));
}

// The n-th day of a span that begins at `first`, -1 for its last; nullopt when it has no such day.
Dates nth_day(Date first, Date next, int nth) {
  const int length = days_between(first, next);
  if (nth == -1) nth = length;
  if (nth < 1 || nth > length) return std::nullopt;
  return one(plus_days(first, nth - 1));
}

Dates day_of_year(const Slots& slots) {
  const int year = slots.number("year");
  return nth_day(make_date(year, 1, 1), make_date(year + 1, 1, 1), slots.number("ordinal"));
}

Dates day_of_quarter(const Slots& slots) {
  const int quarter = slots.number("quarter");
  if (quarter < 1 || quarter > 4) return std::nullopt;
  const Date first = make_date(slots.number("year"), 3 * quarter - 2, 1);
  return nth_day(first, plus(first, {3, Unit::kMonth}), slots.number("nth"));
}

Dates day_of_month(const Slots& slots) {
  const int month = slots.number("month");
  if (month < 1 || month > 12) return std::nullopt;
  const Date first = make_date(slots.number("year"), month, 1);
  return nth_day(first, plus(first, {1, Unit::kMonth}), slots.number("nth"));
}

// Midnight is the first hour of its day: 36 hours before the new year it is Dec 30, at noon. (The
// reference's golds say Dec 29.)
Dates hours_before_year(const Slots& slots) {
  return one(plus_days(make_date(slots.number("year"), 1, 1), -(slots.number("count") + 23) / 24));
}

Dates days_before_year(const Slots& slots) {
  return one(plus_days(make_date(slots.number("year"), 1, 1), -slots.number("count")));
}

Dates holiday(const Slots& slots) {
  return one(holiday_of(slots.text("holiday"), slots.number("year")));
}

Dates days_before_holiday(const Slots& slots) {
  const auto date = holiday_of(slots.text("holiday"), slots.number("year"));
  if (!date) return std::nullopt;
  return one(plus_days(*date, -slots.number("count")));
}

Dates right_date(const Slots& slots) { return one(slots.date("right")); }

Dates corrected_date(const Slots& slots) {
  const Date date = plus_days(slots.date(), slots.number("count"));
  if (!is_same_day(date, slots.date("monthday"))) return std::nullopt;
  return one(date);
}

Dates day_in_year(const Slots& slots) {
  return one(in_year(slots.date("monthday"), slots.number("year")));
}

Dates leap_day(const Slots& slots) { return one(make_date(slots.number("year"), 2, 29)); }

void complete_weekday(Slots& slots) {
  if (slots.has("weekday"))
    slots.set("weekday").text = short_weekday_name(weekday_of(slots.date()));
}

void complete_impossible_day(Slots& slots) {
  const Date drawn = slots.date();
  const int year = year_of(drawn), month = month_of(drawn), days = days_in_month(year, month);
  set_date(slots, "date", last_day_of_month(year, month), DateStyle::kNumeric);
  slots.set("token").text = std::to_string(month) + "/" + std::to_string(days + 1) + "/" +
                            write_date(drawn, DateStyle::kPadded).substr(6);
  slots.set("month").text = month_name(month);
  slots.set("count").text = std::to_string(days);
}

void complete_first_weekday(Slots& slots) {
  slots.set("opening").text = weekday_name(weekday_of(make_date(slots.number("year"), 1, 1)));
}

void complete_wrong_date(Slots& slots) {
  const Date right = slots.date("right");
  set_date(slots, "right", right, DateStyle::kNumeric);
  set_date(slots, "wrong", plus_days(right, day_of(right) % 2 == 0 ? 1 : -1), DateStyle::kNumeric);
}

void complete_corrected_date(Slots& slots) {
  const Date date = plus_days(slots.date(), slots.number("count"));
  slots.set("monthday").date = in_year(date, 0).value_or(date);
  slots.set("monthday").text = without_year(write_date(date, DateStyle::kShort));
}

ContextFamily::Wording whole(const char* context) { return {context, {{"", kToday}}}; }
ContextFamily::Wording part(const char* context, const char* premise) {
  return {context, {{premise, kToday}}};
}

std::vector<ContextFamily> nearby_days() {
  return {
      {"today",
       days_after_date<0>,
       {whole("Today is {date}."), whole("It is {date} today."),
        whole("Today, {date}, is {words: a day that we will never forget|a very rainy day|a good "
              "day for a picnic|the day of the school play}."),
        whole("The current local time is {token: 3:02|7:45|11:30|9:15|1:50} {words: am|pm} of "
              "{date}."),
        whole("Today is {date}. {name}'s appointment will be {count: 2..9} days later."),
        whole("Today is {date}, and {name} {words: is baking a cake|is cleaning the attic|is "
              "writing 3 letters|is painting the fence}.")}},
      {"yesterday",
       days_after_date<1>,
       {whole("Yesterday was {date}."),
        whole("Yesterday, {date}, {name} {words: ate 2 pizzas and 5 wings|ran 8 miles|planted 12 "
              "tulips|lost her keys|read 40 pages}."),
        whole("{name} {words: sold her car|won a prize|finished her novel|visited her aunt} "
              "yesterday, {date}.")}},
      {"a day that cannot be",
       days_after_date<1>,
       {part("Yesterday was {date}. Today could not be {token} because {month} has only {count} "
             "days.",
             "yesterday was {date}")},
       complete_impossible_day},
      {"tomorrow",
       days_after_date<-1>,
       {whole("Tomorrow is {date}."), whole("{name} booked a flight for tomorrow, {date}."),
        whole("Today's meeting is rescheduled to {token: 8|9|10|11} {words: am|pm} tomorrow, "
              "{date}."),
        whole("{name} scheduled {words: 3 appointments with 5 people|2 calls with her boss|a visit "
              "to the dentist|4 interviews} for tomorrow ({weekday}, {date})."),
        whole("{name}'s {words: exam|job interview|piano concert|swimming lesson} is tomorrow, "
              "{date}.")},
       complete_weekday},
      {"the day before yesterday",
       days_after_date<2>,
       {whole("The day before yesterday was {date}."),
        whole("{name} {words: broke her arm|bought a bike|moved house} the day before yesterday, "
              "{date}.")}},
      {"the day after tomorrow",
       days_after_date<-2>,
       {whole("The day after tomorrow is {date}."),
        whole("{name} will {words: fly to Oslo|start a new job|turn in her thesis} the day after "
              "tomorrow, {date}.")}},
  };
}

std::vector<ContextFamily> spans_of_time() {
  return {
      {"some time ago",
       duration_after_date,
       {whole("It was {date} {duration: a week|two weeks|three days|10 days|a year|six weeks} "
              "ago."),
        whole(
            "Exactly {duration: 3 years|12 days|four weeks|5 days|a month|30 days} ago, on "
            "{date}, {name} {words: moved to Boston|adopted a dog|quit smoking|opened a bakery}."),
        whole("{date} is like yesterday to {name}, but that is actually {duration: ten years|5 "
              "years|two weeks|twelve years|9 days|three years} ago.")}},
      {"some time ahead",
       duration_before_date,
       {whole(
            "It will be {date} in {duration: a week|two weeks|three days|10 days|a year|6 days}."),
        whole("{name}'s vacation starts on {date}, in {duration: 4 days|three weeks|20 days|two "
              "weeks|8 days}.")}},
      {"deadline",
       count_before_date,
       {whole("The deadline is {date}, which is {count: 2..40} days away from now."),
        whole("{name}'s exam is on {date}, which is {count: 2..40} days from today."),
        whole("The train leaves on {date}, and {name} has to wait {count: 2..15} days for it.")}},
      {"delayed",
       duration_after_date,
       {whole("The {words: concert|race|wedding|football match|lecture} was scheduled to be on "
              "{date}, but was delayed by {duration: one day|two days|4 days|a week|two weeks|10 "
              "days} to today.")}},
      {"brought forward",
       duration_before_date,
       {whole(
           "The {words: meeting|exam|party|trial|auction} was scheduled to be on {date}, but was "
           "moved forward by {duration: one day|two days|3 days|a week|two weeks|12 days} to "
           "today.")}},
      {"anniversary",
       years_after_date,
       {whole("{name} and {man husband} married on {date}. It is their {count: 2..60}-year "
              "anniversary today."),
        whole("{name} and {man husband} married on {date}. Today is their {words jubilee: "
              "tin|crystal|china|silver|pearl|"
              "ruby|golden|diamond} wedding anniversary."),
        whole(
            "{name} opened her {words: shop|bakery|restaurant|school} on {date}. It has been open "
            "for exactly {count: 2..40} years today.")}},
      {"birthday",
       years_after_date,
       {whole("{name} was born on {date}. Today is her {count: 2..90}-year-old birthday."),
        whole("{name} was born on {date}. She turns {count: 2..90} today.")}},
      {"birthday at the end of a month",
       birthday_at_month_end,
       {whole("{name} was born on the last day of {month} in {year}. Today is her {count: "
              "2..80}-year-old birthday.")}},
      {"monthly visit",
       monthly_visit,
       {whole("{name} visits the {words place: bookstore|museum|dentist|library|market} on the "
              "{ordinal} of each month starting from the {month} of {year}. It is her {ordinal "
              "visit: 2..14} visit to the {place} today.")}},
      {"one a day",
       count_after_date,
       {whole("On {date} {name} bought {count: 5..60} {words food: eggs|apples|oranges|yogurts|"
              "cookies}. She ate one per day. Today she ran out of {food}.")}},
      {"stay",
       count_after_date,
       {whole("{name} arrived in {words: Rome|Paris|Lima|Cairo|Tokyo|Delhi} on {date}. She stayed "
              "for {count: 2..30} nights and leaves today.")}},
      {"loan",
       duration_after_date,
       {whole("{name} borrowed a {words: book|film|camera|tent} on {date} for {duration: two "
              "weeks|3 weeks|10 days|four weeks|5 days|a month}. It is due today.")}},
  };
}

std::vector<ContextFamily> calendar_days() {
  return {
      {"palindrome day",
       palindrome_day,
       {part(
           "Today is the palindrome day of {year: 1010..2290}, because the MMDDYYYY format of the "
           "date is the same backwards as forwards.",
           "today is the palindrome day of {year}")}},
      {"first weekday of a year",
       nth_weekday_of_month,
       {whole("The first day of {year} is a {weekday opening}, and today is the first {weekday} of "
              "{year}.")},
       complete_first_weekday},
      {"weekday of a month",
       nth_weekday_of_month,
       {whole("Today is the {nth} {weekday} of {month} {year}."),
        whole("Today is the {nth: -1..-1} {weekday} of {month} {year}."),
        whole("{name}'s book club meets today, on the {nth} {weekday} of {month} {year}.")}},
      {"day of a year",
       day_of_year,
       {whole("This is the {nth ordinal: -1..-1} day of {year}."),
        whole("Today is the {nth ordinal: 1..1} day of {year}."),
        whole("Today is the {ordinal: 3..365} day of {year}.")}},
      {"day of a quarter",
       day_of_quarter,
       {whole("Today is the {nth: -1..-1} day of the {nth quarter: 1..4} quarter of {year}."),
        whole("Today is the {nth: 1..1} day of the {nth quarter: 1..4} quarter of {year}.")}},
      {"day of a month",
       day_of_month,
       {whole("{name} is celebrating the {nth: -1..-1} day of {month} {year}."),
        whole("Today is the {nth: 1..12} day of the {nth month: 1..12} month of {year}."),
        whole("Today is the {nth: -1..-1} day of {month} {year}.")}},
      {"hours before a year",
       hours_before_year,
       {whole("{year} is coming in {count: 6..90} hours.")}},
      {"days before a year",
       days_before_year,
       {whole("The first day of {year} is {count: 2..90} days away from today.")}},
      {"holiday",
       holiday,
       {whole("Today is {words holiday: Christmas Eve|Christmas Day|New Year's Day|New Year's Eve|"
              "Halloween|Boxing Day|April Fools' Day} of {year}."),
        whole("It is {words holiday: Christmas Day|Valentine's Day|the Fourth of July|April Fools' "
              "Day|Saint Patrick's Day} of {year} today.")}},
      {"days before a holiday",
       days_before_holiday,
       {whole("Today is exactly {count: 2..60} days before {words holiday: Christmas Eve|"
              "New Year's Day|Valentine's Day|Halloween|the Fourth of July} of {year}.")}},
      {"holiday on a weekday",
       nth_weekday_of_month,
       {part("In the US, {words holiday: Thanksgiving|Labor Day|Memorial Day|Mother's Day|Columbus "
             "Day} is on the {nth} {weekday} of {month}. Today is the US {holiday} of {year}.",
             "today is the US {holiday} of {year}")},
       complete_weekday_holiday},
  };
}

// A date that the reader has to pick out, put together or set right.
std::vector<ContextFamily> told_dates() {
  return {
      {"the day before the month",
       [](const Slots& slots) { return one(slots.date("british")); },
       {part("In the UK, people usually put the day before the month when formatting the date. "
             "Therefore, today is {british} to them.",
             "today is {british} to people in the UK"),
        part("{name} is from the UK and puts the day before the month. Today she dated a letter "
             "{british}.",
             "{name} puts the day before the month and dated a letter {british} today")}},
      {"two opinions",
       right_date,
       {whole("{name} thinks today is {date right}, but {man other} thinks today is {date wrong}. "
              "{name} is correct."),
        whole("{name} thinks today is {date wrong}, but {man other} thinks today is {date right}. "
              "{other} is correct.")},
       complete_wrong_date},
      {"in fact",
       corrected_date,
       {whole("{name} thought today is {date}, but today is in fact {monthday}, which is {count: "
              "1..1} day later."),
        whole("{name} thought today is {date}, but today is in fact {monthday}, which is {count: "
              "2..6} days later.")},
       complete_corrected_date},
      {"year told apart",
       day_in_year,
       {whole("Today is {monthday}, and it is {name}'s {nth time: 2..4} time in the year {year} to "
              "{words: see a meteor shower|climb a mountain|lose her umbrella|ride a horse}."),
        whole(
            "Today is {monthday}. {name} is watching {words: NFL|the Tour de France|Wimbledon|the "
            "World Series} {year}.")}},
      {"leap day", leap_day, {whole("Today is the leap day of {year}.")}},
  };
}

}  // namespace

std::vector<ContextFamily> short_context_families() {
  std::vector<ContextFamily> families = nearby_days();
  for (auto part_of_them : {spans_of_time(), calendar_days(), told_dates()})
    for (ContextFamily& family : part_of_them) families.push_back(std::move(family));
  return families;
}

}  // namespace tripost
