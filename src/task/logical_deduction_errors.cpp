#include "task/logical_deduction_errors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "task/feedback_text.h"
#include "task/logical_deduction_rationale.h"

namespace tripost {
namespace {

using Kind = DeductionStep::Kind;
using Steps = std::vector<DeductionStep>;
using Lines = std::vector<std::string>;
using Injected = std::optional<InjectedError>;

// A gold solution taken apart.
struct Gold {
  DeductionQuestion question;
  Steps steps;
  Lines lines;

  int num_objects() const { return question.num_objects(); }

  std::vector<std::size_t> steps_of(Kind kind) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < steps.size(); ++i)
      if (steps[i].kind == kind) found.push_back(i);
    return found;
  }

  DeductionSheet sheet_before(std::size_t step) const {
    DeductionSheet sheet = empty_sheet(question);
    for (std::size_t i = 0; i < step; ++i) take(question, steps[i], sheet);
    return sheet;
  }

  // What the step's premises say, or for a clue the clue.
  OrderingSet source(const DeductionStep& step) const {
    OrderingSet meaning(num_objects());
    if (step.kind == Kind::kClue) meaning.keep(question.clues[step.clue].bound);
    for (const DeductionStep& earlier : steps) {
      const bool is_premise = std::find(step.premises.begin(), step.premises.end(),
                                        earlier.number) != step.premises.end();
      if (is_premise && earlier.kind != Kind::kCount)
        meaning.keep(earlier.pattern.meaning(num_objects()));
    }
    return meaning;
  }
};

std::optional<Gold> gold_of(const Problem& problem) {
  std::string why;
  auto question = read_deduction_question(problem.question, why);
  if (!question) return std::nullopt;
  Gold gold{*std::move(question), {}, {}};
  gold.steps = remaining_steps(gold.question, empty_sheet(gold.question));
  if (gold.steps.empty()) return std::nullopt;
  gold.lines = write_steps(gold.question, gold.steps);
  return gold;
}

std::string name_of(const DeductionStep& step) {
  return step.kind == Kind::kFinal ? kFinalStep : std::to_string(step.number);
}

InjectedError made(const Lines& lines, std::string step) {
  return {fmt::format("{}", fmt::join(lines, "\n")), std::move(step), ""};
}

// The gold lines with one of them replaced.
InjectedError with_line(const Gold& gold, std::size_t place, std::string line) {
  Lines lines = gold.lines;
  lines[place] = std::move(line);
  return made(lines, name_of(gold.steps[place]));
}

// The gold lines with one step replaced; half of the time what comes after goes on from it.
InjectedError with_step(const Gold& gold, std::size_t place, const DeductionStep& wrong,
                        Random& random) {
  if (random.below(2) == 0) {
    DeductionSheet sheet = gold.sheet_before(place);
    take(gold.question, wrong, sheet);
    const Steps rest = remaining_steps(gold.question, sheet);
    if (!rest.empty()) {
      Lines lines(gold.lines.begin(), gold.lines.begin() + static_cast<std::ptrdiff_t>(place));
      lines.push_back(write_step(gold.question, wrong));
      for (std::string& line : write_steps(gold.question, rest)) lines.push_back(std::move(line));
      return made(lines, name_of(wrong));
    }
  }
  return with_line(gold, place, write_step(gold.question, wrong));
}

// A step with another pattern; nullopt when that is not wrong.
Injected with_pattern(const Gold& gold, std::size_t place, const Pattern& pattern, Random& random) {
  DeductionStep wrong = gold.steps[place];
  wrong.pattern = pattern;
  if (gold.source(wrong).is_within(pattern.meaning(gold.num_objects()))) return std::nullopt;
  return with_step(gold, place, wrong, random);
}

bool is_comparison(const DeductionStatement& statement) { return statement.bound.from >= 0; }

std::size_t any_of(const Gold& gold, Kind kind, Random& random) {
  return random.pick(gold.steps_of(kind));
}

int other_object(const Gold& gold, int object, Random& random) {
  const auto other = static_cast<int>(random.between(0, gold.num_objects() - 2));
  return other < object ? other : other + 1;
}

