// Score rows as a table for people: aligned text for a terminal, Markdown for a page.
//
// One line per method, iteration and seed, in the order in which the rows come; figures are
// percentages. The rows are of one task. A subset without a row shows "-".
#pragma once

#include <string>
#include <vector>

#include "evaluate/scores.h"
#include "evaluate/statistics.h"

namespace tripost {

std::string text_table(const std::vector<ScoreRow>& rows);
std::string markdown_table(const std::vector<ScoreRow>& rows);

// "+3.2 points, 95% interval [+0.8, +5.6], McNemar p = 0.012, 600 questions"
std::string describe(const PairedDifference& difference);

}  // namespace tripost
