#include "task/arithmetic_checker.h"

#include <fmt/format.h>

#include <algorithm>

#include "task/feedback_text.h"
#include "task/lines.h"

namespace tripost {
namespace {

constexpr std::string_view kFinalOpening = "(Final response)";

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_small(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool has_capital(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_capital);
}

LineFault invalid(std::string_view segment, Fault fault) {
  std::string reason = "it is an invalid equation";
  if (fault == Fault::kBracketsDoNotMatch)
    reason += " as the number of left and right brackets do not match";
  if (fault == Fault::kTooLarge) reason += " as it has a number too large to be calculated";
  return mistake(segment, std::move(reason));
}

// "(7 - 1 + 2), " to "(7 - 1 + 2)"; without any closing bracket the text is kept, for a message
// about it.
std::string_view definition_in(std::string_view text) {
  const std::size_t close = text.rfind(')');
  if (close != std::string_view::npos) return text.substr(0, close + 1);
  const std::size_t last = text.find_last_not_of(" ,.");
  return text.substr(0, last + 1);
}

std::string without_brackets(std::string text) {
  std::erase_if(text, [](char c) { return c == '(' || c == ')' || c == ' '; });
  return text;
}

// What stands between two equals signs.
struct Piece {
  std::string text;
  Expression expression;
  Computed values;
};

Piece read_piece(const std::string& text) {
  Piece piece{text, Expression::read(text), {}};
  piece.values = compute(piece.expression);
  return piece;
}

// An equal value is not enough: wrong parts can cancel out. For "(0 * -1 * -8) = (0 * (-1 * -8))":
// grouping another way is right whenever the value is.
bool follows_from(const Piece& from, const Piece& to) {
  return reduces_to(from.expression, from.values, to.expression) ||
         (from.values.value == to.values.value &&
          without_brackets(from.text) == without_brackets(to.text)) ||
         rewrites_to(from.expression, from.values, to.expression, to.values);
}

}  // namespace

std::optional<NumberedLine> read_numbered_line(std::string_view line) {
  const std::size_t close = line.find(')');
  if (!line.starts_with('(') || close == std::string_view::npos) return std::nullopt;
  const std::string_view digits = line.substr(1, close - 1);
  if (digits.empty() || digits.size() > 9 || !std::all_of(digits.begin(), digits.end(), is_digit))
    return std::nullopt;
  std::string_view text = line.substr(close + 1);
  if (!text.starts_with(' ') || text.size() < 3) return std::nullopt;
  text.remove_prefix(1);
  if (!is_capital(text[0]) && !is_small(text[0]) && !is_digit(text[0])) return std::nullopt;
  return NumberedLine{static_cast<int>(*read_integer(digits)), text};
}

ArithmeticChecker::ArithmeticChecker(const ArithmeticQuestion& question) : question_(question) {}

std::optional<LineFault> ArithmeticChecker::check(std::string_view line) {
  previous_step_ = step_;
  step_.clear();
  if (finished_) return unreadable("there is text after the final response");
  if (line.starts_with(kFinalOpening)) {
    step_ = kFinalStep;
    return check_final(line.substr(kFinalOpening.size()));
  }
  const auto numbered = read_numbered_line(line);
  if (!numbered) return unreadable("it does not open with a step number like \"(2) Let's\"");
  step_ = std::to_string(numbered->number);
  if (auto fault = check_number(numbered->number)) return fault;
  sheet_.last_step = numbered->number;
  const std::string_view text = numbered->text;
  if (!text.ends_with('.')) return unreadable("it does not end with a full stop");
  if (find_any_case(text, "this equation can be written as") != std::string_view::npos)
    return check_partition(text);
  if (find_any_case(text, "let's calculate") != std::string_view::npos)
    return check_calculation(text);
  if (contains(text, "the final equation is")) return check_combination(text);
  return unreadable("it is none of the known sentences");
}

// Gaps are allowed: a missing step shows where its result is needed.
std::optional<LineFault> ArithmeticChecker::check_number(int number) {
  if (number == sheet_.last_step && number > 0)
    return mistake(fmt::format("({})", number),
                   fmt::format("there is already a step ({})", number));
  if (number <= sheet_.last_step || number == 0)
    return mistake(fmt::format("({})", number),
                   fmt::format("it is out of order, the number of this step should be ({})",
                               sheet_.last_step + 1));
  return std::nullopt;
}

std::optional<LineFault> ArithmeticChecker::check_partition(std::string_view text) {
  const std::size_t open = text.find('"');
  const std::size_t close = open == std::string_view::npos ? open : text.find("\",", open + 1);
  if (close == std::string_view::npos)
    return unreadable("it has no equation in quotes followed by a comma");
  const std::string equation(trimmed(text.substr(open + 1, close - open - 1)));
  if (auto fault = read_definitions(text.substr(close + 2), text)) return fault;
  if (sheet_.definitions.size() < std::min<std::size_t>(2, question_.leaves.size()))
    return unreadable("it defines fewer than two letters");
  const Expression parsed = Expression::read(equation);
  if (!parsed.readable()) return invalid(equation, parsed.fault());
  for (const auto& [letter, unused] : sheet_.definitions) {
    if (!contains(parsed.letters(), {&letter, 1}))
      return unreadable(fmt::format("its equation does not use {}", letter));
  }
  if (!same_expression(parsed, question_.parsed, definitions_))
    return mistake(text, "it is not consistent with the original equation: " +
                             question_.without_outer_brackets());
  sheet_.equation = equation;
  defined_in_ = sheet_.last_step;
  last_result_.reset();
  return std::nullopt;
}

// Every "A = (...)": the definition goes on to the last bracket before the next letter of either
// case. Missing brackets are looked into here rather than taken for a missing definition, as the
// reference does.
std::optional<LineFault> ArithmeticChecker::read_definitions(std::string_view text,
                                                             std::string_view whole) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_capital(text[i]) || !text.substr(i + 1).starts_with(" = ")) continue;
    const char letter = text[i];
    const std::size_t begin = i + 4;
    std::size_t end = begin;
    while (end < text.size() && !is_capital(text[end]) && !is_small(text[end])) ++end;
    const std::string_view definition = definition_in(text.substr(begin, end - begin));
    if (definition.empty()) continue;
    i = end - 1;
    auto& known = definitions_[letter_index(letter)];
    if (known) return mistake(whole, fmt::format("{} is defined more than once", letter));
    known = Expression::read(definition);
    const Fault fault = compute(*known).fault;
    if (fault != Fault::kNone) return invalid(definition, fault);
    sheet_.definitions.emplace_back(letter, definition);
  }
  return std::nullopt;
}

