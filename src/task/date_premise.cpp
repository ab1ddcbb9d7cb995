#include "task/date_premise.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "task/date_claims.h"
#include "task/date_facts.h"

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
  const auto weekday = read_weekday(a), other_weekday = read_weekday(b);
  if (weekday && other_weekday && weekday->length == a.size() && other_weekday->length == b.size())
    return weekday->value == other_weekday->value;
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

// A number, or part of a date.
bool is_measure(std::string_view word) {
  if (word.find_first_of("0123456789") != std::string_view::npos) return true;
  const auto is_whole = [&](const auto& found) { return found && found->length == word.size(); };
  return is_whole(read_month(word)) || is_whole(read_weekday(word)) ||
         is_whole(read_ordinal(word)) || (word.size() > 2 && is_whole(read_count(word)));
}

bool is_negation(std::string_view word) {
  return is_same_word(word, "not") || is_same_word(word, "never") || is_same_word(word, "cannot") ||
         word.ends_with("n't");
}

// Words that carry the arithmetic: another one makes another premise.
bool is_weighty(std::string_view word) {
  static constexpr std::array<std::string_view, 10> kTimes = {
      "yesterday", "tomorrow", "ago",   "later", "before",
      "after",     "earlier",  "hours", "late",  "older"};
  return is_measure(word) || is_negation(word) ||
         std::any_of(kTimes.begin(), kTimes.end(),
                     [&](std::string_view time) { return is_same_word(word, time); });
}

// Whether the question negates the same word.
bool has_negation(const std::vector<std::string_view>& said, std::string_view negation,
                  std::string_view next) {
  for (std::size_t i = 0; i + 1 < said.size(); ++i)
    if (is_same_word(said[i], negation) && says_the_same(said[i + 1], next)) return true;
  return false;
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

// The years that a text names, in dates or by themselves.
std::vector<int> years_in(std::string_view text) {
  constexpr const char* kDigits = "0123456789";
  std::vector<int> years;
  std::size_t begin = text.find_first_of(kDigits);
  while (begin != std::string_view::npos) {
    const std::size_t end = std::min(text.find_first_not_of(kDigits, begin), text.size());
    if (end - begin == 4) years.push_back(read_count(text.substr(begin, 4))->value);
    begin = text.find_first_of(kDigits, end);
  }
  return years;
}

// "Mar 12" where the year stands elsewhere.
void add_dates_without_year(std::string_view context, std::vector<Date>& known) {
  const auto years = years_in(context);
  for (const std::string_view word : words_of(context)) {
    const auto begin = static_cast<std::size_t>(word.data() - context.data());
    const auto found = read_date(context.substr(begin));
    if (!found || found->value.has_year) continue;
    for (const int year : years)
      if (const auto date = in_year(found->value.date, year)) known.push_back(*date);
  }
}

std::vector<Date> known_dates(const DateQuestion& question, const DateSheet& sheet) {
  std::vector<Date> known;
  for (std::size_t i = 0; i < sheet.known.size(); ++i)
    if (sheet.known[i]) known.push_back(question.facts->steps[i].date);
  for (const DateMention& mention : dates_in(question.context)) {
    known.push_back(mention.date);
    if (const auto british = read_british_date(mention.text)) known.push_back(british->value.date);
  }
  add_dates_without_year(question.context, known);
  return known;
}

bool is_date(const DateMention& mention, Date date) {
  const auto british = read_british_date(mention.text);
  return mention.date == date || (british && british->value.date == date);
}

// "today is Jan 21, 2011" in a question about Jan 22: the date is the question's, the day is not.
std::optional<LineFault> check_day(std::string_view before, const DateMention& mention,
                                   const DateQuestion& question) {
  const std::string_view day = subject_of_date(before);
  const auto subject = read_date_subject(day);
  if (!subject || subject->base) return std::nullopt;
  if (is_date(mention, plus(question.facts->today(), subject->offset))) return std::nullopt;
  const std::string_view claim(day.data(), mention.text.data() + mention.text.size());
  return mistake(claim, fmt::format("the question does not say that {}", claim));
}

std::optional<LineFault> check_dates_in(std::string_view premise,
                                        const std::vector<DateMention>& mentions,
                                        const DateQuestion& question, const DateSheet& sheet) {
  const auto known = known_dates(question, sheet);
  const auto before = texts_before_dates(premise);
  for (std::size_t i = 0; i < mentions.size(); ++i) {
    if (std::find(known.begin(), known.end(), mentions[i].date) == known.end())
      return mistake(mentions[i].text, "neither the question nor the steps before say this date");
    if (auto fault = check_day(before[i], mentions[i], question)) return fault;
  }
  return std::nullopt;
}

// "Jane is correct", of a question that says it in so many words.
bool is_sentence_of(std::string_view context, std::string_view premise) {
  while (!context.empty()) {
    const std::size_t end = std::min(context.find(". "), context.size());
    const std::string_view sentence = context.substr(0, end);
    if (is_same_word(sentence.substr(0, sentence.find_last_not_of('.') + 1), premise)) return true;
    context.remove_prefix(std::min(end + 2, context.size()));
  }
  return false;
}

// A premise in other words.
std::optional<LineFault> check_paraphrase(std::string_view premise, const DateQuestion& question,
                                          const DateSheet& sheet) {
  const auto mentions = dates_in(premise);
  if (auto fault = check_dates_in(premise, mentions, question, sheet)) return fault;
  bool says_something = !mentions.empty();
  const auto said = words_of(question.context), words = words_of(premise);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (whole_date(mentions, word)) continue;
    const std::string_view next = i + 1 < words.size() ? words[i + 1] : std::string_view();
    const bool is_said = is_negation(word) ? has_negation(said, word, next) : has_word(said, word);
    if (is_weighty(word) && !is_said)
      return mistake(word, fmt::format("the question does not say \"{}\"", word));
    says_something |= is_said && is_measure(word);
  }
  // No date follows from "the moon is green", nor from "Jane ate pizzas".
  if (!says_something && !is_sentence_of(question.context, premise))
    return mistake(premise, "it has no date or number of the question or the steps before");
  return std::nullopt;
}

