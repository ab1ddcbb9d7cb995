#include "baselines/demonstrations.h"

#include "base/random.h"
#include "improve/collect.h"

namespace tripost {
namespace {

// The demonstrator's attempt at a problem; a task that cannot spoil this rationale gets it as it
// is.
Exchange demonstrated(const Problem& problem, const Task& task, Random& random) {
  Attempt attempt{.text = problem.rationale, .source = Source::kScript};
  if (random.uniform() < kDemonstratedErrors) {
    if (const auto wrong = task.inject_error(problem, random)) attempt.text = wrong->attempt;
  }
  attempt.verdict = task.grade(problem, attempt.text);
  return {.problem = problem, .steps = {{attempt, {}}}};
}

}  // namespace

std::vector<Exchange> scripted_attempts(const std::vector<Problem>& problems, const Task& task,
                                        int samples, uint64_t seed, int iteration) {
  std::vector<Exchange> exchanges;
  for (const Problem& problem : problems) {
    for (int sample = 0; sample < samples; ++sample) {
      Random random(seed_from({seed, hash_text("demonstrations"), static_cast<uint64_t>(iteration),
                               hash_text(problem.id), static_cast<uint64_t>(sample)}));
      exchanges.push_back(demonstrated(problem, task, random));
    }
  }
  return exchanges;
}

std::vector<Record> collect_demonstrations(const Task& task, LocalModel&,
                                           const ImproveConfig& config, const RunDirectory& run,
                                           int iteration, const Progress&) {
  const auto problems = training_problems(task, config, iteration);
  const auto exchanges = scripted_attempts(problems, task, config.samples, config.seed, iteration);
  return records_from(exchanges, problems, task, config, run, iteration);
}

}  // namespace tripost