std::optional<LineFault> ArithmeticChecker::check_calculation(std::string_view text) {
  constexpr std::string_view kCalculate = "calculate ";
  const std::size_t found = find_any_case(text, kCalculate);
  text.remove_prefix(found == std::string_view::npos ? 0 : found + kCalculate.size());
  if (!text.substr(1).starts_with(" = ") || !is_capital(text[0]))
    return unreadable("it does not name a letter and an equals sign after \"calculate\"");
  const char letter = text[0];
  text.remove_prefix(4);
  text.remove_suffix(1);
  const auto pieces = split_trimmed(text, '=');
  if (const int step = calculated_in_[letter_index(letter)])
    return mistake(fmt::format("{} = {}", letter, pieces.front()),
                   fmt::format("{} has already been calculated in step ({})", letter, step));
  const Fault fault = compute(Expression::read(pieces.front())).fault;
  if (fault != Fault::kNone) return invalid(pieces.front(), fault);
  if (auto wrong = check_against_definition(letter, pieces.front())) return wrong;
  int64_t result = 0;
  if (auto wrong = check_chain(pieces, result)) return wrong;
  calculated_in_[letter_index(letter)] = sheet_.last_step;
  sheet_.results[letter_index(letter)] = last_result_ = result;
  return std::nullopt;
}

std::optional<LineFault> ArithmeticChecker::check_against_definition(char letter,
                                                                     const std::string& piece) {
  const auto& definition = definitions_[letter_index(letter)];
  if (!definition)
    return mistake(fmt::format("{} = {}", letter, piece),
                   fmt::format("{} has not been defined in previous steps", letter));
  const Expression written = Expression::read(piece);
  if (same_expression(written, *definition)) return std::nullopt;
  // The bare result is short, not wrong.
  if (written.is_number() && compute(written).value == compute(*definition).value)
    return std::nullopt;
  return mistake(piece, fmt::format("it is not consistent with the definition of {} in step ({})",
                                    letter, defined_in_));
}

