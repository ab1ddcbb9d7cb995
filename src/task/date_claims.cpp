#include "task/date_claims.h"

#include <algorithm>
#include <array>

#include "task/date_text.h"
#include "task/lines.h"

namespace tripost {
namespace {

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Removes the part, in lower case, from the beginning or the end, whatever the text's case.
bool skip_any_case(std::string_view& text, std::string_view part) {
  if (find_any_case(text.substr(0, part.size()), part) != 0) return false;
  text.remove_prefix(part.size());
  return true;
}

bool drop_ending(std::string_view& text, std::string_view part) {
  if (text.size() < part.size() || find_any_case(text.substr(text.size() - part.size()), part) != 0)
    return false;
  text.remove_suffix(part.size());
  return true;
}

std::optional<DateMention> skip_date(std::string_view& text) {
  const auto found = read_date(text);
  if (!found || !found->value.has_year) return std::nullopt;
  const DateMention mention{text.substr(0, found->length), found->value.date};
  text.remove_prefix(found->length);
  return mention;
}

// The date, with its weekday if that stands before it.
std::optional<DateMention> skip_claimed_date(std::string_view& text) {
  std::string_view rest = text;
  const auto weekday = read_weekday(rest);
  if (weekday) {
    rest.remove_prefix(weekday->length);
    if (!rest.starts_with(' ') && !rest.starts_with(", ")) return std::nullopt;
    rest.remove_prefix(rest.find(' ') + 1);
  }
  auto mention = skip_date(rest);
  if (!mention) return std::nullopt;
  if (weekday) mention->weekday = weekday->value;
  mention->text = text.substr(0, text.size() - rest.size());
  text = rest;
  return mention;
}

// Where " is <date>" stands in the text: the subject ends there. npos when nowhere.
std::size_t end_of_subject(std::string_view text, std::string_view& date_on) {
  static constexpr std::array<std::string_view, 8> kVerbs = {
      " is on ", " is now ", " is really ", " is actually ",
      " is ",    " was on ", " was ",       " will be "};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != ' ') continue;
    for (const std::string_view verb : kVerbs) {
      std::string_view rest = text.substr(i);
      if (!rest.starts_with(verb)) continue;
      rest.remove_prefix(verb.size());
      std::string_view behind = rest;
      if (!skip_claimed_date(behind)) continue;
      date_on = rest;
      return i;
    }
  }
  return std::string_view::npos;
}

// What may stand between a date and the same date in other words.
bool skip_that_is(std::string_view& text) {
  for (const std::string_view joint : {", that is, ", ", that is ", " that is ", ", which is ",
                                       " which is ", "; that is ", ", or "})
    if (text.starts_with(joint)) {
      text.remove_prefix(joint.size());
      return true;
    }
  return false;
}

// The comma that ends a premise without ", then": what follows is a claim about a day that we know.
// Only the last few are tried: a date has one, and "that is".
std::size_t end_of_bare_premise(std::string_view text) {
  constexpr int kMostTried = 8;
  std::size_t comma = text.rfind(", ");
  for (int i = 0; i < kMostTried && comma != std::string_view::npos && comma > 0; ++i) {
    const std::string_view claim = text.substr(comma + 2);
    std::string_view date_on;
    const std::size_t end = end_of_subject(claim, date_on);
    if (end != std::string_view::npos && read_date_subject(claim.substr(0, end))) return comma;
    comma = text.rfind(", ", comma - 1);
  }
  return std::string_view::npos;
}

void take_premise(std::string_view& text, std::size_t end, std::size_t next, DateClaim& claim) {
  claim.has_premise = true;
  claim.premise = trimmed(text.substr(0, end));
  text.remove_prefix(next);
}

bool split_premise(std::string_view& text, DateClaim& claim, std::string& why) {
  const bool opens = skip_any_case(text, "if ") || skip_any_case(text, "since ");
  for (const std::string_view then : {", then ", ". Then "}) {
    const std::size_t end = text.rfind(then);
    if (end == std::string_view::npos || (!opens && then.front() == ',')) continue;
    take_premise(text, end, end + then.size(), claim);
    return true;
  }
  if (!opens) return true;
  const std::size_t end = end_of_bare_premise(text);
  if (end == std::string_view::npos) {
    why = "it has an \"If\" without \", then\"";
    return false;
  }
  take_premise(text, end, end + 2, claim);
  return true;
}

