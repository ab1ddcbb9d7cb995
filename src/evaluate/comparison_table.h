// The comparison as tables, task by task: accuracies, paired differences, and what self-correction
// did.
//
// As aligned text for 100 columns and Markdown for people, LaTeX for a paper, CSV with every
// figure for programs; all but CSV end with what the figures mean. Methods without results have a
// row that says so. Single levels are in the CSV only.
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
// "+2.1 +3.0 -0.4", in points, in the order of seeds; "+2.1 +3.0 (2 of 3)" where fewer are paired
// than the line has.
std::string by_seed_text(const ComparisonLine& line);

// What the difference, its interval, p and the figures by seed are, a sentence each.
std::vector<std::string> difference_legend(const std::string& reference);

}  // namespace tripost
