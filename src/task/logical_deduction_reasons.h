// Why a pattern or a claim does not follow, in words: the reasons that feedback on logical
// deduction gives.
#pragma once

#include <string>

#include "task/logical_deduction_pattern.h"
#include "task/logical_deduction_question.h"
#include "task/ordering.h"

namespace tripost {

// Where something would have to follow from, and what that says.
struct DeductionSource {
  std::string name;     // "steps (1) and (2)", "the statement"
  bool plural = false;  // they say, it says
  OrderingSet meaning;
};

// Why the bound, which the source does not always meet, is wrong.
std::string why_not(const DeductionQuestion& question, const DeductionSource& source,
                    const Bound& bound);

// The same for the first wrong bound of a pattern; empty when the whole pattern follows.
std::string why_not(const DeductionQuestion& question, const DeductionSource& source,
                    const Pattern& pattern);

}  // namespace tripost
