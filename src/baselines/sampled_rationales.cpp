#include "baselines/sampled_rationales.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "base/file.h"
#include "base/log.h"
#include "baselines/answer_only.h"
#include "edit/turns.h"
#include "improve/collect.h"
#include "rollout/rollout.h"

namespace tripost {
namespace {

// Records without a repetition, written where a resumed run finds them.
class Kept {
 public:
  explicit Kept(float question_weight) : question_weight_(question_weight) {}

  void add(const Problem& problem) {
    Record record = rationale_record(problem, question_weight_);
    if (texts_.insert(record.text).second) records_.push_back(std::move(record));
  }

  std::vector<Record> take() { return std::move(records_); }

 private:
  float question_weight_;
  std::set<std::string> texts_;
  std::vector<Record> records_;
};

std::vector<Record> written(std::vector<Record> records, const RunDirectory& run, int iteration,
                            const char* method, std::size_t attempts) {
  write_file_atomically(run.train_records(iteration), to_lines(records));
  log_info("{}, iteration {}: {} records from {} attempts", method, iteration, records.size(),
           attempts);
  return records;
}

Problem with_attempt(Problem problem, const Exchange& exchange) {
  problem.rationale = exchange.steps.front().attempt.text;
  return problem;
}

bool is_right(const Exchange& exchange) {
  const Attempt& attempt = exchange.steps.front().attempt;
  return attempt.complete && attempt.verdict.correct;
}

RolloutConfig rollout_config(const ImproveConfig& config, int iteration) {
  return {.samples = config.samples,
          .sampling = config.sampling,
          .seed = config.seed,
          .iteration = static_cast<uint64_t>(iteration)};
}

std::vector<Record> lmsi_iteration(const Task& task, LocalModel& model, const ImproveConfig& config,
                                   const RunDirectory& run, int iteration, int last,
                                   const Progress& progress) {
  RolloutConfig rollouts = rollout_config(config, iteration);
  rollouts.samples = kLmsiPasses;
  rollouts.sampling.temperature = kLmsiTemperature;
  const auto problems = training_problems(task, config, iteration, last);
  const auto exchanges = rollout(problems, task, model.generator(progress), rollouts);
  AttemptFilter filter(FilterFor::kOwnAttempts);
  return written(lmsi_records(exchanges, filter, config.weights.question), run, iteration, "LMSI",
                 exchanges.size());
}

std::vector<Record> star_records(const Task& task, LocalModel& model, const ImproveConfig& config,
                                 const RunDirectory& run, int iteration, const Progress& progress) {
  const RolloutConfig rollouts = rollout_config(config, iteration);
  const Generate generate = model.generator(progress);
  const auto problems = training_problems(task, config, iteration);
  const auto first = rollout(problems, task, generate, rollouts);
  Kept kept(config.weights.question);
  std::set<std::string> solved;
  for (const Exchange& exchange : first) {
    if (!is_right(exchange)) continue;
    kept.add(with_attempt(exchange.problem, exchange));
    solved.insert(exchange.problem.id);
  }
  std::vector<Problem> hinted;
  for (const Problem& problem : problems) {
    if (solved.contains(problem.id)) continue;
    hinted.push_back(problem);
    hinted.back().question += fmt::format(" (The answer is {}.)", problem.gold);
  }
  const auto second = rollout(hinted, task, generate, rollouts);
  for (const Exchange& exchange : second) {
    if (!is_right(exchange)) continue;
    Problem problem = with_attempt(exchange.problem, exchange);
    problem.question.erase(problem.question.rfind(" (The answer is "));
    kept.add(problem);
  }
  return written(kept.take(), run, iteration, "STaR", first.size() + second.size());
}

}  // namespace

std::vector<Record> lmsi_records(const std::vector<Exchange>& exchanges, AttemptFilter& filter,
                                 float question_weight) {
  Kept kept(question_weight);
  for (const Exchange& exchange : exchanges) {
    if (filter.judge(exchange) != Fate::kKept) continue;
    kept.add(with_attempt(exchange.problem, exchange));
    kept.add(answer_only(with_attempt(exchange.problem, exchange)));
  }
  return kept.take();
}

CollectRecords collect_lmsi(int iterations) {
  return [=](const Task& task, LocalModel& model, const ImproveConfig& config,
             const RunDirectory& run, int iteration, const Progress& progress) {
    return lmsi_iteration(task, model, config, run, iteration, iterations, progress);
  };
}

CollectRecords collect_star() { return star_records; }

}  // namespace tripost
