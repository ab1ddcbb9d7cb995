#include "task/date_premise.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "task/date_claims.h"

namespace tripost {
namespace {

// A word without the marks around it.
std::string_view bare(std::string_view word) {
  constexpr std::string_view kMarks = ",.;:()\"'";
  const std::size_t begin = word.find_first_not_of(kMarks);
  if (begin == std::string_view::npos) return {};
  return word.substr(begin, word.find_last_not_of(kMarks) + 1 - begin);
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!(text = trimmed(text)).empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (const auto word = bare(text.substr(0, end)); !word.empty()) words.push_back(word);
    text.remove_prefix(end);
  }
  return words;
}

bool is_same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

// "16-year" and "16-year-old", "Feburary" and "Feb", "ten" and "10": the same number or month in
// other words.
bool says_the_same(std::string_view a, std::string_view b) {
  if (is_same_word(a, b)) return true;
  const auto month = read_month(a), other = read_month(b);
  if (month && other && month->length == a.size() && other->length == b.size())
    return month->value == other->value;
  const auto count = read_count(a), other_count = read_count(b);
  if (count && other_count && count->length == a.size() && other_count->length == b.size())
    return count->value == other_count->value;
  const std::size_t dash = a.find('-');
  return dash != std::string_view::npos && dash > 0 &&
         b.substr(0, dash + 1) == a.substr(0, dash + 1);
}

bool has_word(const std::vector<std::string_view>& words, std::string_view word) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view other) { return says_the_same(word, other); });
}

// Words that carry the arithmetic: another one makes another premise.
bool is_weighty(std::string_view word) {
  static constexpr std::array<std::string_view, 10> kTimes = {
      "yesterday", "tomorrow", "ago",   "later", "before",
      "after",     "earlier",  "hours", "late",  "older"};
  if (word.find_first_of("0123456789") != std::string_view::npos) return true;
  if (std::any_of(kTimes.begin(), kTimes.end(),
                  [&](std::string_view time) { return is_same_word(word, time); }))
    return true;
  const auto is_whole = [&](const auto& found) { return found && found->length == word.size(); };
  return is_whole(read_month(word)) || is_whole(read_weekday(word)) ||
         is_whole(read_ordinal(word)) || (word.size() > 2 && is_whole(read_count(word)));
}

// Words that two texts share only when they speak of the same thing.
bool is_telling(std::string_view word) {
  static constexpr std::array<std::string_view, 8> kPlain = {"today", "date", "this", "that",
                                                             "their", "with", "from", "will"};
  return word.size() > 3 && std::none_of(kPlain.begin(), kPlain.end(), [&](std::string_view plain) {
           return is_same_word(plain, word);
         });
}

bool is_capitalised(std::string_view word) { return word[0] >= 'A' && word[0] <= 'Z'; }
bool is_unit(std::string_view word) {
  return has_word({"day", "days", "week", "weeks", "month", "months", "year", "years"}, word);
}

// The date that the word is part of. The dates are those of the word's text, in order.
std::optional<std::string_view> whole_date(const std::vector<DateMention>& dates,
                                           std::string_view word) {
  const auto behind = std::upper_bound(
      dates.begin(), dates.end(), word.data(),
      [](const char* place, const DateMention& date) { return place < date.text.data(); });
  if (behind == dates.begin()) return std::nullopt;
  const std::string_view date = std::prev(behind)->text;
  if (word.data() >= date.data() + date.size()) return std::nullopt;
  return date;
}

// The first word that makes the premise another than the expected one of as many words; empty when
// there is none. Sets `num_equal`.
std::string_view differing_word(std::string_view premise, std::string_view expected,
                                std::size_t& num_equal) {
  const auto words = words_of(premise), others = words_of(expected);
  num_equal = 0;
  if (words.size() != others.size()) return {};
  std::string_view first;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (says_the_same(words[i], others[i])) {
      ++num_equal;
      continue;
    }
    const bool both_names = is_capitalised(words[i]) && is_capitalised(others[i]);
    const bool matters = is_weighty(words[i]) || is_weighty(others[i]) || both_names ||
                         (is_unit(words[i]) && is_unit(others[i]));
    if (matters && first.empty()) first = words[i];
  }
  return first;
}

