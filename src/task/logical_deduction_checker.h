// Checks an attempt at logical deduction step by step and finds the first wrong one.
//
// A clue must be one of the question's and its pattern must say what it says; a combination must
// follow from the steps it names; a conclusion must follow from the latest ordering; the final
// letter must be that of an option that does. What follows is decided exactly, on sets of
// orderings; that a question has so many objects may be used by every step. A step that is weaker
// than it could be is right. A line in other words is unreadable, with its position, and ends the
// check.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "task/line_check.h"
#include "task/logical_deduction_rationale.h"
#include "task/task.h"

namespace tripost {

class DeductionChecker {
 public:
  explicit DeductionChecker(const DeductionQuestion& question);

  // Checks the next line and, when it is right, takes it into the sheet.
  std::optional<LineFault> check(std::string_view line);

  const DeductionSheet& sheet() const { return sheet_; }
  const std::string& step() const { return step_; }
  const std::string& previous_step() const { return previous_step_; }
  bool finished() const { return finished_; }

 private:
  std::optional<LineFault> check_number(int number) const;
  std::optional<LineFault> check_clue(std::string_view text);
  std::optional<LineFault> check_count(std::string_view text);
  std::optional<LineFault> check_combination(std::string_view text);
  std::optional<LineFault> check_conclusion(std::string_view text);
  std::optional<LineFault> check_final(std::string_view text);
  // What the named steps say together; a fault when one of them says nothing about the order.
  std::optional<LineFault> keep_premises(const std::vector<int>& steps, std::string_view text,
                                         OrderingSet& meaning) const;

  const DeductionQuestion& question_;
  DeductionSheet sheet_;
  bool finished_ = false;
  std::string step_;
  std::string previous_step_;
};

// The letter, in capitals, of the first "answer is (B)" in a line, whatever its case.
std::optional<char> answer_letter(std::string_view line);

LineReport check_deduction(const DeductionQuestion& question, std::string_view attempt);

}  // namespace tripost
