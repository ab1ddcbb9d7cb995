// The tables of a report as HTML.
#pragma once

#include <string>
#include <vector>

#include "report/data.h"

namespace tripost {

// Accuracies and paired differences, levels folded away; then what self-correction did, and, apart,
// what stopping at the right answer would have got. Empty without lines.
std::string score_tables(const std::vector<ComparisonLine>& lines, const std::string& reference);

// Whether the model mends its wrong attempts when the task itself says what is wrong with them,
// levels folded away. Empty without rows.
std::string diagnosis_table(const std::vector<DiagnosisRow>& rows);

// What the table of the diagnosis says, in one paragraph of plain text.
inline constexpr const char* kDiagnosisLegend =
    "Every wrong attempt gets the task's own feedback, and the model one update. asked: how many; "
    "right, further, unchanged: % of them whose update is right, is wrong but first in a later "
    "line, is the attempt again. seen, unseen: the test's first attempts; sampled: attempts on "
    "held-out questions as the next iteration would sample them. Over all seeds. A diagnosis and "
    "no score: the task knows the answer.";
// Its cells behind the words: questions asked, then updates that are right, got further, changed
// nothing, in per cent of them.
std::vector<std::string> diagnosis_cells(const DiagnosisCounts& counts);

// How the training attempts of each iteration were edited. Empty without any.
std::string outcome_table(const std::vector<OutcomeCounts>& outcomes);

}  // namespace tripost
