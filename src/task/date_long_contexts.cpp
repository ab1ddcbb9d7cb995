// The contexts from which today's date follows in two steps: they make the questions of level "3+".
#include "task/date_contexts.h"
#include "task/date_facts.h"

namespace tripost {
namespace {

using Dates = std::optional<std::vector<Date>>;

Dates two(std::optional<Date> first, int days_to_today) {
  if (!first) return std::nullopt;
  return std::vector<Date>{*first, plus_days(*first, days_to_today)};
}

Dates two(std::optional<Date> first, std::optional<Date> second) {
  if (!first || !second) return std::nullopt;
  return std::vector<Date>{*first, *second};
}

Dates work_anniversary(const Slots& slots) {
  const auto second_day = in_year(slots.date("monthday"), slots.number("year"));
  if (!second_day) return std::nullopt;
  const Date first_day = plus_days(*second_day, -1);
  if (first_day.year() != second_day->year()) return std::nullopt;
  return two(first_day, shifted(first_day, {slots.number("count"), Unit::kYear}));
}

Dates extended_deadline(const Slots& slots) {
  return two(shifted(slots.date(), slots["duration"].duration), -slots.number("count"));
}

Dates days_after_holiday(const Slots& slots) {
  const auto date = holiday_of(slots.text("holiday"), slots.number("year"));
  if (!date || !is_same_day(*date, slots.date("monthday"))) return std::nullopt;
  return two(date, slots.number("count"));
}

Dates days_after_weekday(const Slots& slots) {
  return two(nth_weekday(slots.number("year"), slots.number("month"), slots.number("weekday"),
                         slots.number("nth")),
             slots.number("count"));
}

Dates older_brother(const Slots& slots) {
  const Date birth = plus_days(slots.date(), -slots.number("older"));
  return two(birth, shifted(birth, {slots.number("age"), Unit::kYear}));
}

Dates two_stays(const Slots& slots) {
  return two(plus_days(slots.date(), slots.number("first")), slots.number("second"));
}

Dates moved_twice(const Slots& slots) {
  return two(plus_days(slots.date(), slots.number("first")), -slots.number("second"));
}

Dates late_return(const Slots& slots) {
  return two(shifted(slots.date(), slots["duration"].duration), slots.number("count"));
}

Dates past_jubilee(const Slots& slots) {
  const int years = jubilee_years(slots.text("jubilee"));
  if (years == 0) return std::nullopt;
  return two(shifted(slots.date(), {years, Unit::kYear}), slots.number("count"));
}

Dates british_letter(const Slots& slots) {
  return two(slots.date("british"), slots.number("count"));
}

void complete_holiday(Slots& slots) {
  const Date date = *holiday_of(slots.text("holiday"), slots.number("year"));
  slots.set("monthday").date = *in_year(date, 0);
  slots.set("monthday").text = without_year(write_date(date, DateStyle::kLong));
}

std::vector<ContextFamily> around_a_day() {
  return {
      {"work anniversary",
       work_anniversary,
       {{"{name} got her job in {year}. Today is her {count: 2..30}-year work anniversary. She "
         "still "
         "remember that on {monthday}, her second day at work, she {words: spilled coffee on her "
         "laptop|locked herself out|met her best friend|broke the printer}.",
         {{"{name} got her job in {year} and {monthday} was her second day at work",
           "her first day at work"},
          {"her first day at work was {#1} and today is her {count}-year work anniversary",
           kToday}}}}},
      {"days after a holiday",
       days_after_holiday,
       {{"{words holiday: Christmas Day|Valentine's Day|Halloween|Boxing Day|Saint Patrick's Day} "
         "is "
         "on {monthday}. {name} {words: gave a party|bought a hat|sang in a choir|baked a pie} on "
         "{holiday} of {year}, which was {count: 2..40} days ago.",
         {{"{holiday} is on {monthday}", "{holiday} of {year}"},
          {"{holiday} of {year}, {#1}, was {count} days ago", kToday}}}},
       complete_holiday},
      {"days after a holiday on a weekday",
       days_after_weekday,
       {{"In the US, {words holiday: Thanksgiving|Labor Day|Memorial Day|Mother's Day|Columbus "
         "Day} "
         "is on the {nth} {weekday} of {month}. The US {holiday} of {year} was {count: 2..40} days "
         "ago.",
         {{"{holiday} is on the {nth} {weekday} of {month}", "the US {holiday} of {year}"},
          {"the US {holiday} of {year}, {#1}, was {count} days ago", kToday}}}},
       complete_weekday_holiday},
      {"days after a weekday",
       days_after_weekday,
       {{"{name} met {man friend} on the {nth} {weekday} of {month} {year}. That was {count: "
         "2..40} days ago.",
         {{"{name} met {friend} on the {nth} {weekday} of {month} {year}", "that day"},
          {"that day, {#1}, was {count} days ago", kToday}}}}},
      {"days after a jubilee",
       past_jubilee,
       {{"{name} and {man husband} married on {date}. Their {words jubilee: "
         "tin|crystal|china|silver|pearl|ruby|golden|"
         "diamond} wedding anniversary was {count: 2..40} days ago.",
         {{"{name} and {husband} married on {date}", "their {jubilee} wedding anniversary"},
          {"their {jubilee} wedding anniversary, {#1}, was {count} days ago", kToday}}}}},
      {"brother",
       older_brother,
       {{"{name} was born on {date}. Her brother {man brother} is {count older: 400..3000} days "
         "older than her. Today is {brother}'s {count age: "
         "4..80}-year-old birthday.",
         {{"{name} was born on {date} and {brother} is {older} days older than her",
           "{brother}'s date of birth"},
          {"{brother} was born on {#1} and today is his {age}-year-old birthday", kToday}}}}},
  };
}

std::vector<ContextFamily> chains_of_days() {
  return {
      {"extended deadline",
       extended_deadline,
       {{"The deadline was {date}, but it was extended by {duration: one day|two days|5 days|a "
         "week|two weeks|a month}. The new deadline is {count: 2..20} days away from now.",
         {{"the deadline was {date}, but it was extended by {duration}", "the new deadline"},
          {"the new deadline, {#1}, is {count} days away from now", kToday}}}}},
      {"two stays",
       two_stays,
       {{"{name} left home on {date}. She spent {count first: 2..20} days in {words city: "
         "Rome|Paris|Lima|Cairo} and then {count second: 2..20} days in {words place: Tokyo|Delhi|"
         "Oslo|Boston}. Today she came back.",
         {{"{name} left home on {date} and spent {first} days in {city}",
           "the day she left {city}"},
          {"the day she left {city} is {#1} and she spent {second} days in {place}", kToday}}}}},
      {"moved twice",
       moved_twice,
       {{"The {words: meeting|exam|party|trial|auction} was planned for {date}. It was moved "
         "{count "
         "first: 8..20} days later, and then {count second: 2..7} days earlier to today.",
         {{"it was planned for {date} and moved {first} days later", "the second plan"},
          {"the second plan, {#1}, was moved {second} days earlier to today", kToday}}}}},
      {"late return",
       late_return,
       {{"{name} borrowed a {words: book|film|camera|tent} on {date} for {duration: two weeks|3 "
         "weeks|10 days|four weeks|5 days}. She returned it today, {count: 2..20} days late.",
         {{"she borrowed it on {date} for {duration}", "the due date"},
          {"the due date was {#1} and she returned it {count} days late", kToday}}}}},
      {"days after running out",
       two_stays,
       {{"On {date} {name} bought {count first: 5..60} {words food: eggs|apples|oranges|yogurts} "
         "and "
         "ate one per day. She ran out of {food} {count second: 2..20} days ago.",
         {{"on {date} {name} bought {first} {food} and ate one per day",
           "the day she ran out of {food}"},
          {"the day she ran out of {food}, {#1}, was {second} days ago", kToday}}}}},
      {"letter from the UK",
       british_letter,
       {{"{name} is from the UK and puts the day before the month. She dated a letter {british}. "
         "It "
         "arrived today, {count: 2..20} days later.",
         {{"{name} puts the day before the month and dated a letter {british}",
           "the date of the letter"},
          {"the date of the letter is {#1} and it arrived {count} days later", kToday}}}}},
  };
}

}  // namespace

std::vector<ContextFamily> long_context_families() {
  std::vector<ContextFamily> families = around_a_day();
  for (ContextFamily& family : chains_of_days()) families.push_back(std::move(family));
  return families;
}

}  // namespace tripost
