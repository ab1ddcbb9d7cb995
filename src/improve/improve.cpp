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
#include "evaluate/answers.h"
#include "evaluate/diagnose.h"
#include "evaluate/evaluate.h"
#include "improve/collect.h"
#include "improve/rehearsal.h"
#include "rollout/rollout.h"
#include "run/metrics.h"
#include "train/checkpoint.h"
#include "trajectory/record_file.h"

namespace tripost {
namespace {

// What every stage of one run shares.
struct Loop {
  const Method& method;
  const Task& task;
  const ImproveConfig& config;
  const RunDirectory& run;
  const Progress& progress;
  std::vector<Record> rehearsal;  // all that there is to draw from
  LocalModel model;
  LoopState state;
};

// Training with its loss curve. Global steps count on over iterations.
TrainResult train_on(Loop& loop, const std::vector<Record>& records, int iteration) {
  const ImproveConfig& config = loop.config;
  TrainConfig training = iteration == 0 ? config.finetuning : config.training;
  training.seed = seed_from({config.seed, hash_text("train"), static_cast<uint64_t>(iteration)});
  if (iteration > 0 && !loop.method.steps.empty())
    training.max_steps = loop.method.steps.at(static_cast<std::size_t>(iteration));
  const int64_t first_step = loop.state.total_steps();
  std::unique_ptr<Metrics>
      metrics;  // opened at the first step, which a resumed training alone knows
  const auto on_step = [&](const TrainMetrics& now) {
    const int64_t step = first_step + now.step;
    if (!metrics) metrics = std::make_unique<Metrics>(loop.run, step);
    metrics->write(step, iteration,
                   {{"loss", now.loss},
                    {"learning_rate", now.learning_rate},
                    {"gradient_norm", now.gradient_norm}});
    loop.progress(
        {.stage =
             iteration == 0 ? "fine-tune" : fmt::format("{} train {}", loop.method.name, iteration),
         .done = now.step,
         .total = now.total_steps,
         .unit = "steps",
         .detail =
             fmt::format("loss {:.4f}, {:.1f}k tokens/s", now.loss, now.tokens_per_second / 1000)});
  };
  TrainResult result = loop.model.train(records, training, loop.run.checkpoints(), on_step);
  if (result.examples_too_long > 0) {
    log_warning("iteration {}: {} of {} records are longer than the limit and were left out",
                iteration, result.examples_too_long, records.size());
  }
  return result;
}

std::vector<Exchange> of_levels(const std::vector<Exchange>& exchanges, bool seen) {
  std::vector<Exchange> chosen;
  std::copy_if(exchanges.begin(), exchanges.end(), std::back_inserter(chosen),
               [&](const Exchange& exchange) { return exchange.problem.seen == seen; });
  return chosen;
}

// Updates under the task's own feedback: of the greedy test attempts, and of attempts sampled on
// held-out questions as the next iteration would sample them.
void diagnose_model(Loop& loop, int iteration, const std::vector<Exchange>& exchanges) {
  const TestConfig& test = loop.config.test;
  const Generate generate = loop.model.generator(loop.progress);
  const Sampling greedy{.max_new_tokens = test.max_new_tokens};
  const auto held_out = loop.task.problems(Split::kValidation, {}, test.seen, test.seed);
  const auto sampled =
      rollout(held_out, loop.task, generate, {.sampling = loop.config.sampling, .seed = test.seed});
  const Json diagnosis = {
      {"seen", to_json(diagnose(of_levels(exchanges, true), loop.task, generate, greedy))},
      {"unseen", to_json(diagnose(of_levels(exchanges, false), loop.task, generate, greedy))},
      {"sampled", to_json(diagnose(sampled, loop.task, generate, greedy))}};
  write_file_atomically(loop.run.diagnosis(iteration), diagnosis.dump(2) + "\n");
  log_info("iteration {}, updates under the task's own feedback: {}", iteration, diagnosis.dump());
}

// Of the last complete iteration, whose weights are safe by now.
void test_model(Loop& loop) {
  const ImproveConfig& config = loop.config;
  const int iteration = loop.state.completed;
  const bool knows_feedback = iteration > 0 && loop.method.learns_feedback;
  const std::vector<Problem> questions = test_problems(loop.task, config.test);
  const Generate generate = loop.model.generator(loop.progress);
  const EvaluateStages stages =
      loop.method.stages ? loop.method.stages(loop.task, generate, config)
                         : model_stages(loop.task, generate,
                                        {.self_improve = knows_feedback,
                                         .max_updates = config.test.max_updates,
                                         .sampling = {.max_new_tokens = config.test.max_new_tokens},
                                         .seed = config.test.seed});
  const Evaluation evaluation = evaluate(questions, loop.task, stages);
  write_file_atomically(loop.run.evaluation(iteration), to_lines(evaluation.exchanges));
  write_file_atomically(loop.run.answers(iteration),
                        answers_json(evaluation.results, questions).dump() + "\n");
  log_info("iteration {}, test: {}", iteration, describe_ends(evaluation.exchanges));
  if (knows_feedback && config.test.diagnose) diagnose_model(loop, iteration, evaluation.exchanges);
  const auto rows = score(evaluation.results, loop.task,
                          {.method = iteration == 0 ? loop.method.first : loop.method.name,
                           .iteration = iteration,
                           .seed = config.seed,
                           .seconds = loop.state.seconds.back() + evaluation.seconds});
  loop.state.rows.insert(loop.state.rows.end(), rows.begin(), rows.end());
  write_loop_state(loop.run, loop.state);
}

// What makes an iteration complete, in this order: the weights, then the state that names them.
void complete(Loop& loop, int iteration, const TrainResult& training, double seconds) {
  loop.model.save(loop.run.iteration_model(iteration), /*float32=*/true);
  remove_checkpoints(loop.run.checkpoints());
  loop.state.completed = iteration;
  loop.state.steps.push_back(training.steps);
  loop.state.tokens.push_back(training.tokens);
  loop.state.seconds.push_back(seconds);
  write_loop_state(loop.run, loop.state);
}

// Whether the last complete iteration is still to be tested. One without training is not, as it is
// the model that the run began from, unless the method is in how that model is asked.
bool is_untested(const Loop& loop) {
  const LoopState& state = loop.state;
  if (state.completed < 0 || state.has_test_of(state.completed)) return false;
  if (state.completed == 0 && !loop.config.finetune && !loop.method.stages) return false;
  return loop.method.test_every_iteration || state.completed == loop.config.iterations;
}

// Records that an interrupted run has collected already are read again, whatever the method.
std::vector<Record> records_of(Loop& loop, int iteration) {
  if (iteration == 0)
    return gold_rationales(
        training_problems(loop.task, loop.config, 0, loop.method.finetune_through),
        loop.config.weights.question);
  const fs::path collected = loop.run.train_records(iteration);
  if (fs::exists(collected)) return read_records(collected);
  return loop.method.collect(loop.task, loop.model, loop.config, loop.run, iteration,
                             loop.progress);
}

// The records of an iteration beside which old practice is rehearsed; those of the fine-tuning stay
// alone.
void add_rehearsal(std::vector<Record>& records, const Loop& loop, int iteration) {
  const RehearsalConfig& config = loop.config.rehearsal;
  if (loop.rehearsal.empty() || iteration == 0) return;
  Rehearsal drawn = draw_rehearsal(
      loop.rehearsal, records, config.share,
      seed_from({loop.config.seed, hash_text("rehearsal"), static_cast<uint64_t>(iteration)}));
  if (drawn.falls_short) {
    log_warning("iteration {}: all {} documents of {} are less than a share of {}", iteration,
                drawn.documents.size(), config.documents.string(), config.share);
  }
  log_info("iteration {}: {} documents rehearsed beside {} records", iteration,
           drawn.documents.size(), records.size());
  std::move(drawn.documents.begin(), drawn.documents.end(), std::back_inserter(records));
}

// One iteration is one pass along the flow. False when too little data came out to go on.
bool run_iteration(Loop& loop, int iteration) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<Record> records = records_of(loop, iteration);
  if (iteration > 0 && static_cast<int>(records.size()) < std::max(1, loop.config.min_records)) {
    loop.state.why_ended =
        fmt::format("iteration {} gave {} training records, fewer than min-records {}", iteration,
                    records.size(), std::max(1, loop.config.min_records));
    log_warning("{}: the loop ends here", loop.state.why_ended);
    return false;
  }
  add_rehearsal(records, loop, iteration);
  const TrainResult training = train_on(loop, records, iteration);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  complete(loop, iteration, training, seconds);
  return true;
}

// A folder that was made with other settings, or copied from such a run, must not pass for this
// one's.
void check_settings(const LoopState& state, const Start& start, const RunDirectory& run) {
  for (const auto& [name, value] : start.settings.items()) {
    if (state.settings.contains(name) && state.settings[name] != value)
      fail_usage(
          "{} was made with {} {}, and now it is {}; remove that folder or choose another "
          "--output",
          run.state().string(), name, state.settings[name].dump(), value.dump());
  }
}

}  // namespace

