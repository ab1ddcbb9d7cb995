// Writing the steps of multistep arithmetic, in the words and numbers of the reference's
// rationales.
//
// A Worksheet is what the steps written so far have established. A gold rationale is an empty
// worksheet written to its end; an improvement is the worksheet of the kept steps written to its
// end, in their letters and their order.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "task/arithmetic_question.h"

namespace tripost {

struct Worksheet {
  std::string equation;  // "(A - B)"; empty before step (1)
  std::vector<std::pair<char, std::string>>
      definitions;                      // letter and expression, as step (1) lists them
  LetterValues results;                 // of the letters calculated so far
  std::optional<int64_t> final_result;  // of the final equation
  int last_step = 0;                    // number of the last step
};

// Longer calculations (operations in the question) are not written: their text grows with the
// square of it.
inline constexpr int kMostOperations = 400;

// The worksheet after step (1) of the gold rationale. nullopt when the question has no brackets,
// more than 26 leaves or too many operations: it has a value, but no rationale in this form.
std::optional<Worksheet> gold_worksheet(const ArithmeticQuestion& question);

// Step (1) as the reference words it.
std::string partition_step(const Worksheet& sheet);

// The steps that are still missing, the final response included. The worksheet has its equation and
// definitions, all of them readable, and no letter in the equation without a definition.
std::vector<std::string> remaining_steps(Worksheet sheet);

// The states on the way from a readable expression without letters to its value, innermost brackets
// first, one at a time, as the reference goes (two equal brackets give the same state twice). Empty
// when the expression is a plain number.
std::vector<std::string> reduction(std::string_view expression);

// "(3) Let's calculate B = (...) = ... = 14." from the pieces between the equals signs, and the two
// other kinds of step.
std::string calculation_step(int number, char letter, const std::vector<std::string>& pieces);
std::string combination_step(int number, const std::vector<std::string>& pieces);
std::string final_step(int64_t result);

// The pieces of a leaf's calculation: itself, fully parenthesised, reduced. And of the final
// equation: itself, with results for letters, reduced.
std::vector<std::string> calculation_pieces(const std::string& expression);
std::vector<std::string> combination_pieces(const std::string& equation,
                                            const LetterValues& results);

// The equation's text with each letter replaced by its value.
std::string substituted(const std::string& equation, const LetterValues& results);

}  // namespace tripost
