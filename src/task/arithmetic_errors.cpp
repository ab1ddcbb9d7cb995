#include "task/arithmetic_errors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "task/arithmetic_rationale.h"
#include "task/feedback_text.h"

namespace tripost {
namespace {

using Pieces = std::vector<std::string>;

// A gold solution taken apart. Step (1) is the sheet's, then one step per definition, then the
// final equation.
struct Gold {
  ArithmeticQuestion question;
  Worksheet sheet;            // with every result
  std::vector<Pieces> steps;  // steps[i] is step (i + 2); the last is the final equation

  int num_letters() const { return static_cast<int>(sheet.definitions.size()); }
  bool is_combination(int step) const { return step == num_letters() + 2; }
  const Pieces& pieces(int step) const { return steps[static_cast<std::size_t>(step - 2)]; }
  char letter(int step) const {
    return sheet.definitions[static_cast<std::size_t>(step - 2)].first;
  }

  std::string line(int number, int step, const Pieces& with) const {
    return is_combination(step) ? combination_step(number, with)
                                : calculation_step(number, letter(step), with);
  }
  std::string line(int number, int step) const { return line(number, step, pieces(step)); }

  // The gold lines before a step, and from it on.
  std::vector<std::string> before(int step) const {
    std::vector<std::string> lines = {partition_step(sheet)};
    for (int i = 2; i < step; ++i) lines.push_back(line(i, i));
    return lines;
  }
  std::vector<std::string> from(int step) const {
    std::vector<std::string> lines;
    for (int i = step; i <= num_letters() + 2; ++i) lines.push_back(line(i, i));
    lines.push_back(final_step(question.value));
    return lines;
  }
};

std::optional<Gold> gold_of(const Problem& problem) {
  std::string why;
  auto question = read_arithmetic_question(problem.question, why);
  if (!question) return std::nullopt;
  auto sheet = gold_worksheet(*question);
  if (!sheet || sheet->definitions.size() < 2) return std::nullopt;
  Gold gold{*std::move(question), *std::move(sheet), {}};
  for (const auto& [letter, expression] : gold.sheet.definitions) {
    gold.steps.push_back(calculation_pieces(expression));
    gold.sheet.results[letter_index(letter)] = read_integer(gold.steps.back().back());
  }
  gold.steps.push_back(combination_pieces(gold.sheet.equation, gold.sheet.results));
  gold.sheet.final_result = gold.question.value;
  return gold;
}

using Lines = std::vector<std::string>;

Lines joined(Lines lines, const Lines& more) {
  lines.insert(lines.end(), more.begin(), more.end());
  return lines;
}

InjectedError made(const Lines& lines, const std::string& step) {
  return {fmt::format("{}", fmt::join(lines, "\n")), step, ""};
}
InjectedError made(const Lines& lines, int step) { return made(lines, std::to_string(step)); }

// The integers of a text, each with its minus.
std::vector<std::pair<std::size_t, std::size_t>> numbers_in(const std::string& text) {
  std::vector<std::pair<std::size_t, std::size_t>> spans;
  bool expects_operand = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    const bool minus = text[i] == '-' && expects_operand;
    if (digit || minus) {
      const std::size_t end = std::min(text.find_first_not_of("0123456789", i + 1), text.size());
      if (digit || end > i + 1) spans.emplace_back(i, end - i);
      i = end - 1;
      expects_operand = false;
    } else if (text[i] != ' ') {
      expects_operand = text[i] == '(' || text[i] == '+' || text[i] == '-' || text[i] == '*';
    }
  }
  return spans;
}

int64_t other_number(int64_t number, Random& random) {
  const int64_t distance = random.between(1, 10);
  return random.below(2) == 0 ? number + distance : number - distance;
}

// The text with one of its numbers changed; the same text when it has none that can be.
std::string with_other_number(std::string text, Random& random) {
  const auto spans = numbers_in(text);
  if (spans.empty()) return text;
  const auto [begin, size] = random.pick(spans);
  const int64_t number = read_integer(text.substr(begin, size)).value_or(0);
  return text.replace(begin, size, std::to_string(other_number(number, random)));
}

std::string with_other_sign(std::string text, Random& random) {
  const auto spans = numbers_in(text);
  if (spans.empty()) return text;
  const auto [begin, size] = random.pick(spans);
  const int64_t number = read_integer(text.substr(begin, size)).value_or(0);
  return text.replace(begin, size, std::to_string(-number));
}

std::string with_other_operation(std::string text, Random& random) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i + 2 < text.size(); ++i)
    if (std::string_view("+-*").find(text[i + 1]) != std::string_view::npos && text[i + 2] == ' ')
      places.push_back(i + 1);
  if (places.empty()) return text;
  char& operation = text[random.pick(places)];
  const char old = operation;
  while (operation == old) operation = "+-*"[random.below(3)];
  return text;
}

