// The comparison for programs: every line, single levels too, and every figure in a column of its
// own.
//
// Shares are in 0..1, and a cell is empty where there is no figure. By seed means "42:0.021 43:..."
// in one cell, since how many seeds there are differs from run to run.
#pragma once

#include <string>
#include <vector>

#include "evaluate/comparison.h"

namespace tripost {

std::string comparison_csv(const std::vector<ComparisonLine>& lines);

}  // namespace tripost
