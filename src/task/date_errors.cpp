#include "task/date_errors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "task/date_claims.h"
#include "task/date_rationale.h"
#include "task/feedback_text.h"
#include "task/lines.h"

namespace tripost {
namespace {

std::string short_date(Date date) { return write_date(date, DateStyle::kShort); }
std::string padded_date(Date date) { return write_date(date, DateStyle::kPadded); }

// The steps of a rationale, as data: changed, then written.
struct Solution {
  struct Step {
    std::string premise;
    std::string entity;
    std::string date;
  };
  std::vector<Step> steps;  // of the context
  std::string asked;
  std::string date;  // the answer in words and in figures
  std::string form;
  std::string letter;

  int num_steps() const { return static_cast<int>(steps.size()) + 1; }

  std::string line(int number, int step) const {
    if (step == num_steps()) return asked_step(number, asked, date, form);
    const Step& written = steps[static_cast<std::size_t>(step - 1)];
    return context_step(number, written.premise, written.entity, written.date);
  }

  std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    for (int i = 1; i <= num_steps(); ++i) lines.push_back(line(i, i));
    lines.push_back(letter_step(letter));
    return lines;
  }
};

// The gold solution and what the errors start from.
struct Gold {
  DateQuestion question;
  Solution solution;
  Date answer;

