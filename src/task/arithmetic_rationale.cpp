#include "task/arithmetic_rationale.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>

namespace tripost {
namespace {

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  std::string result;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t found = text.find(from, begin);
    result.append(text, begin, found - begin);
    if (found == std::string::npos) break;
    result += to;
    begin = found + from.size();
  }
  text = std::move(result);
}

std::vector<std::string> innermost(const std::string& text) {
  std::vector<std::string> groups;
  std::size_t open = std::string::npos;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') open = i;
    if (text[i] == ')' && open != std::string::npos) {
      groups.push_back(text.substr(open, i + 1 - open));
      open = std::string::npos;
    }
  }
  return groups;
}

// Brackets inside brackets that hold nothing else would be reduced one by one, each time writing
// the whole line again.
bool has_needless_brackets(const std::string& text) {
  const std::string plain = Expression::read(text).parenthesised();
  return std::count(text.begin(), text.end(), '(') >
         std::count(plain.begin(), plain.end(), '(') + 1;
}

}  // namespace

std::vector<std::string> reduction(std::string_view expression) {
  std::string current(expression);
  if (has_needless_brackets(current)) current = Expression::read(current).parenthesised();
  std::vector<std::string> states;
  for (;;) {
    const auto groups = innermost(current);
    for (const std::string& group : groups) {
      replace_all(current, group, std::to_string(compute(Expression::read(group)).value));
      states.push_back(current);
    }
    if (read_integer(current)) break;
    current = Expression::read(current).parenthesised();
    if (current.find('(') == std::string::npos) {  // a number in other words: "--6"
      states.push_back(current);
      break;
    }
  }
  return states;
}

std::string partition_step(const Worksheet& sheet) {
  std::string list;
  for (std::size_t i = 0; i < sheet.definitions.size(); ++i) {
    const auto& [letter, expression] = sheet.definitions[i];
    const bool last = i + 1 == sheet.definitions.size();
    if (i > 0) list += last ? " and " : ", ";
    list += fmt::format("{} = {}", letter, expression);
  }
  return fmt::format("(1) This equation can be written as \"{}\", where {}.", sheet.equation, list);
}

std::string calculation_step(int number, char letter, const std::vector<std::string>& pieces) {
  return fmt::format("({}) Let's calculate {} = {}.", number, letter, fmt::join(pieces, " = "));
}

std::string combination_step(int number, const std::vector<std::string>& pieces) {
  return fmt::format("({}) Then, the final equation is {}.", number, fmt::join(pieces, " = "));
}

std::string final_step(int64_t result) {
  return fmt::format("(Final response) So the answer is {}.", result);
}

std::vector<std::string> calculation_pieces(const std::string& expression) {
  std::vector<std::string> pieces = {expression, Expression::read(expression).parenthesised()};
  const auto states = reduction(pieces.back());
  pieces.insert(pieces.end(), states.begin(), states.end());
  return pieces;
}

std::vector<std::string> combination_pieces(const std::string& equation,
                                            const LetterValues& results) {
  std::vector<std::string> pieces = {equation, substituted(equation, results)};
  const auto states = reduction(pieces.back());
  pieces.insert(pieces.end(), states.begin(), states.end());
  return pieces;
}

std::string substituted(const std::string& equation, const LetterValues& results) {
  std::string text;
  for (const char c : equation) {
    const bool is_letter = c >= 'A' && c <= 'Z';
    if (is_letter && results[letter_index(c)]) {
      text += std::to_string(*results[letter_index(c)]);
    } else {
      text += c;
    }
  }
  return text;
}

std::optional<Worksheet> gold_worksheet(const ArithmeticQuestion& question) {
  if (question.leaves.empty() || question.leaves.size() > 26 ||
      question.parsed.num_operations() > kMostOperations)
    return std::nullopt;
  Worksheet sheet{.last_step = 1};
  std::size_t begin = 0;
  for (const std::string& leaf : question.leaves) {
    const std::size_t found = question.expression.find(leaf, begin);
    assert(found != std::string::npos);
    const char letter = static_cast<char>('A' + sheet.definitions.size());
    sheet.equation += question.expression.substr(begin, found - begin) + letter;
    sheet.definitions.emplace_back(letter, leaf);
    begin = found + leaf.size();
  }
  sheet.equation += question.expression.substr(begin);
  return sheet;
}

std::vector<std::string> remaining_steps(Worksheet sheet) {
  std::vector<std::string> lines;
  for (const auto& [letter, expression] : sheet.definitions) {
    auto& result = sheet.results[letter_index(letter)];
    if (result) continue;
    lines.push_back(calculation_step(++sheet.last_step, letter, calculation_pieces(expression)));
    result = compute(Expression::read(expression)).value;
  }
  if (!sheet.final_result) {
    lines.push_back(
        combination_step(++sheet.last_step, combination_pieces(sheet.equation, sheet.results)));
    sheet.final_result = compute(Expression::read(sheet.equation), sheet.results).value;
  }
  lines.push_back(final_step(*sheet.final_result));
  return lines;
}

}  // namespace tripost
