// Writing the steps of logical deduction, in the style of the reference's rationales: every clue as
// a pattern, how many objects there are, the patterns put together one by one until the order is
// known, what it says about the question, the answer.
//
// Unlike the reference's, which an LLM wrote, every step follows from the steps it names. A
// DeductionSheet is what the steps written so far have established; an improvement is the sheet of
// the kept steps written to its end.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "task/logical_deduction_pattern.h"
#include "task/logical_deduction_question.h"
#include "task/ordering.h"

namespace tripost {

// An ordering that a step has established.
struct DeductionFact {
  int step = 0;
  Pattern pattern;
  OrderingSet meaning;
  bool is_clue = false;
};

struct DeductionSheet {
  std::vector<bool> translated;  // which of the question's clues
  std::vector<DeductionFact> facts;
  std::vector<int> counted_in;  // the steps that count the objects
  bool concluded = false;       // whether a step says which object the right option is about
  int last_step = 0;
};

// One step before it is written.
struct DeductionStep {
  enum class Kind { kClue, kCount, kCombination, kConclusion, kFinal };
  Kind kind = Kind::kFinal;
  int number = 0;
  std::size_t clue = 0;          // kClue: which of the question's
  DeductionStatement statement;  // kClue: what it says; kConclusion: what follows
  std::vector<int> premises;     // kCombination: the steps that it names
  Pattern pattern;               // kClue, kCombination
  std::size_t option = 0;        // kFinal
};

DeductionSheet empty_sheet(const DeductionQuestion& question);

// Takes what a step establishes, right or wrong, into the sheet.
void take(const DeductionQuestion& question, const DeductionStep& step, DeductionSheet& sheet);

// The steps that are still missing, the final response included. None when the clues, or facts of
// the sheet that are wrong, do not leave exactly one ordering with one option in it: for that this
// form has no steps.
std::vector<DeductionStep> remaining_steps(const DeductionQuestion& question, DeductionSheet sheet);

// A step's line, its number in front.
std::string write_step(const DeductionQuestion& question, const DeductionStep& step);
std::vector<std::string> write_steps(const DeductionQuestion& question,
                                     const std::vector<DeductionStep>& steps);

// "(1)", "(1) and (2)", "(1), (2), and (3)".
std::string step_list(const std::vector<int>& steps);

}  // namespace tripost