// Which way "one week <direction>" goes; 0 when it is no direction.
int direction_of(std::string_view text, std::optional<DateMention>& base) {
  static constexpr std::array<std::string_view, 6> kBack = {
      "ago", "ago from today", "earlier", "before today", "before", "back"};
  static constexpr std::array<std::string_view, 11> kOn = {
      "later", "later from today", "later from now", "later of",  "from today", "from now",
      "from",  "after today",      "after",          "after now", "ahead"};
  text = trimmed(text);
  for (std::size_t blank = text.find(' '); blank != std::string_view::npos && !base;
       blank = text.find(' ', blank + 1)) {
    std::string_view rest = text.substr(blank + 1);
    base = skip_date(rest);
    if (base && !rest.empty()) return 0;
    if (base) text = text.substr(0, blank);
  }
  if (std::find(kBack.begin(), kBack.end(), text) != kBack.end()) return -1;
  return std::find(kOn.begin(), kOn.end(), text) != kOn.end() ? 1 : 0;
}

}  // namespace

std::vector<DateMention> dates_in(std::string_view text) {
  std::vector<DateMention> dates;
  bool at_word = true;
  while (!text.empty()) {
    std::string_view rest = text;
    const auto date = at_word ? skip_date(rest) : std::nullopt;
    if (date) {
      dates.push_back(*date);
      text = rest;
      at_word = false;
      continue;
    }
    at_word = !is_word_character(text.front()) && text.front() != '/';
    text.remove_prefix(1);
  }
  return dates;
}

std::optional<DateClaim> read_date_claim(std::string_view text, std::string& why) {
  DateClaim claim;
  if (!split_premise(text, claim, why)) return std::nullopt;
  std::string_view rest;
  const std::size_t end = end_of_subject(text, rest);
  if (end == std::string_view::npos) {
    why = "it does not say which date something is";
    return std::nullopt;
  }
  // "it is now 10/15/1924" is about today, "it is 10/15/1924" about who knows what.
  constexpr std::string_view kNow = " is now ";
  const bool is_now = text.substr(end).starts_with(kNow) && text.substr(0, end) == "it";
  claim.subject = trimmed(text.substr(0, is_now ? end + kNow.size() : end));
  claim.dates.push_back(*skip_claimed_date(rest));
  claim.statement = text.substr(0, text.size() - rest.size());
  while (skip_that_is(rest)) {
    const auto date = skip_claimed_date(rest);
    if (!date) {
      why = "it has no date after \"that is\"";
      return std::nullopt;
    }
    claim.dates.push_back(*date);
  }
  if (rest != ".") {
    why = "it goes on after its date";
    return std::nullopt;
  }
  return claim;
}

std::optional<DateSubject> read_date_subject(std::string_view text) {
  DateSubject subject;
  if (!skip_any_case(text, "so ")) skip_any_case(text, "therefore, ");
  subject.is_asking = skip_any_case(text, "the date ");
  if (subject.is_asking) skip_any_case(text, "of ");
  drop_ending(text, " in mm/dd/yyyy");
  if (!drop_ending(text, ", the date")) drop_ending(text, ", it");
  drop_ending(text, "'s date");
  const std::string_view names[] = {"today", "tomorrow", "yesterday"};
  for (int i = 0; i < 3; ++i) {
    if (text.size() != names[i].size() || find_any_case(text, names[i]) != 0) continue;
    subject.offset.count = i == 2 ? -1 : i;
    return subject;
  }
  const auto span = read_duration(text);
  if (!span) return std::nullopt;
  const int direction = direction_of(text.substr(span->length), subject.base);
  if (direction == 0) return std::nullopt;
  subject.offset = direction < 0 ? -span->value : span->value;
  return subject;
}

}  // namespace tripost
