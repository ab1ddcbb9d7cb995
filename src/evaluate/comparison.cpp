#include "evaluate/comparison.h"

#include <algorithm>
#include <cmath>

namespace tripost {
namespace {

const std::vector<std::string> kSubsets = {"seen", "unseen", "total"};

bool belongs(const Result& result, const std::string& subset) {
  return subset == "total" || result.seen == (subset == "seen");
}

// The final answers of those seeds that `other` has too, seed after seed, so that equal places pair
// equal seeds.
std::vector<Graded> final_answers_of(const MethodResults& results, const MethodResults& other,
                                     const std::string& subset) {
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
    if (candidate.task == task && candidate.method == reference &&
        (!found || candidate.iteration > found->iteration))
      found = &candidate;
  }
  return found;
}

ComparisonLine line_of(const MethodResults& results, const MethodResults* reference,
                       const std::string& subset) {
  ComparisonLine line{.task = results.task,
                      .method = results.method,
                      .subset = subset,
                      .iteration = results.iteration,
                      .seeds = static_cast<int>(results.seeds.size())};
  int answers = 0;
  for (const auto& [seed, questions] : results.seeds) {
    for (const Result& result : questions) {
      if (!belongs(result, subset)) continue;
      ++answers;
      line.first += result.first_correct;
      line.final += result.final_correct;
      line.wrong_to_right += !result.first_correct && result.final_correct;
      line.right_to_wrong += result.first_correct && !result.final_correct;
    }
  }
  if (answers == 0) return line;
  line.n = answers / line.seeds;
  for (double* share : {&line.first, &line.final, &line.wrong_to_right, &line.right_to_wrong})
    *share /= answers;
  // On the number of questions: the seeds' answers to one question are not independent of each
  // other.
  line.final_ci95 = wilson_interval(static_cast<int>(std::lround(line.final * line.n)), line.n);
  if (reference && reference != &results) {
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
    for (const auto& subset : kSubsets) {
      ComparisonLine line = line_of(method, reference_of(results, method.task, reference), subset);
      if (line.n > 0) lines.push_back(std::move(line));
    }
  }
  return lines;
}

}  // namespace tripost