std::optional<LineFault> ArithmeticChecker::check_combination(std::string_view text) {
  std::string_view rest = *after(text, "the final equation is");
  rest.remove_suffix(1);
  auto pieces = split_trimmed(rest, '=');
  if (pieces.size() < 2 || !has_capital(pieces[0]))
    return unreadable("it does not have an equation of letters and one of numbers");
  if (combined_in_ > 0)
    return mistake(
        pieces[0],
        fmt::format("the final equation has already been calculated in step ({})", combined_in_));
  if (auto wrong = check_equation(pieces[0], pieces[1])) return wrong;
  pieces.erase(pieces.begin());  // the letters
  int64_t result = 0;
  if (auto wrong = check_chain(pieces, result)) return wrong;
  combined_in_ = sheet_.last_step;
  sheet_.final_result = last_result_ = result;
  return std::nullopt;
}

std::optional<LineFault> ArithmeticChecker::check_equation(const std::string& equation,
                                                           const std::string& substitution) {
  const std::string both = fmt::format("{} = {}", equation, substitution);
  for (const char letter : equation) {
    if (is_capital(letter) && !sheet_.results[letter_index(letter)])
      return mistake(both, fmt::format("{} has not been calculated in previous steps", letter));
  }
  const Expression letters = Expression::read(equation);
  const Piece expected{substituted(equation, sheet_.results), letters,
                       compute(letters, sheet_.results)};
  if (expected.values.fault != Fault::kNone) return invalid(equation, expected.values.fault);
  const Piece written = read_piece(substitution);
  const Fault fault = written.values.fault;
  if (fault == Fault::kUnknownLetter) return unreadable("its second equation has letters");
  if (fault != Fault::kNone) return invalid(substitution, fault);
  if (!follows_from(expected, written))
    return mistake(both, "this substitution is incosistent with the results in the previous steps");
  if (!same_expression(letters, question_.parsed, definitions_))
    return mistake(equation, "this equation is inconsistent with the question statement");
  return std::nullopt;
}

std::optional<LineFault> ArithmeticChecker::check_chain(const std::vector<std::string>& pieces,
                                                        int64_t& result) {
  Piece left = read_piece(pieces.front());
  if (left.values.fault != Fault::kNone) return invalid(left.text, left.values.fault);
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    // "= 0. This means that B = 0": what comes after the full stop is no piece.
    const std::size_t stop = pieces[i].find(". ");
    Piece right = read_piece(pieces[i].substr(0, stop));
    if (right.values.fault != Fault::kNone) return invalid(right.text, right.values.fault);
    const std::string both = fmt::format("{} = {}", left.text, right.text);
    if (left.values.value != right.values.value)
      return mistake(
          both, fmt::format("{}{} is not equal to {}", kCalculationError, left.text, right.text));
    if (!follows_from(left, right))
      return mistake(both, fmt::format("{}{} does not follow from {}", kCalculationError,
                                       right.text, left.text));
    if (stop != std::string::npos) return unreadable("it goes on after its result");
    left = std::move(right);
  }
  if (!left.expression.is_number())
    return mistake(pieces.back(), "it has not been calculated to a single number");
  result = left.values.value;
  return std::nullopt;
}

std::optional<LineFault> ArithmeticChecker::check_final(std::string_view text) {
  if (!text.ends_with('.')) return unreadable("it does not end with a full stop");
  if (!contains(text, "So the answer is"))
    return unreadable("it does not say \"So the answer is\"");
  std::string_view answer = *after(text, "the answer is");
  if (answer.starts_with(' ')) answer.remove_prefix(1);
  const std::size_t sign = answer.starts_with('-') ? 1 : 0;
  const std::size_t end = std::min(answer.find_first_not_of("0123456789", sign), answer.size());
  if (end == sign || answer.substr(end) != ".")
    return unreadable("its answer is not an integer followed by a full stop");
  answer = answer.substr(0, end);
  const std::string segment = fmt::format("the answer is {}.", answer);
  // Left empty when the number does not fit: then it is not the result either.
  const auto number = read_integer(answer);
  if (!last_result_)
    return mistake(segment, "the final equation has not been calculated in previous steps");
  if (number != last_result_)
    return mistake(segment, fmt::format("this answer is inconsistent with the result in step ({})",
                                        previous_step_));
  if (combined_in_ == 0)
    return mistake(segment, "the final equation has not been calculated in previous steps");
  finished_ = true;
  return std::nullopt;
}

LineReport check_arithmetic(const ArithmeticQuestion& question, std::string_view attempt) {
  ArithmeticChecker checker(question);
  return check_lines(checker, attempt);
}

}  // namespace tripost