std::vector<Problem> test_problems(const Task& task, const TestConfig& config) {
  std::vector<std::string> seen, unseen;
  for (const auto& level : task.levels()) (level.seen ? seen : unseen).push_back(level.name);
  std::vector<Problem> problems;
  const auto add = [&](const std::vector<std::string>& levels, int count) {
    if (levels.empty()) return;  // which would mean all of them
    const auto drawn = task.problems(Split::kTest, levels, count, config.seed);
    problems.insert(problems.end(), drawn.begin(), drawn.end());
  };
  add(seen, config.seen);
  add(unseen, config.unseen);
  return problems;
}

std::vector<MethodResults> tested_results(const RunDirectory& run, const LoopState& state,
                                          const Method& method, const Task& task,
                                          const ImproveConfig& config) {
  const uint64_t seed = config.seed;
  const std::vector<Problem> questions = test_problems(task, config.test);
  const auto answers_of = [&](int iteration) {
    const fs::path path = run.answers(iteration);
    return answers_from_json(parse_json(read_file(path), path.string()), questions, path.string());
  };
  std::vector<MethodResults> results;
  for (const ScoreRow& row : state.rows) {
    if (row.subset != "total") continue;
    results.push_back({.task = task.name(),
                       .method = row.labels.method,
                       .iteration = row.labels.iteration,
                       .seeds = {{seed, answers_of(row.labels.iteration)}},
                       .seconds = {{seed, row.labels.seconds}}});
  }
  if (state.why_ended.empty()) return results;
  for (int missing = state.completed + 1; missing <= config.iterations; ++missing)
    results.push_back({.task = task.name(),
                       .method = method.name,
                       .iteration = missing,
                       .missing = {{seed, state.why_ended}}});
  return results;
}

