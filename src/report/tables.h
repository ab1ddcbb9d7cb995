// The tables of a report as HTML.
#pragma once

#include <string>
#include <vector>

#include "report/data.h"

namespace tripost {

// Accuracies and paired differences, levels folded away; then what self-correction did, and, apart,
// what stopping at the right answer would have got. Empty without lines.
std::string score_tables(const std::vector<ComparisonLine>& lines, const std::string& reference);

// How the training attempts of each iteration were edited. Empty without any.
std::string outcome_table(const std::vector<OutcomeCounts>& outcomes);

}  // namespace tripost