// "today is the day after yesterday": true of every day.
bool is_true_of_every_day(std::string_view premise) {
  for (const auto& [relation, days] :
       {std::pair{" is the day after ", 1}, std::pair{" is the day before ", -1}}) {
    const std::size_t found = premise.find(relation);
    if (found == std::string_view::npos) continue;
    const auto day = read_date_subject(premise.substr(0, found));
    const auto other = read_date_subject(*after(premise, relation));
    return day && other && day->offset.unit == Unit::kDay && other->offset.unit == Unit::kDay &&
           day->offset.count == other->offset.count + days;
  }
  return false;
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
  if (sheet.can_count_from_today() && is_true_of_every_day(premise)) return std::nullopt;
  if (auto fault = check_near(premise, question)) return fault;
  return check_paraphrase(premise, question, sheet);
}

bool says_which_day_is_today(std::string_view premise, const DateQuestion& question) {
  const auto mentions = dates_in(premise);
  const auto before = texts_before_dates(premise);
  for (std::size_t i = 0; i < mentions.size(); ++i) {
    const auto subject = read_date_subject(subject_of_date(before[i]));
    if (subject && !subject->base && subject->offset == Duration{0, Unit::kDay} &&
        is_date(mentions[i], question.facts->today()))
      return true;
  }
  return false;
}

std::vector<std::string_view> texts_before_dates(std::string_view premise) {
  std::vector<std::string_view> texts;
  const char* begin = premise.data();
  for (const DateMention& mention : dates_in(premise)) {
    texts.emplace_back(begin, mention.text.data());
    begin = mention.text.data() + mention.text.size();
  }
  return texts;
}

std::string_view subject_of_date(std::string_view before) {
  const std::size_t size = before.size();
  for (const std::string_view verb : {" is ", " was ", " will be "})
    if (before.ends_with(verb)) before.remove_suffix(verb.size());
  if (before.size() == size) return {};
  for (const std::string_view opening : {", ", ". ", " and ", " but "}) {
    const std::size_t found = before.rfind(opening);
    if (found != std::string_view::npos) before.remove_prefix(found + opening.size());
  }
  return before;
}

}  // namespace tripost
