// Reads and checks the steps of one attempt at a multistep arithmetic question, in the order they
// were written.
//
// Promises: the first wrong step is found whatever follows it; a line that cannot be read counts
// only when everything before it is right; time linear in each line; nothing throws. A step is
// right when it follows from the steps before it, not merely when its number happens to fit:
// calculations must be of the letter's definition, and an equal value does not excuse wrong parts
// that cancel out or are multiplied by zero. What follows is a piece with some parts calculated,
// signs written another way ("5 + 3" for "5 - -3"), terms or factors grouped or ordered another way
// (rewrites_to in expression.h); other algebra (a factor multiplied out, say) is not recognised,
// and called wrong.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "task/arithmetic_question.h"
#include "task/arithmetic_rationale.h"
#include "task/line_check.h"

namespace tripost {

// What the reason of a wrong calculation opens with, in the reference's words.
inline constexpr const char* kCalculationError = "there is an calculation error, since ";

class ArithmeticChecker {
 public:
  explicit ArithmeticChecker(const ArithmeticQuestion& question);

  // The next line. After a fault the checker is not used again.
  std::optional<LineFault> check(std::string_view line);

  // The step this line calls itself, and that of the line before: "2" or "Final response"; empty
  // when there is none.
  const std::string& step() const { return step_; }
  const std::string& previous_step() const { return previous_step_; }
  bool finished() const { return finished_; }
  // What the right steps so far have established.
  const Worksheet& sheet() const { return sheet_; }

 private:
  std::optional<LineFault> check_number(int number);
  std::optional<LineFault> check_partition(std::string_view text);
  std::optional<LineFault> read_definitions(std::string_view text, std::string_view whole);
  std::optional<LineFault> check_calculation(std::string_view text);
  std::optional<LineFault> check_against_definition(char letter, const std::string& piece);
  std::optional<LineFault> check_combination(std::string_view text);
  std::optional<LineFault> check_equation(const std::string& equation,
                                          const std::string& substitution);
  std::optional<LineFault> check_chain(const std::vector<std::string>& pieces, int64_t& result);
  std::optional<LineFault> check_final(std::string_view text);

  const ArithmeticQuestion& question_;
  Worksheet sheet_;
  Definitions definitions_;
  std::array<int, 26> calculated_in_{};  // step number, 0 for not yet
  std::optional<int64_t> last_result_;   // of the line before
  int combined_in_ = 0;
  int defined_in_ = 0;
  bool finished_ = false;
  std::string step_;
  std::string previous_step_;
};

LineReport check_arithmetic(const ArithmeticQuestion& question, std::string_view attempt);

// "(12) text" to its number and text; nullopt when the line does not open like a step.
struct NumberedLine {
  int number = 0;
  std::string_view text;
};
std::optional<NumberedLine> read_numbered_line(std::string_view line);

}  // namespace tripost
