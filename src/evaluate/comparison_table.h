// The comparison as tables: accuracies with paired differences, and what self-correction did.
//
// As aligned text and Markdown for people, LaTeX for a paper, CSV with every figure for programs.
// Methods without results have a row that says so. The lines of single levels are in the CSV only.
#pragma once

#include <string>
#include <vector>

#include "evaluate/comparison.h"

namespace tripost {

enum class TableFormat { kText, kMarkdown, kLatex, kCsv };

std::string comparison_table(const std::vector<ComparisonLine>& lines, const std::string& reference,
                             TableFormat format);

// "+3.2 [+0.8, +5.6]", in points; a dash where nothing is compared.
std::string difference_text(const PairedDifference& difference);
// "0.012", "<0.001"; a dash where nothing is compared.
std::string p_text(const PairedDifference& difference);

}  // namespace tripost
