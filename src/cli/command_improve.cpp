// tripost improve: the TriPosT loop, and beside it the control that goes on with gold rationales
// alone.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "cli/bind_settings.h"
#include "cli/commands.h"
#include "cli/edit_options.h"
#include "cli/improve_options.h"
#include "cli/machine_options.h"
#include "cli/peak_memory.h"
#include "cli/terminal.h"
#include "cli/unused_options.h"
#include "evaluate/comparison.h"
#include "evaluate/table.h"
#include "improve/collect.h"
#include "improve/improve.h"
#include "report/report.h"
#include "run/inputs.h"
#include "run/run_directory.h"
#include "task/user_task_file.h"

namespace tripost {
namespace {

constexpr const char* kReference = "TriPosT";

struct Settings {
  std::string task;
  fs::path model, output;
  MachineConfig machine;
  ImproveSettings improve;
  EditSettings edit;
  bool control = false;
};

int64_t sum_after_first(const std::vector<int64_t>& values) {
  return std::accumulate(values.begin() + 1, values.end(), int64_t{0});
}

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

// What training after the fine-tuning came to: a control is one only with as much work.
std::string work_of(const std::string& method, const LoopState& state) {
  return fmt::format("{}: {} steps, {} tokens", method, sum_after_first(state.steps),
                     sum_after_first(state.tokens));
}

// How the method's final answers compare with the control's on the same questions.
std::string differences(const std::vector<ComparisonLine>& lines, const Method& control) {
  std::string text;
  for (const ComparisonLine& line : lines) {
    if (line.row.labels.method == control.name && line.to_reference.num_questions > 0)
      text += fmt::format("TriPosT minus control, {}: {}\n", line.row.subset,
                          describe(line.to_reference));
  }
  return text;
}

bool has_rationales(const Task& task, const ImproveConfig& config) {
  const auto problems = training_problems(task, config, 1);
  return std::any_of(problems.begin(), problems.end(),
                     [](const Problem& problem) { return !problem.rationale.empty(); });
}

void run_command(const Settings& settings, const Options& options, Terminal& terminal) {
  const ImproveConfig config = settings.improve.resolved();
  const auto task = make_task(settings.task, config.feedback_style);
  if (settings.control && !has_rationales(*task, config))
    fail_usage(
        "--control: it goes on with gold rationales, and no training problem of {} has one; give "
        "--no-control",
        task->name());
  if (!settings.edit.uses_llm()) {
    std::vector<std::string> unused = llm_option_names();
    unused.push_back("llm-temperature");
    refuse_unused(options, unused, "no LLM is asked; give --verifier llm or --improver llm too");
  }
  if (settings.edit.verifier == "llm" && settings.improve.recalculate)
    refuse_recalculation_by_llm();
  const RunDirectory run(settings.output);
  run.create();
  const DirectoryLock lock(run.root());
  std::optional<Llm> llm;
  if (settings.edit.uses_llm())
    llm.emplace(settings.edit.llm, run.root(), run.root() / "llm_cache.sqlite", settings.machine,
                terminal.progress());
  EditSources sources(settings.edit, *task, llm ? &*llm : nullptr, config.seed);
  InputFiles inputs = inputs_of_task(settings.task);
  inputs.merge(settings.edit.inputs(*task));
  inputs.merge(inputs_of(settings.improve, options));
  if (settings.edit.uses_llm()) inputs.merge(settings.edit.llm.inputs());
  Start start{.model = settings.model, .machine = settings.machine};
  bind_settings(start, run, {options, "tripost improve", std::move(inputs)}, [&] {
    if (llm) llm->check();
  });
  const Method method = tripost_method(sources.feedback(), sources.improvement());
  const LoopState state = improve(start, method, *task, config, run, terminal.progress());
  if (llm && !llm->summary().empty()) terminal.message(llm->summary());
  std::vector<ScoreRow> rows = state.rows;
  auto results = tested_results(run, state, method, *task, config);
  const Method gold = gold_method(state.steps);
  std::string work;
  if (settings.control && state.completed > 0) {
    const LoopState control = run_control(settings, *task, state, run, terminal.progress());
    rows.insert(rows.end(), control.rows.begin(), control.rows.end());
    work = fmt::format("\ntrained on after fine-tuning: {}; {}\n", work_of(method.name, state),
                       work_of(gold.name, control));
    ImproveConfig as_far = config;
    as_far.iterations = state.completed;
    for (MethodResults& tested :
         tested_results(RunDirectory(run.control()), control, gold, *task, as_far))
      results.push_back(std::move(tested));
  }
  const auto lines = compare_methods(results, kReference);
  const std::string comparison = settings.control ? "\n" + differences(lines, gold) : "";
  write_file_atomically(run.scores(), scores_json(rows, lines, kReference).dump(1) + "\n");
  write_report(run);
  terminal.print("\n" + text_table(rows) + comparison + work);
  terminal.print(fmt::format("\nmodel: {}\nreport: {}\n{}\n", run.model().string(),
                             fs::absolute(run.report_html()).string(), peak_memory()));
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