  const DateContext& facts() const { return *question.facts; }
  bool asks_today() const { return answer == facts().today(); }
};

std::optional<Gold> gold_of(const Problem& problem) {
  std::string why;
  auto question = read_date_question(problem.question, why);
  if (!question || !question->answer() || question->letter_of(*question->answer()).empty())
    return std::nullopt;
  const Date answer = *question->answer();
  Solution solution{.steps = {},
                    .asked = question->asked->text,
                    .date = short_date(answer),
                    .form = padded_date(answer),
                    .letter = question->letter_of(answer)};
  for (const DateStep& step : question->facts->steps)
    solution.steps.push_back({step.premise, step.entity, short_date(step.date)});
  return Gold{*std::move(question), std::move(solution), answer};
}

InjectedError made(const std::vector<std::string>& lines, const std::string& step) {
  return {fmt::format("{}", fmt::join(lines, "\n")), step, ""};
}
InjectedError made(const std::vector<std::string>& lines, int step) {
  return made(lines, std::to_string(step));
}

Date wrong_date(Date date, Random& random) {
  static const std::vector<Duration> kSlips = {
      {1, Unit::kDay},  {-1, Unit::kDay},  {2, Unit::kDay},   {-2, Unit::kDay},
      {7, Unit::kDay},  {-7, Unit::kDay},  {1, Unit::kMonth}, {-1, Unit::kMonth},
      {1, Unit::kYear}, {-1, Unit::kYear}, {10, Unit::kDay}};
  for (;;) {
    const Date wrong = plus(date, random.pick(kSlips));
    if (is_in_range(wrong) && wrong != date) return wrong;
  }
}

void replace_in(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t found = text.find(from);
  if (found != std::string::npos) text.replace(found, from.size(), to);
}

// What follows a wrong date: the options may hold the date that it leads to.
void answer_with(const Gold& gold, Solution& solution, Date answer) {
  solution.date = short_date(answer);
  solution.form = padded_date(answer);
  const std::string letter = gold.question.letter_of(answer);
  if (!letter.empty()) solution.letter = letter;
}

// A wrong date in step `index` of the context.
InjectedError wrong_step(const Gold& gold, std::size_t index, Random& random) {
  Solution solution = gold.solution;
  const Date right = gold.facts().steps[index].date, wrong = wrong_date(right, random);
  solution.steps[index].date = short_date(wrong);
  if (random.below(2) == 0) {
    Date earlier_right = right, earlier_wrong = wrong;
    for (std::size_t i = index + 1; i < solution.steps.size(); ++i) {
      const Date date = gold.facts().steps[i].date;
      const Date shifted = plus_days(date, days_between(earlier_right, earlier_wrong));
      replace_in(solution.steps[i].premise, short_date(earlier_right), short_date(earlier_wrong));
      solution.steps[i].date = short_date(shifted);
      earlier_right = date;
      earlier_wrong = shifted;
    }
    answer_with(gold, solution, plus(earlier_wrong, gold.question.asked->offset));
  }
  return made(solution.lines(), static_cast<int>(index) + 1);
}

std::optional<InjectedError> wrong_today(const Gold& gold, Random& random) {
  return wrong_step(gold, gold.solution.steps.size() - 1, random);
}

std::optional<InjectedError> wrong_date_on_the_way(const Gold& gold, Random& random) {
  if (gold.solution.steps.size() < 2) return std::nullopt;
  return wrong_step(gold, random.below(gold.solution.steps.size() - 1), random);
}

std::optional<InjectedError> wrong_copy(const Gold& gold, Random& random) {
  Solution solution = gold.solution;
  const std::size_t index = random.below(solution.steps.size());
  std::string& premise = solution.steps[index].premise;
  const auto dates = dates_in(premise);
  if (dates.empty()) return std::nullopt;
  const DateMention date = random.pick(dates);
  // Impossible as a US date: a British one.
  if (!date.date.ok()) return std::nullopt;
  const bool in_figures = contains(date.text, "/");
  const std::string wrong = write_date(wrong_date(date.date, random),
                                       in_figures ? DateStyle::kPadded : DateStyle::kShort);
  replace_in(premise, std::string(date.text), wrong);
  return made(solution.lines(), static_cast<int>(index) + 1);
}

// The number that begins there, unless it belongs to a date with a year.
std::string number_at(const std::string& text, std::size_t begin) {
  for (const DateMention& date : dates_in(text)) {
    const auto place = static_cast<std::size_t>(date.text.data() - text.data());
    if (begin >= place && begin < place + date.text.size()) return "";
  }
  return text.substr(begin, text.find_first_not_of("0123456789", begin) - begin);
}

// Of a number with more digits than fit, the last digit is another.
std::string other_number(const std::string& number, Random& random) {
  constexpr std::size_t kMostDigits = 9;
  const int added = static_cast<int>(random.between(1, 9));
  if (number.size() <= kMostDigits) return std::to_string(std::stoi(number) + added);
  std::string other = number;
  other.back() = static_cast<char>('0' + (other.back() - '0' + added) % 10);
  return other;
}

std::string with_other_number(const std::string& text, Random& random) {
  constexpr const char* kDigits = "0123456789";
  std::vector<std::pair<std::size_t, std::string>> numbers;
  for (std::size_t begin = text.find_first_of(kDigits); begin != std::string::npos;) {
    const std::string number = number_at(text, begin);
    if (!number.empty()) numbers.emplace_back(begin, number);
    const std::size_t end = text.find_first_not_of(kDigits, begin);
    begin = end == std::string::npos ? end : text.find_first_of(kDigits, end);
  }
  if (numbers.empty()) return text;
  const auto& [begin, number] = random.pick(numbers);
  std::string changed = text;
  changed.replace(begin, number.size(), other_number(number, random));
  return changed;
}

std::string with_other_word(const std::string& text, Random& random) {
  static const std::vector<std::pair<std::string, std::string>> kWords = {
      {"yesterday", "tomorrow"}, {"tomorrow", "yesterday"}, {" later", " earlier"},
      {" ago", " later"},        {"last day", "first day"}, {"first day", "last day"},
      {" days", " weeks"},       {"second", "third"},       {"third", "second"},
      {"Monday", "Sunday"},      {" before", " after"},     {"older", "later"}};
  std::vector<std::pair<std::string, std::string>> fitting;
  for (const auto& words : kWords)
    if (contains(text, words.first)) fitting.push_back(words);
  if (fitting.empty()) return text;
  const auto& [from, to] = random.pick(fitting);
  std::string changed = text;
  replace_in(changed, from, to);
  return changed;
}

// Another number or another word of time in the premise of a step.
std::optional<InjectedError> wrong_condition(const Gold& gold, Random& random) {
  Solution solution = gold.solution;
  const std::size_t index = random.below(solution.steps.size());
  std::string& premise = solution.steps[index].premise;
  premise =
      random.below(2) == 0 ? with_other_number(premise, random) : with_other_word(premise, random);
  if (premise == gold.solution.steps[index].premise) return std::nullopt;
  return made(solution.lines(), static_cast<int>(index) + 1);
}

std::optional<InjectedError> wrong_answer_date(const Gold& gold, Random& random) {
  Solution solution = gold.solution;
  const Duration offset = gold.question.asked->offset;
  const Date backwards = plus(gold.facts().today(), -offset);
  const bool turns_round = random.below(3) == 0 && backwards != gold.answer;
  const Date wrong = turns_round ? backwards : wrong_date(gold.answer, random);
  const std::string letter = solution.letter;
  answer_with(gold, solution, wrong);
  if (random.below(2) == 0) solution.letter = letter;
  return made(solution.lines(), solution.num_steps());
}

// Counted past the end of the month: "Jan 32, 2011".
std::optional<InjectedError> impossible_date(const Gold& gold, Random& random) {
  Solution solution = gold.solution;
  const int step = 1 + static_cast<int>(random.below(static_cast<uint64_t>(solution.num_steps())));
  const bool is_asked = step == solution.num_steps();
  const Date date =
      is_asked ? gold.answer : gold.facts().steps[static_cast<std::size_t>(step - 1)].date;
  const int year = year_of(date), month = month_of(date);
  const Date past = make_date(year, month, days_in_month(year, month) + 1);
  if (is_asked) {
    solution.date = short_date(past);
    solution.form = padded_date(past);
  } else {
    solution.steps[static_cast<std::size_t>(step - 1)].date = short_date(past);
  }
  return made(solution.lines(), step);
}

std::optional<InjectedError> wrong_form(const Gold& gold, Random& random) {
  Solution solution = gold.solution;
  switch (random.below(3)) {
    case 0:
      solution.form = write_british_date(gold.answer);
      break;
    case 1:
      solution.form = padded_date(wrong_date(gold.answer, random));
      break;
    default:
      solution.form = padded_date(gold.facts().today());
  }
  if (solution.form == gold.solution.form) return std::nullopt;
  return made(solution.lines(), solution.num_steps());
}

std::optional<InjectedError> wrong_question(const Gold& gold, Random& random) {
  Solution solution = gold.solution;
  const AskedDate& other = kAskedDates[random.below(kAskedDates.size())];
  const Date date = plus(gold.facts().today(), other.offset);
  if (date == gold.answer) return std::nullopt;
  solution.asked = other.text;
  answer_with(gold, solution, date);
  return made(solution.lines(), solution.num_steps());
}

std::optional<InjectedError> wrong_letter(const Gold& gold, Random& random) {
  Solution solution = gold.solution;
  solution.letter = static_cast<char>('A' + random.below(gold.question.options.size()));
  if (solution.letter == gold.solution.letter) return std::nullopt;
  return made(solution.lines(), kFinalStep);
}

std::optional<InjectedError> letter_without_option(const Gold& gold, Random& random) {
  Solution solution = gold.solution;
  const std::size_t first = gold.question.options.size();
  if (first >= 26) return std::nullopt;
  solution.letter = static_cast<char>('A' + first + random.below(26 - first));
  return made(solution.lines(), kFinalStep);
}

// A step's result is missed where it is needed: in the next step, or at the answer.
std::optional<InjectedError> skipped_step(const Gold& gold, Random& random) {
  const Solution& solution = gold.solution;
  const int last = solution.num_steps();
  const int skipped = 1 + static_cast<int>(random.below(static_cast<uint64_t>(last)));
  if (skipped == last && gold.asks_today()) return std::nullopt;
  const bool renumbers = random.below(2) == 0;
  std::vector<std::string> lines;
  for (int step = 1; step <= last; ++step)
    if (step != skipped)
      lines.push_back(solution.line(renumbers && step > skipped ? step - 1 : step, step));
  lines.push_back(letter_step(solution.letter));
  if (skipped == last) return made(lines, kFinalStep);
  return made(lines, renumbers ? skipped : skipped + 1);
}

// Under its own number: what is said again under the next one is idle, not wrong.
std::optional<InjectedError> repeated_step(const Gold& gold, Random& random) {
  auto lines = gold.solution.lines();
  const std::size_t step = random.below(lines.size() - 1);
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(step), std::string(lines[step]));
  return made(lines, static_cast<int>(step) + 1);
}

