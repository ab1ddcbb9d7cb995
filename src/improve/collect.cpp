#include "improve/collect.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/random.h"
#include "edit/editor.h"
#include "edit/scripted_source.h"
#include "edit/turns.h"
#include "improve/edit_alongside.h"
#include "rollout/rollout.h"
#include "rollout/self_improvement.h"
#include "trajectory/balance.h"

namespace tripost {
namespace {

// Attempts of a pass where editing waits: enough to keep the engine's batch full for most of it,
// few enough for the sources to have work soon.
constexpr int kAttemptsInPass = 128;

Json to_json(const KindCounts& counts) {
  return {{"offered", counts.offered},
          {"duplicates", counts.duplicates},
          {"beyond_ratio", counts.beyond_ratio},
          {"beyond_max", counts.beyond_max},
          {"kept", counts.kept}};
}

Json counts_of(const EditCounts& edited, const Balanced& balanced, int duplicate_trajectories) {
  Json outcomes;
  for (std::size_t i = 0; i < edited.outcomes.size(); ++i) {
    outcomes[name_of(static_cast<Outcome>(i))] = edited.outcomes[i];
  }
  return {{"outcomes", outcomes},
          {"causes", Json(edited.causes)},
          {"duplicate_trajectories", duplicate_trajectories},
          {"right_for_wrong_reasons", edited.right_for_wrong_reasons},
          {"own_feedback",
           {{"agreed", edited.own_agreed},
            {"false_alarm", edited.own_false_alarm},
            {"missed", edited.own_missed},
            {"misplaced", edited.own_misplaced},
            {"unreadable", edited.own_unreadable}}},
          {"own_updates",
           {{"kept", edited.own_updates_kept}, {"replaced", edited.own_updates_replaced}}},
          {"records",
           {{"improvement", to_json(balanced.improvement)},
            {"non_improvement", to_json(balanced.non_improvement)},
            {"gold", to_json(balanced.gold)}}}};
}

// A user's problems may lack it.
std::vector<Problem> with_rationale(const std::vector<Problem>& problems) {
  std::vector<Problem> chosen;
  std::copy_if(problems.begin(), problems.end(), std::back_inserter(chosen),
               [](const Problem& problem) { return !problem.rationale.empty(); });
  if (chosen.size() < problems.size()) {
    log_info("{} of {} training problems have no rationale and give no gold record",
             problems.size() - chosen.size(), problems.size());
  }
  return chosen;
}

std::vector<Exchange> attempts_of(const Task& task, LocalModel& model, const ImproveConfig& config,
                                  int iteration, const std::vector<Problem>& problems,
                                  const Progress& progress) {
  const Generate generate = model.generator(progress);
  const auto number = static_cast<uint64_t>(iteration);
  auto exchanges = rollout(problems, task, generate,
                           {.samples = config.samples,
                            .sampling = config.sampling,
                            .seed = config.seed,
                            .iteration = number});
  if (iteration == 1) return exchanges;  // the fine-tuned model has never seen feedback
  return self_improve(std::move(exchanges), task, generate,
                      {.max_updates = 1,
                       .feedback = config.sampling,
                       .update = config.sampling,
                       .seed = config.seed,
                       .iteration = number});
}

// Converts, balances and writes down what editing gave.
std::vector<Record> records_of(Edited edited, const std::vector<Problem>& problems,
                               FeedbackSource& feedback, ImprovementSource& improvement,
                               const Task& task, const ImproveConfig& config,
                               const RunDirectory& run, int iteration) {
  const int duplicates = remove_duplicates(edited.trajectories);
  std::vector<Record> collected;
  for (const Trajectory& trajectory : edited.trajectories) {
    for (Record& record : turn_records(trajectory, config.weights, config.conversion))
      collected.push_back(std::move(record));
  }
  std::vector<Record> gold;
  for (const Problem& problem : with_rationale(problems))
    gold.push_back(gold_record(problem, task, config.weights));
  Balanced balanced =
      balance(collected, gold, config.balance,
              seed_from({config.seed, hash_text("balance"), static_cast<uint64_t>(iteration)}));

  Json counts = counts_of(edited.counts, balanced, duplicates);
  if (const auto by_cause = feedback.take_counts(); !by_cause.empty())
    counts["verifier"] = by_cause;
  if (const auto by_cause = improvement.take_counts(); !by_cause.empty())
    counts["improver"] = by_cause;
  write_file_atomically(run.trajectories(iteration), to_lines(edited.trajectories));
  write_file_atomically(run.counts(iteration), counts.dump(2) + "\n");
  write_file_atomically(run.train_records(iteration), to_lines(balanced.records));
  log_info("iteration {}: {}", iteration, describe_counts(counts));
  return std::move(balanced.records);
}

}  // namespace

std::vector<Problem> training_problems(const Task& task, const ImproveConfig& config,
                                       int iteration) {
  const auto draw = static_cast<uint64_t>(config.fresh_problems ? iteration : 0);
  auto problems = task.problems(Split::kTrain, {}, config.problems, seed_from({config.seed, draw}));
  if (problems.empty())
    fail("{} has no training problem: none of a seen level is in the split \"train\"", task.name());
  return problems;
}

std::vector<Problem> training_problems(const Task& task, const ImproveConfig& config, int first,
                                       int last) {
  std::vector<Problem> problems = training_problems(task, config, first);
  for (int iteration = first + 1; config.fresh_problems && iteration <= last; ++iteration) {
    const auto more = training_problems(task, config, iteration);
    problems.insert(problems.end(), more.begin(), more.end());
  }
  return problems;
}

std::vector<Record> gold_rationales(const std::vector<Problem>& problems, float question_weight) {
  std::vector<Record> records;
  for (const Problem& problem : with_rationale(problems))
    records.push_back(rationale_record(problem, question_weight));
  if (records.empty())
    fail(
        "none of the {} training problems has a rationale to fine-tune on; give some one, or have "
        "tripost improve start without: --no-finetune, and no --control",
        problems.size());
  return records;
}

std::vector<Record> collect_records(const Task& task, LocalModel& model,
                                    const ImproveConfig& config, const RunDirectory& run,
                                    int iteration, const Progress& progress) {
  ScriptedFeedback feedback(task);
  ScriptedImprovement improvement(task);
  return collect_records_with(feedback, improvement, task, model, config, run, iteration, progress);
}

std::vector<Record> collect_records_with(FeedbackSource& feedback, ImprovementSource& improvement,
                                         const Task& task, LocalModel& model,
                                         const ImproveConfig& config, const RunDirectory& run,
                                         int iteration, const Progress& progress) {
  const std::vector<Problem> problems = training_problems(task, config, iteration);
  const MakeAttempts attempt = [&](const std::vector<Problem>& some, const Progress& shown) {
    return attempts_of(task, model, config, iteration, some, shown);
  };
  const EditAttempts edit_all = [&](const std::vector<Exchange>& exchanges) {
    return edit(exchanges, task, feedback, improvement, config.edit);
  };
  Edited edited = feedback.waits() || improvement.waits()
                      ? edit_alongside(problems, std::max(1, kAttemptsInPass / config.samples),
                                       attempt, edit_all, progress)
                      : edit_all(attempt(problems, progress));
  return records_of(std::move(edited), problems, feedback, improvement, task, config, run,
                    iteration);
}

std::vector<Record> records_from(const std::vector<Exchange>& exchanges,
                                 const std::vector<Problem>& problems, const Task& task,
                                 const ImproveConfig& config, const RunDirectory& run,
                                 int iteration) {
  ScriptedFeedback feedback(task);
  ScriptedImprovement improvement(task);
  return records_from(exchanges, problems, feedback, improvement, task, config, run, iteration);
}

std::vector<Record> records_from(const std::vector<Exchange>& exchanges,
                                 const std::vector<Problem>& problems, FeedbackSource& feedback,
                                 ImprovementSource& improvement, const Task& task,
                                 const ImproveConfig& config, const RunDirectory& run,
                                 int iteration) {
  return records_of(edit(exchanges, task, feedback, improvement, config.edit), problems, feedback,
                    improvement, task, config, run, iteration);
}

std::string describe_counts(const Json& counts) {
  std::string text;
  for (const auto& [name, count] : counts.at("outcomes").items()) {
    if (count.get<int>() > 0)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count.get<int>(), name);
  }
  for (const auto& [cause, count] : counts.at("causes").items())
    text += fmt::format("; {} x {}", count.get<int>(), cause);
  const Json& records = counts.at("records");
  return fmt::format("{}; training records: {} improvement, {} non-improvement, {} gold", text,
                     records.at("improvement").at("kept").get<int>(),
                     records.at("non_improvement").at("kept").get<int>(),
                     records.at("gold").at("kept").get<int>());
}

}  // namespace tripost
