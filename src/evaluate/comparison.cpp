#include "evaluate/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tripost {
namespace {

// Some of the questions: those of a level, of all seen or unseen ones, or all.
struct Subset {
  std::string name;
  std::optional<bool> seen;
  bool is_level = false;
};

const std::vector<Subset> kSummaries = {{"seen", true}, {"unseen", false}, {"total", {}}};

bool belongs(const Result& result, const Subset& subset) {
  return subset.is_level ? result.level == subset.name
                         : !subset.seen || result.seen == *subset.seen;
}

std::vector<Subset> subsets_of(const MethodResults& results) {
  std::vector<Subset> subsets;
  for (const auto& [seed, questions] : results.seeds) {
    for (const Result& result : questions) {
      const bool known = result.level.empty() ||
                         std::any_of(subsets.begin(), subsets.end(), [&](const Subset& subset) {
                           return subset.name == result.level;
                         });
      if (!known) subsets.push_back({result.level, result.seen, true});
    }
  }
  std::stable_partition(subsets.begin(), subsets.end(),
                        [](const Subset& subset) { return *subset.seen; });
  subsets.insert(subsets.end(), kSummaries.begin(), kSummaries.end());
  return subsets;
}

// The final answers of those seeds that `other` has too, seed after seed, so that equal places pair
// equal seeds.
std::vector<Graded> final_answers_of(const MethodResults& results, const MethodResults& other,
                                     const Subset& subset) {
  std::vector<Graded> answers;
  for (const auto& [seed, questions] : results.seeds) {
    if (!other.seeds.contains(seed)) continue;
    for (const Result& result : questions) {
      if (belongs(result, subset)) answers.push_back({result.problem_id, result.final_correct});
    }
  }
  return answers;
}

// nullptr when the reference has no results on the task.
const MethodResults* reference_of(const std::vector<MethodResults>& results,
                                  const std::string& task, const std::string& reference) {
  const MethodResults* found = nullptr;
  for (const MethodResults& candidate : results) {
    if (candidate.task == task && candidate.method == reference && !candidate.seeds.empty() &&
        (!found || candidate.iteration > found->iteration))
      found = &candidate;
  }
  return found;
}

Interval interval_on(int n, double share) {
  return wilson_interval(static_cast<int>(std::lround(share * n)), n);
}

std::string reasons(const MethodResults& results) {
  std::string text;
  for (const auto& [seed, why] : results.missing)
    text += fmt::format("{}seed {}: {}", text.empty() ? "" : "; ", seed, why);
  return text;
}

ComparisonLine line_of(const MethodResults& results, const MethodResults* reference,
                       const Subset& subset) {
  ComparisonLine line{.seeds = static_cast<int>(results.seeds.size()), .missing = reasons(results)};
  std::vector<const Result*> answers;
  for (const auto& [seed, questions] : results.seeds) {
    for (const Result& result : questions) {
      if (belongs(result, subset)) answers.push_back(&result);
    }
  }
  if (!answers.empty()) line.row = score_row(answers);
  ScoreRow& row = line.row;
  row.task = results.task;
  row.labels = {.method = results.method, .iteration = results.iteration};
  row.subset = subset.name;
  if (subset.is_level) row.seen = subset.seen;
  if (answers.empty()) return line;
  row.n /= line.seeds;
  row.ci95_first = interval_on(row.n, row.accuracy_first);
  row.ci95 = interval_on(row.n, row.accuracy_final);
  if (reference && reference != &results && !subset.is_level) {
    line.to_reference = paired_difference(final_answers_of(results, *reference, subset),
                                          final_answers_of(*reference, results, subset), 0);
  }
  return line;
}

}  // namespace

std::vector<ComparisonLine> compare_methods(const std::vector<MethodResults>& results,
                                            const std::string& reference) {
  std::vector<ComparisonLine> lines;
  for (const MethodResults& method : results) {
    const MethodResults* const to = reference_of(results, method.task, reference);
    for (const Subset& subset : subsets_of(method)) {
      ComparisonLine line = line_of(method, to, subset);
      if (line.row.n > 0 || (line.seeds == 0 && subset.name == "total"))
        lines.push_back(std::move(line));
    }
  }
  return lines;
}

Json scores_json(const std::vector<ScoreRow>& rows, const std::vector<ComparisonLine>& lines,
                 const std::string& reference) {
  Json scores = to_json(rows);
  scores["reference"] = reference;
  scores["lines"] = Json::array();
  for (const ComparisonLine& line : lines) scores["lines"].push_back(to_json(line));
  return scores;
}

Json to_json(const ComparisonLine& line) {
  Json value = to_json(line.row);
  value.erase("seed");
  value.erase("seconds");
  value["seeds"] = line.seeds;
  if (!line.missing.empty()) value["missing"] = line.missing;
  const PairedDifference& difference = line.to_reference;
  if (difference.num_questions > 0) {
    value["to_reference"] = {{"questions", difference.num_questions},
                             {"pairs", difference.num_pairs},
                             {"difference", difference.difference},
                             {"ci95", {difference.interval.low, difference.interval.high}},
                             {"only_this", difference.only_a},
                             {"only_reference", difference.only_b},
                             {"p", difference.p}};
  }
  return value;
}

ComparisonLine comparison_line_from_json(const Json& value, const std::string& where) {
  Json row = value;
  row["seed"] = 0;
  row["seconds"] = 0.0;
  ComparisonLine line{.row = score_row_from_json(row, where),
                      .seeds = static_cast<int>(integer_field(value, "seeds", where)),
                      .missing = value.value("missing", std::string())};
  if (!value.contains("to_reference")) return line;
  const Json& found = value["to_reference"];
  line.to_reference = {.num_questions = static_cast<int>(integer_field(found, "questions", where)),
                       .num_pairs = static_cast<int>(integer_field(found, "pairs", where)),
                       .difference = number_field(found, "difference", where),
                       .interval = interval_field(found, "ci95", where),
                       .only_a = static_cast<int>(integer_field(found, "only_this", where)),
                       .only_b = static_cast<int>(integer_field(found, "only_reference", where)),
                       .p = number_field(found, "p", where)};
  return line;
}

}  // namespace tripost
