#include "improve/improve.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/random.h"
#include "evaluate/diagnose.h"
#include "evaluate/evaluate.h"
#include "improve/collect.h"
#include "rollout/rollout.h"
#include "run/metrics.h"

namespace tripost {
namespace {

// Training with its loss curve. Global steps count on over iterations.
TrainResult train_on(LocalModel& model, const std::vector<Record>& records, const ImproveConfig& config,
                     const RunDirectory& run, int iteration, int64_t first_step, const Progress& progress) {
  TrainConfig training = iteration == 0 ? config.finetuning : config.training;
  training.seed = seed_from({config.seed, hash_text("train"), static_cast<uint64_t>(iteration)});
  if (config.gold_only && iteration > 0) training.max_steps = config.steps.at(static_cast<std::size_t>(iteration));
  std::unique_ptr<Metrics> metrics;  // opened at the first step, which a resumed training alone knows
  const auto on_step = [&](const TrainMetrics& now) {
    const int64_t step = first_step + now.step;
    if (!metrics) metrics = std::make_unique<Metrics>(run, position_before(run, step));
    metrics->write(step, iteration,
                   {{"loss", now.loss}, {"learning_rate", now.learning_rate}, {"gradient_norm", now.gradient_norm}});
    progress({.stage = iteration == 0 ? "fine-tune" : fmt::format("train {}", iteration),
              .done = now.step,
              .total = now.total_steps,
              .unit = "steps",
              .detail = fmt::format("loss {:.4f}, {:.1f}k tokens/s", now.loss, now.tokens_per_second / 1000)});
  };
  return model.train(records, training, run.checkpoints(), on_step);
}

std::vector<Exchange> of_levels(const std::vector<Exchange>& exchanges, bool seen) {
  std::vector<Exchange> chosen;
  std::copy_if(exchanges.begin(), exchanges.end(), std::back_inserter(chosen),
               [&](const Exchange& exchange) { return exchange.problem.seen == seen; });
  return chosen;
}

// Updates under the task's own feedback: of the greedy test attempts, and of attempts sampled on held-out questions as the
// next iteration would sample them.
void diagnose_model(const Task& task, LocalModel& model, const ImproveConfig& config, const RunDirectory& run, int iteration,
                    const std::vector<Exchange>& exchanges, const Progress& progress) {
  const Generate generate = model.generator(progress);
  const Sampling greedy{.max_new_tokens = config.test.max_new_tokens};
  const auto held_out = task.problems(Split::kValidation, {}, config.test.seen, config.test.seed);
  const auto sampled = rollout(held_out, task, generate, {.sampling = config.sampling, .seed = config.test.seed});
  const Json diagnosis = {{"seen", to_json(diagnose(of_levels(exchanges, true), task, generate, greedy))},
                          {"unseen", to_json(diagnose(of_levels(exchanges, false), task, generate, greedy))},
                          {"sampled", to_json(diagnose(sampled, task, generate, greedy))}};
  write_file_atomically(run.diagnosis(iteration), diagnosis.dump(2) + "\n");
  log_info("iteration {}, updates under the task's own feedback: {}", iteration, diagnosis.dump());
}

void test_model(const Task& task, LocalModel& model, const ImproveConfig& config, const RunDirectory& run,
                LoopState& state, int iteration, const std::string& method, double seconds, const Progress& progress) {
  const bool knows_feedback = iteration > 0 && !config.gold_only;
  const Evaluation evaluation =
      evaluate(test_problems(task, config.test), task, model.generator(progress),
               {.self_improve = knows_feedback,
                .max_updates = config.test.max_updates,
                .sampling = {.max_new_tokens = config.test.max_new_tokens},
                .seed = config.test.seed});
  std::string lines;
  for (const Exchange& exchange : evaluation.exchanges) lines += to_line(to_json(exchange)) + "\n";
  write_file_atomically(run.evaluation(iteration), lines);
  if (knows_feedback && config.test.diagnose) diagnose_model(task, model, config, run, iteration, evaluation.exchanges, progress);
  const auto rows = score(evaluation.results, task,
                          {.method = method, .iteration = iteration, .seed = config.seed, .seconds = seconds + evaluation.seconds});
  state.rows.insert(state.rows.end(), rows.begin(), rows.end());
}

// What makes an iteration complete, in this order: the weights, then the state that names them.
void complete(LocalModel& model, const RunDirectory& run, LoopState& state, int iteration, int64_t steps) {
  model.save(run.iteration_model(iteration), /*float32=*/true);
  fs::remove_all(run.checkpoints());
  state.completed = iteration;
  state.steps.push_back(steps);
  write_loop_state(run, state);
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

std::vector<Problem> test_problems(const Task& task, const TestConfig& config) {
  std::vector<std::string> seen, unseen;
  for (const auto& level : task.levels()) (level.seen ? seen : unseen).push_back(level.name);
  auto problems = task.problems(Split::kTest, seen, config.seen, config.seed);
  const auto others = task.problems(Split::kTest, unseen, config.unseen, config.seed);
  problems.insert(problems.end(), others.begin(), others.end());
  return problems;
}

LoopState improve(const Task& task, const std::filesystem::path& model_folder, const MachineConfig& machine,
                  const ImproveConfig& config, const RunDirectory& run, const std::string& method,
                  const Progress& progress) {
  LoopState state = read_loop_state(run);
  if (state.ended) return state;
  LocalModel model = LocalModel::load(state.completed < 0 ? model_folder : run.iteration_model(state.completed), machine);
  for (int iteration = state.completed + 1; iteration <= config.iterations; ++iteration) {
    const auto start = std::chrono::steady_clock::now();
    if (iteration == 0 && !config.finetune) {
      complete(model, run, state, 0, 0);
      continue;
    }
    const auto records = iteration == 0 ? gold_rationales(training_problems(task, config, 0))
                                        : collect_records(task, model, config, run, iteration, progress);
    if (iteration > 0 && static_cast<int>(records.size()) < config.min_records) {
      log_warning("iteration {} gave {} training records, fewer than min-records {}: the loop ends here", iteration,
                  records.size(), config.min_records);
      break;
    }
    const auto training = train_on(model, records, config, run, iteration, state.total_steps(), progress);
    if (training.examples_too_long > 0) {
      log_warning("iteration {}: {} of {} records are longer than the limit and were left out", iteration,
                  training.examples_too_long, records.size());
    }
    test_model(task, model, config, run, state, iteration, iteration == 0 ? "FT on rationales" : method,
               seconds_since(start), progress);
    complete(model, run, state, iteration, training.steps);
  }
  model.save(run.model());
  state.ended = true;
  write_loop_state(run, state);
  return state;
}

}  // namespace tripost
