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
  int counted_in = 0;      // the step that counts the objects; 0 for none
  bool concluded = false;  // whether a step says which object the right option is about
  int last_step = 0;
};

DeductionSheet empty_sheet(const DeductionQuestion& question);

// The steps that are still missing, the final response included; none when the clues leave more
// than one ordering, for which this form has no steps.
std::vector<std::string> remaining_steps(const DeductionQuestion& question, DeductionSheet sheet);

// Single steps with their numbers.
std::string clue_step(int number, const DeductionQuestion& question, const std::string& statement,
                      const Pattern& pattern);
std::string count_step(int number, const DeductionQuestion& question);
std::string combination_step(int number, const DeductionQuestion& question,
                             const std::vector<int>& premises, const Pattern& pattern);
std::string conclusion_step(int number, const DeductionQuestion& question,
                            const DeductionStatement& conclusion);
std::string final_step(const DeductionQuestion& question, std::size_t option);

// "(1)", "(1) and (2)", "(1), (2), and (3)".
std::string step_list(const std::vector<int>& steps);

}  // namespace tripost