// A premise with a word or two changed, and no others.
std::optional<LineFault> check_near(std::string_view premise, const DateQuestion& question) {
  for (const DateStep& step : question.facts->steps) {
    std::size_t num_equal = 0;
    const std::string_view word = differing_word(premise, step.premise, num_equal);
    if (word.empty() || 4 * num_equal < 3 * words_of(premise).size()) continue;
    return mistake(whole_date(dates_in(premise), word).value_or(word),
                   fmt::format("the condition should be \"{}\"", step.premise));
  }
  return std::nullopt;
}

bool is_known_date(Date date, const DateQuestion& question, const DateSheet& sheet) {
  for (std::size_t i = 0; i < sheet.known.size(); ++i)
    if (sheet.known[i] && question.facts->steps[i].date == date) return true;
  for (const DateMention& mention : dates_in(question.context)) {
    if (mention.date == date) return true;
    const auto british = read_british_date(mention.text);
    if (british && british->value.date == date) return true;
  }
  return false;
}

// "today" of "today is Jan 21, 2011", where the date is a mention in the premise: what the clause
// is about. Empty when no such clause ends at the date. Of "Jane thinks today is ..." it is all of
// that: what she thinks may be wrong.
std::string_view subject_before(std::string_view premise, const DateMention& mention) {
  std::string_view clause(premise.data(), mention.text.data());
  const std::size_t size = clause.size();
  for (const std::string_view verb : {" is ", " was ", " will be "})
    if (clause.ends_with(verb)) clause.remove_suffix(verb.size());
  if (clause.size() == size) return {};
  for (const std::string_view opening : {", ", ". ", " and ", " but "}) {
    const std::size_t found = clause.rfind(opening);
    if (found != std::string_view::npos) clause.remove_prefix(found + opening.size());
  }
  return clause;
}

// "today is Jan 21, 2011" in a question about Jan 22: the date is the question's, the day is not.
std::optional<LineFault> check_day(std::string_view premise, const DateMention& mention,
                                   const DateQuestion& question) {
  const std::string_view day = subject_before(premise, mention);
  const auto subject = read_date_subject(day);
  if (!subject || subject->base) return std::nullopt;
  const Date expected = plus(question.facts->today(), subject->offset);
  const auto british = read_british_date(mention.text);
  if (mention.date == expected || (british && british->value.date == expected)) return std::nullopt;
  const std::string_view claim(day.data(), mention.text.data() + mention.text.size());
  return mistake(claim, fmt::format("the question does not say that {}", claim));
}

// A premise in other words.
std::optional<LineFault> check_paraphrase(std::string_view premise, const DateQuestion& question,
                                          const DateSheet& sheet) {
  const auto mentions = dates_in(premise);
  for (const DateMention& mention : mentions) {
    if (!is_known_date(mention.date, question, sheet))
      return mistake(mention.text, "neither the question nor the steps before say this date");
    if (auto fault = check_day(premise, mention, question)) return fault;
  }
  bool says_something = !mentions.empty();
  const auto said = words_of(question.context);
  for (const std::string_view word : words_of(premise)) {
    if (whole_date(mentions, word)) continue;
    const bool is_said = has_word(said, word);
    if (is_weighty(word) && !is_said)
      return mistake(word, fmt::format("the question does not say \"{}\"", word));
    says_something |= is_said && (is_weighty(word) || is_telling(word));
  }
  // No date follows from "the moon is green".
  if (!says_something)
    return mistake(premise, "neither the question nor the steps before say this");
  return std::nullopt;
}

}  // namespace

std::optional<LineFault> check_premise(std::string_view premise, const DateQuestion& question,
                                       const DateSheet& sheet) {
  const auto& steps = question.facts->steps;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!is_same_word(premise, steps[i].premise)) continue;
    for (std::size_t before = 0; before < i; ++before)
      if (!sheet.known[before])
        return mistake(premise, fmt::format("{} has not been calculated in previous steps",
                                            steps[before].entity));
    return std::nullopt;
  }
  if (auto fault = check_near(premise, question)) return fault;
  return check_paraphrase(premise, question, sheet);
}

}  // namespace tripost
