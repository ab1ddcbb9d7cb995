// Several methods on the same questions, each with several seeds: means, intervals and paired
// differences, and the table of them as text, Markdown, LaTeX and CSV.
//
// Intervals come from a bootstrap that draws questions and seeds again; what is drawn depends on
// the seed given, not on the order of answers. Pure functions. No method is ranked or marked as
// best: the intervals say what can be said.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "evaluate/scores.h"
#include "evaluate/statistics.h"

namespace tripost {

// All seeds of one method at one iteration on one task.
struct MethodResults {
  std::string task;
  std::string method;
  int iteration = 0;
  std::map<uint64_t, std::vector<Result>> seeds;  // the same questions in every seed
};

struct ComparisonLine {
  std::string task, method, subset;  // subset: "seen", "unseen" or "total"
  int iteration = 0;
  int n = 0;  // questions
  int seeds = 0;
  double first = 0.0, final = 0.0;  // means over seeds, in shares
  Interval final_ci95;
  double wrong_to_right = 0.0, right_to_wrong = 0.0;
  PairedDifference to_reference;  // final answers of the reference minus this method's; no
                                  // questions: not compared
};

// `reference` names the method whose last iteration all others are compared with, over the seeds
// that both have. On a task where it has no results nothing is compared.
std::vector<ComparisonLine> compare_methods(const std::vector<MethodResults>& results,
                                            const std::string& reference);

enum class TableFormat { kText, kMarkdown, kLatex, kCsv };

std::string comparison_table(const std::vector<ComparisonLine>& lines, const std::string& reference,
                             TableFormat format);

}  // namespace tripost
