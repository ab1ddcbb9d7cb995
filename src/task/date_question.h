// Questions of date understanding: a context, which date is asked, and lettered options.
//
//   Yesterday, Jan 21, 2011, Jane ate 2 pizzas and 5 wings. What is the date 24 hours later in
//   MM/DD/YYYY?
//   Options:
//   (A) 01/23/2072
//   (B) 01/23/2011
//
// The split of a question is a function of its context's hash: no test question shares its context
// with a training one, as all of the reference's do.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "task/date_contexts.h"

namespace tripost {

// What is asked, as "the date <text>" counted from today.
struct AskedDate {
  const char* text;
  Duration offset;
};

// The reference's nine.
inline constexpr std::array<AskedDate, 9> kAskedDates = {
    {{"today", {0, Unit::kDay}},
     {"tomorrow", {1, Unit::kDay}},
     {"yesterday", {-1, Unit::kDay}},
     {"24 hours later", {1, Unit::kDay}},
     {"10 days ago", {-10, Unit::kDay}},
     {"one week from today", {1, Unit::kWeek}},
     {"one week ago from today", {-1, Unit::kWeek}},
     {"a month ago", {-1, Unit::kMonth}},
     {"one year ago from today", {-1, Unit::kYear}}}};

struct DateQuestion {
  std::string context;
  std::string sentence;              // the one that asks
  std::vector<std::string> options;  // without their letters
  std::optional<DateContext> facts;  // nullopt when the context is not understood
  std::optional<AskedDate> asked;    // nullopt when it asks for none of the nine

  std::string text() const;
  // The asked date; nullopt when the question is not understood.
  std::optional<Date> answer() const;
  // "B": the option that is the date; empty when none is.
  std::string letter_of(Date date) const;
};

// "Q: " in front is optional. nullopt when there is no question or no options; `why` then says so.
std::optional<DateQuestion> read_date_question(std::string_view text, std::string& why);

// The date of the option with this capital letter; nullopt when there is no such option or it is no
// date.
std::optional<Date> option_date(const DateQuestion& question, char letter);

// A new question whose today follows in `num_steps` steps, and whose asked date nobody disputes:
// none asks for the date a month before Mar 31.
DateQuestion draw_date_question(int num_steps, Random& random);

// Options for a question: the answer and four or five plausible others, in random order.
std::vector<std::string> draw_options(const DateContext& context, Date answer, Random& random);

}  // namespace tripost
