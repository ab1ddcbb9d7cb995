// tripost improve: the TriPosT loop, and beside it the control that goes on with gold rationales alone.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>

#include "base/error.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/machine_options.h"
#include "cli/terminal.h"
#include "cli/train_options.h"
#include "evaluate/statistics.h"
#include "evaluate/table.h"
#include "improve/improve.h"
#include "run/config.h"
#include "run/report.h"
#include "run/run_directory.h"

namespace tripost {
namespace {

constexpr const char* kMethod = "TriPosT";
constexpr const char* kControl = "FT continued";

struct Settings {
  std::string task;
  fs::path model, output;
  MachineConfig machine;
  ImproveConfig config;
  TrainSettings finetuning, training;
  double question_weight = 1.0, attempt_weight = 1.0, wrong_attempt_weight = 1.0, section_weight = 1.5, praise_weight = 1.0;
  bool control = false;
};

ImproveConfig resolved(const Settings& settings) {
  ImproveConfig config = settings.config;
  config.finetuning = settings.finetuning.resolved();
  config.training = settings.training.resolved();
  config.weights = {.question = static_cast<float>(settings.question_weight),
                    .attempt = static_cast<float>(settings.attempt_weight),
                    .wrong_attempt = static_cast<float>(settings.wrong_attempt_weight),
                    .section = static_cast<float>(settings.section_weight),
                    .first_praise = static_cast<float>(settings.praise_weight)};
  return config;
}

// Starts from the same fine-tuned model, and takes as many steps in each iteration as the method took.
LoopState run_control(const Settings& settings, const Task& task, const LoopState& method, const RunDirectory& run, const Progress& progress) {
  ImproveConfig config = resolved(settings);
  config.gold_only = true;
  config.finetune = false;
  config.iterations = method.completed;
  config.steps = method.steps;
  const RunDirectory control(run.control());
  fs::create_directories(control.root());
  return improve({run.iteration_model(0), settings.machine, kControl}, task, config, control, progress);
}

std::vector<Result> results_of(const RunDirectory& run, int iteration, const Task& task) {
  std::vector<Result> results;
  for_each_json_line(run.evaluation(iteration), [&](Json line, const std::string& where) {
    results.push_back(result_of(exchange_from_json(line, where), task));
  });
  return results;
}

std::vector<Result> of_levels(const std::vector<Result>& results, bool seen) {
  std::vector<Result> chosen;
  std::copy_if(results.begin(), results.end(), std::back_inserter(chosen), [&](const Result& result) { return result.seen == seen; });
  return chosen;
}

// How the method's final answers compare with the control's on the same questions.
std::string differences(const RunDirectory& run, const LoopState& method, const LoopState& control, const Task& task) {
  const auto ours = results_of(run, method.completed, task);
  const auto theirs = results_of(RunDirectory(run.control()), control.completed, task);
  std::string text;
  const auto compare = [&](const char* subset, const std::vector<Result>& a, const std::vector<Result>& b) {
    if (a.empty()) return;
    text += fmt::format("{} minus control, {}: {}\n", kMethod, subset, describe(paired_difference(final_answers(b), final_answers(a), 0)));
  };
  compare("seen", of_levels(ours, true), of_levels(theirs, true));
  compare("unseen", of_levels(ours, false), of_levels(theirs, false));
  compare("total", ours, theirs);
  return text;
}

void run_command(const Settings& settings, const Options& options, Terminal& terminal) {
  const auto task = make_task(settings.task);
  const RunDirectory run(settings.output);
  run.create();
  const DirectoryLock lock(run.root());
  // Before settings are saved: those that name a wrong model must not bind the next call.
  if (!fs::exists(run.config())) LocalModel::load(settings.model, settings.machine);
  save_or_compare_config(run.config(), options, "tripost improve");
  const ImproveConfig config = resolved(settings);
  const LoopState state = improve({settings.model, settings.machine, kMethod}, *task, config, run, terminal.progress());
  std::vector<ScoreRow> rows = state.rows;
  std::string comparison;
  if (settings.control && state.completed > 0) {
    const LoopState control = run_control(settings, *task, state, run, terminal.progress());
    rows.insert(rows.end(), control.rows.begin(), control.rows.end());
    comparison = "\n" + differences(run, state, control, *task);
  }
  write_file_atomically(run.scores(), to_json(rows).dump(1) + "\n");
  const Report report = make_report(run, 6);
  write_file_atomically(run.report_html(), report.html);
  write_file_atomically(run.report_markdown(), report.markdown);
  terminal.print("\n" + text_table(rows) + comparison);
  terminal.print(fmt::format("\nmodel: {}\nreport: {}\n", run.model().string(), fs::absolute(run.report_html()).string()));
}

void add_loop_options(Options& options, Settings& settings) {
  ImproveConfig& config = settings.config;
  options.add("iterations", &config.iterations, "passes of attempt, edit, train").between(0, 1000);
  options.add("seed", &config.seed, "of everything that is drawn at random in training");
  options.add("problems", &config.problems, "training questions").between(1, 1e7);
  options.add("fresh-problems", &config.fresh_problems, "new questions in every iteration; the paper uses the same ones");
  options.add("samples", &config.samples, "attempts at each question").between(1, 1000);
  options.add("temperature", &config.sampling.temperature, "of attempts, 0 is greedy").between(0, 10);
  options.add("max-new-tokens", &config.sampling.max_new_tokens, "limit of an attempt in training").between(1, 1e6);
  options.add("max-updates", &config.edit.max_updates, "corrections of one attempt by the improver").between(1, 100);
  options.add("improve-data-ratio", &config.balance.improve_data_ratio, "improvement records per non-improvement record; 0 keeps all").between(0, 1000);
  options.add("min-records", &config.min_records, "fewer training records end the loop").between(0, 1e9);
  options.add("max-records", &config.balance.max_records, "more training records are thinned out; 0: no limit").between(0, 1e9);
  options.add("question-weight", &settings.question_weight, "loss weight of the question and its lead-in").between(0, 1000);
  options.add("attempt-weight", &settings.attempt_weight, "loss weight of right attempts").between(0, 1000);
  options.add("wrong-attempt-weight", &settings.wrong_attempt_weight, "loss weight of wrong attempts; the paper trains on them").between(0, 1000);
  options.add("section-weight", &settings.section_weight, "loss weight from the feedback on").between(0, 1000);
  options.add("praise-weight", &settings.praise_weight, "loss weight of the feedback on right first attempts and gold solutions").between(0, 1000);
  options.add("finetune", &config.finetune, "begin with fine-tuning on gold rationales");
  options.add("control", &settings.control, "train the control too: gold rationales alone, for as many steps");
  options.add("test-seen", &config.test.seen, "test questions of the levels that are trained on").between(1, 1e6);
  options.add("test-unseen", &config.test.unseen, "test questions of the other levels").between(1, 1e6);
  options.add("test-seed", &config.test.seed, "of the test questions: the same for every run that is compared");
  options.add("diagnose", &config.test.diagnose, "also measure updates under the task's own feedback");
  options.add("test-max-updates", &config.test.max_updates, "self-improvement turns at test time").between(0, 100);
  options.add("test-max-new-tokens", &config.test.max_new_tokens, "limit of an attempt at test time").between(1, 1e6);
}

}  // namespace

void register_improve(Commands& commands) {
  const auto settings = std::make_shared<Settings>();
  settings->finetuning.config.epochs = 5;
  Command& command = commands.add("improve", "teach a model to correct itself: the TriPosT loop");
  command.example = "tripost improve --task multistep_arithmetic --model models/base --output runs/first";
  Options& options = command.options;
  options.add("task", &settings->task, "name of a task, or path of your own task.toml").required();
  options.add("model", &settings->model, "folder of the model to start from").required();
  options.add("output", &settings->output, "run directory").required().may_change();
  add_loop_options(options, *settings);
  add_train_options(options, settings->finetuning, "finetune-");
  add_train_options(options, settings->training, "train-");
  add_machine_options(options, settings->machine);
  Command* const self = &command;
  command.run = [settings, self](Terminal& terminal) { run_command(*settings, self->options, terminal); };
}

}  // namespace tripost