std::string without_a_bracket(std::string text, Random& random) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '(' || text[i] == ')') places.push_back(i);
  if (!places.empty()) text.erase(random.pick(places), 1);
  return text;
}

int any_step(const Gold& gold, Random& random) {
  return static_cast<int>(random.between(2, gold.num_letters() + 2));
}
int any_calculation(const Gold& gold, Random& random) {
  return static_cast<int>(random.between(2, gold.num_letters() + 1));
}

// The lines after a step that gave `result`: the gold ones, or those that go on from a wrong
// result.
Lines after_step(const Gold& gold, int step, int64_t result, Random& random) {
  if (random.below(2) == 0) return gold.from(step + 1);
  Worksheet sheet = gold.sheet;
  sheet.last_step = step;
  sheet.final_result.reset();
  if (gold.is_combination(step)) {
    sheet.final_result = result;
  } else {
    sheet.results[letter_index(gold.letter(step))] = result;
    for (int later = step + 1; later <= gold.num_letters() + 1; ++later)
      sheet.results[letter_index(gold.letter(later))].reset();
  }
  return remaining_steps(sheet);
}

// A step's pieces with the one at `place` replaced; half of the time the pieces after it go on from
// the wrong one.
std::optional<InjectedError> with_piece(const Gold& gold, int step, std::size_t place,
                                        const std::string& piece, Random& random) {
  Pieces pieces = gold.pieces(step);
  if (place >= pieces.size() || piece == pieces[place]) return std::nullopt;
  pieces[place] = piece;
  const Expression wrong = Expression::read(piece);
  if (wrong.readable() && wrong.letters().empty() && random.below(2) == 0) {
    const auto states = reduction(wrong.parenthesised());
    pieces.resize(place + 1);
    pieces.insert(pieces.end(), states.begin(), states.end());
  }
  const int64_t result = read_integer(pieces.back()).value_or(0);
  return made(joined(joined(gold.before(step), {gold.line(step, step, pieces)}),
                     after_step(gold, step, result, random)),
              step);
}

using Change = std::string (*)(std::string, Random&);

template <Change change>
std::optional<InjectedError> changed_definition(const Gold& gold, Random& random) {
  Worksheet sheet = gold.sheet;
  auto& definition = sheet.definitions[random.below(sheet.definitions.size())].second;
  const std::string wrong = change(definition, random);
  if (wrong == definition) return std::nullopt;
  definition = wrong;
  const Lines first = {partition_step(sheet)};
  if (!Expression::read(wrong).readable() || random.below(2) == 0)
    return made(joined(first, gold.from(2)), 1);
  sheet.results = {};
  sheet.final_result.reset();
  return made(joined(first, remaining_steps(sheet)), 1);
}

std::optional<InjectedError> swapped_letters(const Gold& gold, Random& random) {
  const auto& definitions = gold.sheet.definitions;
  const auto& [first, first_leaf] = random.pick(definitions);
  const auto& [second, second_leaf] = random.pick(definitions);
  if (first_leaf == second_leaf) return std::nullopt;
  Worksheet sheet = gold.sheet;
  for (char& c : sheet.equation) c = c == first ? second : c == second ? first : c;
  return made(joined({partition_step(sheet)}, gold.from(2)), 1);
}

template <Change change>
std::optional<InjectedError> changed_piece(const Gold& gold, Random& random) {
  const int step = any_step(gold, random);
  const auto place = random.below(gold.pieces(step).size());
  if (gold.is_combination(step) && place == 0) return std::nullopt;  // letters: changed_equation
  return with_piece(gold, step, place, change(gold.pieces(step)[place], random), random);
}

std::optional<InjectedError> wrong_result(const Gold& gold, Random& random) {
  const int step = any_step(gold, random);
  const Pieces& pieces = gold.pieces(step);
  return with_piece(gold, step, pieces.size() - 1, with_other_number(pieces.back(), random),
                    random);
}

std::optional<InjectedError> wrong_copy(const Gold& gold, Random& random) {
  const int step = any_calculation(gold, random);
  return with_piece(gold, step, 0, with_other_number(gold.pieces(step)[0], random), random);
}

std::optional<InjectedError> wrong_substitution(const Gold& gold, Random& random) {
  const int step = gold.num_letters() + 2;
  return with_piece(gold, step, 1, with_other_number(gold.pieces(step)[1], random), random);
}

