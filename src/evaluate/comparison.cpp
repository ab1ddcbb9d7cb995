#include "evaluate/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.h"

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

std::vector<Graded> final_answers_of(const std::vector<Result>& questions, const Subset& subset) {
  std::vector<Graded> answers;
  for (const Result& result : questions) {
    if (belongs(result, subset)) answers.push_back({result.problem_id, result.final_correct});
  }
  return answers;
}

// Of each seed, the results of the reference's last iteration that this seed was tested after.
using Reference = std::map<uint64_t, const MethodResults*>;

Reference reference_of(const std::vector<MethodResults>& results, const std::string& task,
                       const std::string& reference) {
  Reference last;
  for (const MethodResults& candidate : results) {
    if (candidate.task != task || candidate.method != reference) continue;
    for (const auto& [seed, questions] : candidate.seeds) {
      const MethodResults*& found = last[seed];
      if (!found || candidate.iteration > found->iteration) found = &candidate;
    }
  }
  return last;
}

PairedDifference difference_to(const Reference& reference, const MethodResults& results,
                               const Subset& subset) {
  GradedSeeds these, those;
  for (const auto& [seed, questions] : results.seeds) {
    const auto found = reference.find(seed);
    if (found == reference.end() || found->second == &results) continue;
    these[seed] = final_answers_of(questions, subset);
    those[seed] = final_answers_of(found->second->seeds.at(seed), subset);
  }
  return paired_difference(these, those, 0);
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

ComparisonLine line_of(const MethodResults& results, const Reference& reference,
                       const Subset& subset) {
  ComparisonLine line{.all_at_once = results.all_at_once,
                      .seeds = static_cast<int>(results.seeds.size()),
                      .missing = reasons(results)};
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
  if (!subset.is_level) line.to_reference = difference_to(reference, results, subset);
  return line;
}

Json to_json(const PairedDifference& difference) {
  Json by_seed = Json::object();
  for (const auto& [seed, found] : difference.by_seed) {
    by_seed[std::to_string(seed)] = {{"difference", found.difference},
                                     {"only_this", found.only_a},
                                     {"only_reference", found.only_b},
                                     {"p", found.p}};
  }
  return {{"questions", difference.num_questions},
          {"pairs", difference.num_pairs},
          {"difference", difference.difference},
          {"ci95", {difference.interval.low, difference.interval.high}},
          {"only_this", difference.only_a},
          {"only_reference", difference.only_b},
          {"p", difference.p},
          {"by_seed", std::move(by_seed)}};
}

SeedDifference seed_difference_from_json(const Json& value, const std::string& where) {
  return {.difference = number_field(value, "difference", where),
          .only_a = static_cast<int>(integer_field(value, "only_this", where)),
          .only_b = static_cast<int>(integer_field(value, "only_reference", where)),
          .p = number_field(value, "p", where)};
}

uint64_t seed_from_key(const std::string& key, const std::string& where) {
  uint64_t seed = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), seed);
  if (error != std::errc() || end != key.data() + key.size())
    fail("{}: \"by_seed\" should have seeds as keys, not \"{}\"", where, key);
  return seed;
}

PairedDifference difference_from_json(const Json& value, const std::string& where) {
  PairedDifference difference = {
      .num_questions = static_cast<int>(integer_field(value, "questions", where)),
      .num_pairs = static_cast<int>(integer_field(value, "pairs", where)),
      .difference = number_field(value, "difference", where),
      .interval = interval_field(value, "ci95", where),
      .only_a = static_cast<int>(integer_field(value, "only_this", where)),
      .only_b = static_cast<int>(integer_field(value, "only_reference", where)),
      .p = number_field(value, "p", where)};
  if (!value.contains("by_seed") || !value["by_seed"].is_object())
    fail("{}: the field \"by_seed\" is missing: run the command that made it again", where);
  for (const auto& [key, found] : value["by_seed"].items())
    difference.by_seed[seed_from_key(key, where)] = seed_difference_from_json(found, where);
  return difference;
}

}  // namespace

std::vector<ComparisonLine> compare_methods(const std::vector<MethodResults>& results,
                                            const std::string& reference) {
  std::vector<ComparisonLine> lines;
  for (const MethodResults& method : results) {
    const Reference to = reference_of(results, method.task, reference);
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
  if (line.all_at_once) value["all_at_once"] = true;
  if (line.to_reference.num_questions > 0) value["to_reference"] = to_json(line.to_reference);
  return value;
}

ComparisonLine comparison_line_from_json(const Json& value, const std::string& where) {
  Json row = value;
  row["seed"] = 0;
  row["seconds"] = 0.0;
  ComparisonLine line{.row = score_row_from_json(row, where),
                      .all_at_once = value.value("all_at_once", false),
                      .seeds = static_cast<int>(integer_field(value, "seeds", where)),
                      .missing = value.value("missing", std::string())};
  if (value.contains("to_reference"))
    line.to_reference = difference_from_json(value["to_reference"], where);
  return line;
}

std::string when_tested(const ComparisonLine& line) {
  return line.all_at_once ? "all steps at once"
                          : fmt::format("iteration {}", line.row.labels.iteration);
}

}  // namespace tripost
