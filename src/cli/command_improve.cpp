// tripost improve: the TriPosT loop, and beside it the control that goes on with gold rationales
// alone.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>

#include "base/error.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/edit_options.h"
#include "cli/improve_options.h"
#include "cli/machine_options.h"
#include "cli/terminal.h"
#include "evaluate/statistics.h"
#include "evaluate/table.h"
#include "improve/improve.h"
#include "run/config.h"
#include "run/report.h"
#include "run/run_directory.h"

namespace tripost {
namespace {

struct Settings {
  std::string task;
  fs::path model, output;
  MachineConfig machine;
  ImproveSettings improve;
  EditSettings edit;
  bool control = false;
};

// Starts from the same fine-tuned model, and takes as many steps in each iteration as the method
// took.
LoopState run_control(const Settings& settings, const Task& task, const LoopState& method,
                      const RunDirectory& run, const Progress& progress) {
  ImproveConfig config = settings.improve.resolved();
  config.finetune = false;
  config.iterations = method.completed;
  const RunDirectory control(run.control());
  fs::create_directories(control.root());
  return improve({run.iteration_model(0), settings.machine}, gold_method(method.steps), task,
                 config, control, progress);
}

std::vector<Result> of_levels(const std::vector<Result>& results, bool seen) {
  std::vector<Result> chosen;
  std::copy_if(results.begin(), results.end(), std::back_inserter(chosen),
               [&](const Result& result) { return result.seen == seen; });
  return chosen;
}

// How the method's final answers compare with the control's on the same questions.
std::string differences(const RunDirectory& run, const LoopState& method, const LoopState& control,
                        const Task& task) {
  const auto ours = evaluation_results(run, method.completed, task);
  const auto theirs = evaluation_results(RunDirectory(run.control()), control.completed, task);
  std::string text;
  const auto compare = [&](const char* subset, const std::vector<Result>& a,
                           const std::vector<Result>& b) {
    if (a.empty()) return;
    text += fmt::format("TriPosT minus control, {}: {}\n", subset,
                        describe(paired_difference(final_answers(b), final_answers(a), 0)));
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
  const ImproveConfig config = settings.improve.resolved();
  std::optional<Llm> llm;
  if (settings.edit.uses_llm())
    llm.emplace(settings.edit.llm, run.root(), run.root() / "llm_cache.sqlite", settings.machine,
                terminal.progress());
  EditSources sources(settings.edit, *task, llm ? &*llm : nullptr, config.seed);
  // Before settings are saved: those that name a wrong model must not bind the next call.
  if (!fs::exists(run.config())) {
    LocalModel::load(settings.model, settings.machine, false, config.lora);
    if (llm) llm->check();
  }
  save_or_compare_config(run.config(), options, "tripost improve");
  const LoopState state = improve({settings.model, settings.machine},
                                  tripost_method(sources.feedback(), sources.improvement()), *task,
                                  config, run, terminal.progress());
  if (llm && !llm->summary().empty()) terminal.message(llm->summary());
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
  terminal.print(fmt::format("\nmodel: {}\nreport: {}\n", run.model().string(),
                             fs::absolute(run.report_html()).string()));
}

}  // namespace

void register_improve(Commands& commands) {
  const auto settings = std::make_shared<Settings>();
  Command& command = commands.add("improve", "teach a model to correct itself: the TriPosT loop");
  command.example =
      "tripost improve --task multistep_arithmetic --model models/base --output runs/first";
  Options& options = command.options;
  options.add("task", &settings->task, "name of a task, or path of your own task.toml").required();
  options.add("model", &settings->model, "folder of the model to start from").required();
  options.add("output", &settings->output, "run directory").required().may_change();
  add_improve_options(options, settings->improve);
  options.add("control", &settings->control,
              "train the control too: gold rationales alone, for as many steps");
  add_edit_options(options, settings->edit, "OUTPUT/llm_cache.sqlite");
  add_machine_options(options, settings->machine);
  Command* const self = &command;
  command.run = [settings, self](Terminal& terminal) {
    run_command(*settings, self->options, terminal);
  };
}

}  // namespace tripost
