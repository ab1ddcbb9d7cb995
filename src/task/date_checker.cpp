#include "task/date_checker.h"

#include <fmt/format.h>

#include "task/arithmetic_checker.h"
#include "task/date_premise.h"
#include "task/date_subjects.h"

namespace tripost {
namespace {

constexpr std::string_view kFinalOpening = "(Final response)";

std::string short_date(Date date) { return write_date(date, DateStyle::kShort); }

// A subject inside a sentence.
std::string lowered_first(std::string_view text) {
  std::string result(text);
  if (text.starts_with("The ") || text.starts_with("Today") || text.starts_with("So "))
    result[0] = static_cast<char>(result[0] - 'A' + 'a');
  return result;
}

std::string why_impossible(Date date) {
  if (month_of(date) < 1 || month_of(date) > 12)
    return fmt::format("there is no month {}", month_of(date));
  return fmt::format("{} {:04} has the days 1 to {}", month_name(month_of(date)), year_of(date),
                     days_in_month(year_of(date), month_of(date)));
}

// "So the answer is (B)." to its letter; 0 when it has not this form. `quoted` is the part to
// quote.
char letter_in(std::string_view text, std::string_view& quoted) {
  constexpr std::string_view kMarker = "the answer is (";
  const std::size_t found = find_any_case(text, kMarker);
  if (found == std::string_view::npos) return 0;
  quoted = text.substr(found);
  std::string_view rest = quoted.substr(kMarker.size());
  if (rest != "" && rest.ends_with('.')) rest.remove_suffix(1);
  if (rest.size() != 2 || rest[1] != ')') return 0;
  const char letter = rest[0];
  if (letter >= 'a' && letter <= 'z') return static_cast<char>(letter - 'a' + 'A');
  return letter >= 'A' && letter <= 'Z' ? letter : 0;
}

}  // namespace

DateChecker::DateChecker(const DateQuestion& question)
    : question_(question), sheet_(empty_sheet(question)), found_in_(sheet_.known.size(), 0) {}

std::optional<LineFault> DateChecker::check(std::string_view line) {
  line = trimmed(line);
  previous_step_ = step_;
  step_.clear();
  if (finished_) return unreadable("there is text after the final response");
  if (line.starts_with(kFinalOpening)) {
    step_ = kFinalStep;
    return check_final(line.substr(kFinalOpening.size()));
  }
  const auto numbered = read_numbered_line(line);
  if (!numbered) return unreadable("it does not open with a step number like \"(1) If\"");
  step_ = std::to_string(numbered->number);
  if (auto fault = check_number(numbered->number)) return fault;
  sheet_.last_step = numbered->number;
  if (!numbered->text.ends_with('.')) return unreadable("it does not end with a full stop");
  // The context said again is no news, and where the reference's rationales begin to count.
  if (numbered->text == question_.context) {
    sheet_.fixes_today = true;
    return std::nullopt;
  }
  return check_claim(numbered->text);
}

// Gaps are allowed: a missing step shows where its result is needed.
std::optional<LineFault> DateChecker::check_number(int number) {
  if (number > sheet_.last_step) return std::nullopt;
  const std::string written = fmt::format("({})", number);
  if (number == sheet_.last_step && number > 0)
    return mistake(written, fmt::format("there is already a step ({})", number));
  return mistake(written, fmt::format("it is out of order, the number of this step should be ({})",
                                      sheet_.last_step + 1));
}

std::optional<LineFault> DateChecker::check_claim(std::string_view text) {
  std::string why;
  const auto claim = read_date_claim(text, why);
  if (!claim) return unreadable(why);
  const auto about = step_about(question_, *claim);
  const auto subject = span_about(question_, *claim);
  const std::size_t last = sheet_.known.size() - 1;
  const LineFault unknown = unreadable(fmt::format(
      "\"{}\" is none of the dates that the question speaks of", shortened(claim->subject)));
  if (!about && !subject) return unknown;
  if (claim->has_premise) {
    // Behind a premise that does not hold, "the date" may be any.
    if (auto fault = check_premise(claim->premise, question_, sheet_))
      return is_any_date(*claim) ? unknown : fault;
    if (says_which_day_is_today(claim->premise, question_)) establish(last);
  }
  if (about && *about < last) return check_context_step(*claim, *about);
  const bool says_today = about || subject->offset == Duration{0, Unit::kDay};
  if (!says_today) return check_offset(*claim, *subject);
  // Once today is known, "the date today is" is the answer to a question that asks for it.
  const bool asks_today = question_.answer() == question_.facts->today();
  const bool is_answer =
      !claim->has_premise && sheet_.can_count_from_today() && (sheet_.knows_today() || asks_today);
  return is_answer && subject ? check_offset(*claim, *subject) : check_context_step(*claim, last);
}

// What was said before may be said again when it is the same date.
std::optional<LineFault> DateChecker::check_context_step(const DateClaim& claim,
                                                         std::size_t index) {
  const DateStep& step = question_.facts->steps[index];
  const bool is_today = index + 1 == sheet_.known.size();
  const bool follows =
      claim.has_premise || sheet_.known[index] ||
      (is_today && (sheet_.fixes_today || is_said_of_today(question_, claim.subject)));
  if (!follows)
    return mistake(claim.statement,
                   fmt::format("{} has not been calculated in previous steps", step.entity));
  if (auto fault = check_values(claim, step.date,
                                fmt::format("if {}, then {} should be {}", step.premise,
                                            step.entity, short_date(step.date))))
    return fault;
  establish(index);
  return std::nullopt;
}

void DateChecker::establish(std::size_t index) {
  if (!sheet_.known[index]) found_in_[index] = sheet_.last_step;
  sheet_.known[index] = true;
}

std::optional<LineFault> DateChecker::check_offset(const DateClaim& claim,
                                                   const DateSubject& subject) {
  const Date today = question_.facts->today();
  if (subject.base && !(sheet_.can_count_from_today() && subject.base->date == today))
    return unreadable("it counts from a date that is not known to be today");
  const Date expected = plus(today, subject.offset);
  if (!is_in_range(expected)) return unreadable("its date is out of the calendar's range");
  const bool is_answer = expected == question_.answer();
  if (!claim.has_premise && !sheet_.can_count_from_today() && !(is_answer && sheet_.answered))
    return mistake(claim.statement,
                   fmt::format("{} has not been calculated in previous steps", kToday));
  if (!is_answer && subject.is_asking)
    return mistake(claim.subject,
                   fmt::format("the question asks for the date {}", question_.asked->text));
  const std::string about =
      is_answer ? fmt::format("the date {}", question_.asked->text) : lowered_first(claim.subject);
  if (auto fault = check_values(claim, expected,
                                fmt::format("as {} is {}, {} should be {}", kToday,
                                            short_date(today), about, short_date(expected))))
    return fault;
  sheet_.fixes_today = true;
  if (is_answer && !sheet_.answered) answered_in_ = sheet_.last_step;
  sheet_.answered |= is_answer;
  return std::nullopt;
}

std::optional<LineFault> DateChecker::check_values(const DateClaim& claim, Date expected,
                                                   std::string reason) {
  for (const DateMention& mention : claim.dates) {
    if (mention.date == expected) {
      if (auto fault = check_weekday(mention)) return fault;
      continue;
    }
    if (!mention.date.ok()) return mistake(mention.text, why_impossible(mention.date));
    if (&mention == &claim.dates.front()) return mistake(claim.statement, std::move(reason));
    return mistake(mention.text, fmt::format("{} should be written as {}", claim.dates.front().text,
                                             write_date(expected, DateStyle::kPadded)));
  }
  return std::nullopt;
}

// A question may be wrong about its weekdays: then an attempt has to follow it.
std::optional<LineFault> DateChecker::check_weekday(const DateMention& mention) {
  if (!mention.weekday) return std::nullopt;
  const int expected = (weekday_of(mention.date) + weekdays_ahead(question_.context) + 7) % 7;
  if (*mention.weekday == expected) return std::nullopt;
  return mistake(mention.text, fmt::format("{} should be a {}", short_date(mention.date),
                                           weekday_name(expected)));
}

std::optional<LineFault> DateChecker::check_final(std::string_view text) {
  std::string_view quoted;
  const char letter = letter_in(trimmed(text), quoted);
  if (letter == 0) return unreadable("its answer is not a letter in brackets, like (B)");
  const bool asks_today = question_.answer() == question_.facts->today();
  const int result_in = asks_today && answered_in_ == 0 ? found_in_.back() : answered_in_;
  if (result_in == 0)
    return mistake(quoted, fmt::format("the date {} has not been calculated in previous steps",
                                       question_.asked->text));
  const auto index = static_cast<std::size_t>(letter - 'A');
  if (index >= question_.options.size())
    return mistake(quoted, fmt::format("there is no option ({})", letter));
  if (option_date(question_, letter) != question_.answer())
    return mistake(quoted, fmt::format("this answer is inconsistent with the result in step ({}), "
                                       "option ({}) is {}",
                                       result_in, letter, question_.options[index]));
  finished_ = true;
  return std::nullopt;
}

LineReport check_dates(const DateQuestion& question, std::string_view attempt) {
  if (!question.answer()) {
    LineReport report{.review = {}, .lines = split_steps(attempt)};
    report.review.error =
        fmt::format("the question \"{}\" is not one that can be checked by calendar arithmetic",
                    shortened(question.text()));
    return report;
  }
  DateChecker checker(question);
  return check_lines(checker, attempt);
}

}  // namespace tripost