LoopState improve(const Start& start, const Method& method, const Task& task,
                  const ImproveConfig& config, const RunDirectory& run, const Progress& progress) {
  LoopState state = read_loop_state(run);
  if (state.completed < 0) {
    state.settings = start.settings;
  } else {
    check_settings(state, start, run);
  }
  if (state.ended) {
    if (start.when_loaded) start.when_loaded();  // no model is needed any more
    return state;
  }
  const fs::path folder = state.completed < 0 ? start.model : run.iteration_model(state.completed);
  LoraConfig lora = config.lora;
  lora.seed = seed_from({config.seed, hash_text("lora")});
  std::vector<Record> rehearsal = rehearsal_documents(config.rehearsal);
  Loop loop{method,
            task,
            config,
            run,
            progress,
            std::move(rehearsal),
            LocalModel::load(folder, start.machine, /*training=*/true, lora),
            std::move(state)};
  if (start.when_loaded) start.when_loaded();
  if (loop.state.completed < 0 && !config.finetune) complete(loop, 0, {}, 0);
  do {
    if (is_untested(loop)) test_model(loop);
  } while (loop.state.completed < config.iterations &&
           run_iteration(loop, loop.state.completed + 1));
  loop.model.save(run.model());
  loop.state.ended = true;
  write_loop_state(run, loop.state);
  return loop.state;
}

}  // namespace tripost