std::optional<InjectedError> swapped_steps(const Gold& gold, Random& random) {
  auto lines = gold.solution.lines();
  const std::size_t first = random.below(lines.size() - 2);
  std::swap(lines[first], lines[first + 1]);
  return made(lines, static_cast<int>(first) + 2);
}

struct Kind {
  const char* name;
  std::optional<InjectedError> (*inject)(const Gold&, Random&);
};

constexpr Kind kKinds[] = {
    {"wrong date today", wrong_today},        {"wrong date on the way", wrong_date_on_the_way},
    {"wrong copy of a date", wrong_copy},     {"wrong condition", wrong_condition},
    {"wrong answer date", wrong_answer_date}, {"impossible date", impossible_date},
    {"wrong form of the date", wrong_form},   {"wrong question", wrong_question},
    {"wrong letter", wrong_letter},           {"letter without an option", letter_without_option},
    {"skipped step", skipped_step},           {"repeated step", repeated_step},
    {"steps out of order", swapped_steps},
};

}  // namespace

std::optional<InjectedError> inject_date_error(const Problem& problem, Random& random) {
  const auto gold = gold_of(problem);
  if (!gold) return std::nullopt;
  for (;;) {
    // Not every kind fits every question: then another is drawn. A wrong letter always fits.
    const Kind& kind = kKinds[random.below(std::size(kKinds))];
    if (auto injected = kind.inject(*gold, random)) {
      injected->kind = kind.name;
      return injected;
    }
  }
}

std::vector<std::string> date_error_kinds() {
  std::vector<std::string> names;
  for (const Kind& kind : kKinds) names.emplace_back(kind.name);
  return names;
}

}  // namespace tripost