// --- clues ---

Injected reversed_clue(const Gold& gold, Random& random) {
  const std::size_t place = any_of(gold, Kind::kClue, random);
  Pattern pattern = gold.steps[place].pattern;
  std::reverse(pattern.objects.begin(), pattern.objects.end());
  std::reverse(pattern.gaps.begin(), pattern.gaps.end());
  return with_pattern(gold, place, pattern, random);
}

Injected miscounted_clue(const Gold& gold, Random& random) {
  const std::size_t place = any_of(gold, Kind::kClue, random);
  Pattern pattern = gold.steps[place].pattern;
  if (is_comparison(gold.steps[place].statement)) return std::nullopt;
  for (Gap& gap : pattern.gaps)
    if (!gap.more) gap.least = std::max(0, gap.least + (random.below(2) == 0 ? 1 : -1));
  return with_pattern(gold, place, pattern, random);
}

template <Kind kind>
Injected wrong_object(const Gold& gold, Random& random) {
  const std::size_t place = any_of(gold, kind, random);
  Pattern pattern = gold.steps[place].pattern;
  int& object = pattern.objects[random.below(pattern.objects.size())];
  const int old = object;
  object = other_object(gold, old, random);
  const auto count = std::count(pattern.objects.begin(), pattern.objects.end(), object);
  if (count == 1) return with_pattern(gold, place, pattern, random);
  DeductionStep wrong = gold.steps[place];  // it occurs twice now
  wrong.pattern = pattern;
  return with_line(gold, place, write_step(gold.question, wrong));
}

template <Kind kind>
Injected unknown_object(const Gold& gold, Random& random) {
  const std::size_t place = any_of(gold, kind, random);
  const Pattern& pattern = gold.steps[place].pattern;
  const auto object = static_cast<std::size_t>(random.pick(pattern.objects));
  const std::string name = " " + gold.question.objects[object].short_name + " ";
  std::string line = gold.lines[place];
  const std::size_t found = line.find(name, line.find('"'));
  if (found == std::string::npos) return std::nullopt;
  return with_line(gold, place, line.replace(found, name.size(), " unicorn "));
}

// "older" for "newer", in the statement and in its pattern.
Injected misread_clue(const Gold& gold, Random& random) {
  const std::size_t place = any_of(gold, Kind::kClue, random);
  DeductionStep wrong = gold.steps[place];
  Bound& bound = wrong.statement.bound;
  if (is_comparison(wrong.statement)) {
    std::swap(bound.from, bound.to);
  } else {
    bound = has_place(bound.to, other_object(gold, bound.low - 1, random));
  }
  for (const DeductionStatement& clue : gold.question.clues)
    if (clue.bound == bound) return std::nullopt;
  wrong.statement.text = as_sentence(sentence(gold.question, bound, wrong.statement.from_last));
  wrong.pattern = pattern_of(wrong.statement, gold.num_objects());
  return with_step(gold, place, wrong, random);
}

// --- the count ---

Injected wrong_count(const Gold& gold, Random& random) {
  const std::size_t place = gold.steps_of(Kind::kCount).front();
  const std::string right = number_word(gold.num_objects());
  const std::string wrong = number_word(1 + other_object(gold, gold.num_objects() - 1, random));
  std::string line = gold.lines[place];
  return with_line(gold, place, line.replace(line.find(right), right.size(), wrong));
}

// One object is left out of the list, or another stands in its place.
template <bool replaced>
Injected wrong_list(const Gold& gold, Random& random) {
  const std::size_t place = gold.steps_of(Kind::kCount).front();
  auto items = list_items(gold.question.list);
  const auto chosen = static_cast<int>(random.below(items.size()));
  if (replaced) {
    items[static_cast<std::size_t>(chosen)] =
        random.below(2) == 0 ? "a unicorn"
                             : items[static_cast<std::size_t>(other_object(gold, chosen, random))];
  } else {
    items.erase(items.begin() + chosen);
  }
  const std::string line = gold.lines[place];
  return with_line(
      gold, place,
      line.substr(0, line.find(": ") + 2) + fmt::format("{}.", fmt::join(items, ", ")));
}

