// One step of date understanding taken apart: "[If <premise>, then] <subject> is <date>[, that is
// <date>]."; also "Since ..., then", "<premise>. Then ...", and no "then" where the subject is
// clear.
//
// Free wordings of the reference's rationales are read where they have this form. Nothing throws.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "task/calendar.h"

namespace tripost {

// A date where it stands in a text.
struct DateMention {
  std::string_view text;
  Date date;
  std::optional<int> weekday = {};  // of "Mon, 7/8/1972", which a claim may have
};

// Every date with a year in the text, possible or not; "02/01/1987" is taken for US form.
std::vector<DateMention> dates_in(std::string_view text);

struct DateClaim {
  bool has_premise = false;
  std::string_view premise;
  std::string_view subject;
  std::string_view statement;      // from the subject to its date
  std::vector<DateMention> dates;  // at least one; those after the first stand behind "that is"
};

// The text of a step without its number. nullopt when it has not this form; `why` then says so.
std::optional<DateClaim> read_date_claim(std::string_view text, std::string& why);

// "24 hours later", "The date one week from today", "10 days before Jan 31, 2012": a span of time
// from today, or from the date that is named. nullopt for other subjects.
struct DateSubject {
  Duration offset;
  std::optional<DateMention> base;
  bool is_asking = false;  // opens with "the date", as the question does
};
std::optional<DateSubject> read_date_subject(std::string_view subject);

}  // namespace tripost