std::optional<InjectedError> changed_equation(const Gold& gold, Random& random) {
  const int step = gold.num_letters() + 2;
  const std::string equation = with_other_operation(gold.sheet.equation, random);
  if (equation == gold.sheet.equation) return std::nullopt;
  const Pieces pieces = combination_pieces(equation, gold.sheet.results);
  const int64_t result = read_integer(pieces.back()).value_or(0);
  return made(joined(gold.before(step), {combination_step(step, pieces), final_step(result)}),
              step);
}

std::optional<InjectedError> wrong_letter(const Gold& gold, Random& random) {
  const int step = any_calculation(gold, random);
  const auto& [other, leaf] = random.pick(gold.sheet.definitions);
  if (leaf == gold.pieces(step)[0]) return std::nullopt;
  const std::string wrong = calculation_step(step, other, gold.pieces(step));
  // A letter that is calculated already is a mistake as well, at the same step.
  return made(joined(joined(gold.before(step), {wrong}), gold.from(step + 1)), step);
}

std::optional<InjectedError> wrong_answer(const Gold& gold, Random& random) {
  return made(joined(gold.before(gold.num_letters() + 3),
                     {final_step(other_number(gold.question.value, random))}),
              kFinalStep);
}

std::optional<InjectedError> unfinished_calculation(const Gold& gold, Random& random) {
  const int step = any_step(gold, random);
  Pieces pieces = gold.pieces(step);
  pieces.pop_back();
  if (pieces.size() < 2 || read_integer(pieces.back())) return std::nullopt;
  return made(
      joined(joined(gold.before(step), {gold.line(step, step, pieces)}), gold.from(step + 1)),
      step);
}

// The step's result is missed where it is needed: at the final equation, or at the answer.
std::optional<InjectedError> skipped_step(const Gold& gold, Random& random) {
  const int skipped = any_step(gold, random);
  const bool renumbers = random.below(2) == 0;
  Lines lines = gold.before(skipped);
  for (int step = skipped + 1; step <= gold.num_letters() + 2; ++step)
    lines.push_back(gold.line(renumbers ? step - 1 : step, step));
  lines.push_back(final_step(gold.question.value));
  if (gold.is_combination(skipped)) return made(lines, kFinalStep);
  return made(lines, gold.num_letters() + (renumbers ? 1 : 2));
}

std::optional<InjectedError> repeated_step(const Gold& gold, Random& random) {
  const int step = any_step(gold, random);
  const int number = step + static_cast<int>(random.below(2));
  Lines lines = joined(gold.before(step + 1), {gold.line(number, step)});
  for (int later = step + 1; later <= gold.num_letters() + 2; ++later)
    lines.push_back(gold.line(later + number - step, later));
  lines.push_back(final_step(gold.question.value));
  return made(lines, number);
}

std::optional<InjectedError> swapped_steps(const Gold& gold, Random& random) {
  const int step = static_cast<int>(random.between(2, gold.num_letters()));
  const Lines swapped = {gold.line(step + 1, step + 1), gold.line(step, step)};
  return made(joined(joined(gold.before(step), swapped), gold.from(step + 2)), step);
}

struct Kind {
  const char* name;
  std::optional<InjectedError> (*inject)(const Gold&, Random&);
};

constexpr Kind kKinds[] = {
    {"wrong number in a definition", changed_definition<with_other_number>},
    {"wrong operation in a definition", changed_definition<with_other_operation>},
    {"dropped bracket in a definition", changed_definition<without_a_bracket>},
    {"swapped letters", swapped_letters},
    {"wrong number", changed_piece<with_other_number>},
    {"wrong sign", changed_piece<with_other_sign>},
    {"dropped bracket", changed_piece<without_a_bracket>},
    {"wrong result", wrong_result},
    {"wrong copy of a definition", wrong_copy},
    {"wrong substitution", wrong_substitution},
    {"wrong final equation", changed_equation},
    {"wrong letter", wrong_letter},
    {"wrong final answer", wrong_answer},
    {"unfinished calculation", unfinished_calculation},
    {"skipped step", skipped_step},
    {"repeated step", repeated_step},
    {"steps out of order", swapped_steps},
};

}  // namespace

std::optional<InjectedError> inject_arithmetic_error(const Problem& problem, Random& random) {
  const auto gold = gold_of(problem);
  if (!gold) return std::nullopt;
  for (;;) {
    // Not every kind fits every step (a zero has no other sign): then another is drawn. A wrong
    // answer always fits.
    const Kind& kind = kKinds[random.below(std::size(kKinds))];
    if (auto injected = kind.inject(*gold, random)) {
      injected->kind = kind.name;
      return injected;
    }
  }
}

std::vector<std::string> arithmetic_error_kinds() {
  std::vector<std::string> names;
  for (const Kind& kind : kKinds) names.emplace_back(kind.name);
  return names;
}

}  // namespace tripost
