// Several methods on the same questions, each with several seeds: means, intervals and paired
// differences. The tables of them are in comparison_table.h.
//
// Intervals come from a bootstrap that draws questions and seeds again; what is drawn depends on
// the seed given, not on the order of answers. Pure functions. No method is ranked or marked as
// best: the intervals say what can be said.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "evaluate/scores.h"
#include "evaluate/statistics.h"

namespace tripost {

// All seeds of one method at one iteration on one task.
struct MethodResults {
  std::string task;
  std::string method;
  int iteration = 0;
  bool all_at_once = false;  // all steps in one training: `iteration` is no place on a curve
  std::map<uint64_t, std::vector<Result>> seeds;  // the same questions in every seed
  std::map<uint64_t, std::string> missing;        // seeds without results, and why
  std::map<uint64_t, double> seconds;  // what the iteration took, of each seed with results
};

struct ComparisonLine {
  // Means over seeds: n counts questions, and the intervals are on n questions, since the seeds'
  // answers to one question are not independent of each other. Its labels have no seed and no time.
  ScoreRow row;
  bool all_at_once = false;
  int seeds = 0;
  PairedDifference to_reference;  // final answers of the reference minus this method's, over the
                                  // seeds that both have; no questions: not compared
  std::string missing;            // why seeds have no results; with n = 0, all of them
};

// For each of the results: its levels, seen ones first, then seen, unseen, total; one line of n = 0
// where no seed has results. `reference` names the method that all others are compared with (levels
// apart): in each seed with the last of its iterations that this seed was tested after. No result
// is compared with itself, and none on a task where the reference has no results.
std::vector<ComparisonLine> compare_methods(const std::vector<MethodResults>& results,
                                            const std::string& reference);

// The whole of scores.json: every seed's rows, and the lines with the method they are compared
// with.
Json scores_json(const std::vector<ScoreRow>& rows, const std::vector<ComparisonLine>& lines,
                 const std::string& reference);

// "iteration 2", or "all steps at once".
std::string when_tested(const ComparisonLine& line);

// One of the "lines" of scores.json and back.
Json to_json(const ComparisonLine& line);
ComparisonLine comparison_line_from_json(const Json& value, const std::string& where);

}  // namespace tripost