// --- combinations ---

Injected swapped_neighbours(const Gold& gold, Random& random) {
  const std::size_t place = any_of(gold, Kind::kCombination, random);
  Pattern pattern = gold.steps[place].pattern;
  if (pattern.objects.size() < 2) return std::nullopt;
  const std::size_t first = random.below(pattern.objects.size() - 1);
  std::swap(pattern.objects[first], pattern.objects[first + 1]);
  return with_pattern(gold, place, pattern, random);
}

// "a b" for "a ?? b": next to each other without need.
Injected closed_gap(const Gold& gold, Random& random) {
  const std::size_t place = any_of(gold, Kind::kCombination, random);
  Pattern pattern = gold.steps[place].pattern;
  Gap& gap = pattern.gaps[random.below(pattern.gaps.size())];
  if (!gap.more) return std::nullopt;
  gap.more = false;
  return with_pattern(gold, place, pattern, random);
}

// "?" too many or too few.
Injected miscounted_gap(const Gold& gold, Random& random) {
  const std::size_t place = any_of(gold, Kind::kCombination, random);
  Pattern pattern = gold.steps[place].pattern;
  Gap& gap = pattern.gaps[random.below(pattern.gaps.size())];
  gap.least = std::max(0, gap.least + (random.below(2) == 0 ? 1 : -1));
  return with_pattern(gold, place, pattern, random);
}

Injected dropped_object(const Gold& gold, Random& random) {
  const std::size_t place = any_of(gold, Kind::kCombination, random);
  Pattern pattern = gold.steps[place].pattern;
  const auto dropped = static_cast<std::ptrdiff_t>(random.below(pattern.objects.size()));
  pattern.objects.erase(pattern.objects.begin() + dropped);
  pattern.gaps.erase(pattern.gaps.begin() + dropped);
  if (pattern.objects.empty()) return std::nullopt;
  return with_pattern(gold, place, pattern, random);
}

// The whole order, right or wrong, before it can be known.
Injected hasty_ordering(const Gold& gold, Random& random) {
  const std::size_t place = any_of(gold, Kind::kCombination, random);
  Pattern pattern{gold.question.possible.example(),
                  std::vector<Gap>(gold.question.objects.size() + 1)};
  if (random.below(2) == 0) random.shuffle(pattern.objects);
  return with_pattern(gold, place, pattern, random);
}

// Another step is named than the one that was used, or one that does not come before.
Injected wrong_premise(const Gold& gold, Random& random) {
  const std::size_t place = any_of(gold, Kind::kCombination, random);
  DeductionStep wrong = gold.steps[place];
  int& premise = wrong.premises[random.below(wrong.premises.size())];
  premise = static_cast<int>(random.between(1, wrong.number + 2));
  const bool comes_before = premise < wrong.number;
  if (comes_before && gold.source(wrong).is_within(wrong.pattern.meaning(gold.num_objects())))
    return std::nullopt;
  return with_line(gold, place, write_step(gold.question, wrong));
}

// --- the answer ---

template <bool other_place>
Injected wrong_conclusion(const Gold& gold, Random& random) {
  const std::size_t place = gold.steps_of(Kind::kConclusion).front();
  DeductionStep wrong = gold.steps[place];
  Bound& bound = wrong.statement.bound;
  if (is_comparison(wrong.statement)) return std::nullopt;
  const int right_place = bound.low - 1;
  bound = other_place ? has_place(bound.to, other_object(gold, right_place, random))
                      : has_place(other_object(gold, bound.to, random), right_place);
  InjectedError injected = with_line(gold, place, write_step(gold.question, wrong));
  if (other_place || random.below(2) == 0) return injected;
  // The answer goes on from it.
  DeductionStep answer = gold.steps.back();
  for (std::size_t i = 0; i < gold.question.options.size(); ++i)
    if (gold.question.options[i].bound == bound) answer.option = i;
  Lines lines = gold.lines;
  lines[place] = write_step(gold.question, wrong);
  lines.back() = write_step(gold.question, answer);
  return made(lines, name_of(wrong));
}

std::size_t other_option(const Gold& gold, Random& random) {
  const std::size_t other = random.below(gold.question.options.size() - 1);
  return other < gold.question.answer ? other : other + 1;
}

Injected wrong_answer(const Gold& gold, Random& random) {
  DeductionStep wrong = gold.steps.back();
  wrong.option = other_option(gold, random);
  return with_line(gold, gold.steps.size() - 1, write_step(gold.question, wrong));
}

// The sentence of one option and the letter of another.
Injected mixed_answer(const Gold& gold, Random& random) {
  const std::size_t place = gold.steps.size() - 1;
  const std::string right = gold.question.options[gold.question.answer].text;
  const std::size_t other = other_option(gold, random);
  std::string line = gold.lines[place];
  if (random.below(2) == 0)
    return with_line(
        gold, place,
        line.replace(line.find(right), right.size(), gold.question.options[other].text));
  line[line.rfind('(') + 1] = static_cast<char>('A' + other);
  return with_line(gold, place, line);
}

// --- the order of steps ---

// Missed where it is first named.
Injected skipped_step(const Gold& gold, Random& random) {
  const std::size_t skipped = random.below(gold.steps.size() - 3);
  const int number = gold.steps[skipped].number;
  for (const DeductionStep& step : gold.steps) {
    if (std::find(step.premises.begin(), step.premises.end(), number) == step.premises.end())
      continue;
    Lines lines = gold.lines;
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(skipped));
    return made(lines, name_of(step));
  }
  return std::nullopt;
}

Injected repeated_step(const Gold& gold, Random& random) {
  const std::size_t repeated = random.below(gold.steps.size() - 1);
  Lines lines = gold.lines;
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(repeated), lines[repeated]);
  return made(lines, name_of(gold.steps[repeated]));
}

Injected swapped_clues(const Gold& gold, Random& random) {
  const std::size_t first = random.below(gold.steps_of(Kind::kClue).size());
  Lines lines = gold.lines;
  std::swap(lines[first], lines[first + 1]);
  return made(lines, name_of(gold.steps[first]));
}

struct ErrorKind {
  const char* name;
  Injected (*inject)(const Gold&, Random&);
};

constexpr ErrorKind kKinds[] = {
    {"clue turned round", reversed_clue},
    {"wrong distance in a clue", miscounted_clue},
    {"wrong object in a clue", wrong_object<Kind::kClue>},
    {"unknown object in a clue", unknown_object<Kind::kClue>},
    {"misread clue", misread_clue},
    {"wrong count", wrong_count},
    {"object missing from the list", wrong_list<false>},
    {"wrong object in the list", wrong_list<true>},
    {"swapped neighbours", swapped_neighbours},
    {"wrong object in a combination", wrong_object<Kind::kCombination>},
    {"unknown object in a combination", unknown_object<Kind::kCombination>},
    {"closed gap", closed_gap},
    {"wrong distance in a combination", miscounted_gap},
    {"dropped object", dropped_object},
    {"hasty ordering", hasty_ordering},
    {"wrong premise", wrong_premise},
    {"wrong object in the conclusion", wrong_conclusion<false>},
    {"wrong place in the conclusion", wrong_conclusion<true>},
    {"wrong answer", wrong_answer},
    {"letter of another option", mixed_answer},
    {"skipped step", skipped_step},
    {"repeated step", repeated_step},
    {"steps out of order", swapped_clues},
};

}  // namespace

std::optional<InjectedError> inject_deduction_error(const Problem& problem, Random& random) {
  const auto gold = gold_of(problem);
  if (!gold) return std::nullopt;
  for (;;) {
    // Not every kind fits every step (a gap that is closed already): then another is drawn. A wrong
    // answer always fits.
    const ErrorKind& kind = kKinds[random.below(std::size(kKinds))];
    if (auto injected = kind.inject(*gold, random)) {
      injected->kind = kind.name;
      return injected;
    }
  }
}

std::vector<std::string> deduction_error_kinds() {
  std::vector<std::string> names;
  for (const ErrorKind& kind : kKinds) names.emplace_back(kind.name);
  return names;
}

}  // namespace tripost
