// tripost compare: the paper's table, methods by tasks by seeds.
#include <fmt/format.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "baselines/compare.h"
#include "baselines/methods.h"
#include "baselines/prompting.h"
#include "cli/bind_settings.h"
#include "cli/commands.h"
#include "cli/compare_llm.h"
#include "cli/improve_options.h"
#include "cli/machine_options.h"
#include "cli/terminal.h"
#include "evaluate/comparison_table.h"
#include "report/report.h"
#include "run/inputs.h"
#include "run/run_directory.h"
#include "task/user_task_file.h"

namespace tripost {
namespace {

constexpr const char* kReference = "TriPosT";

struct Settings {
  CompareConfig compare;
  fs::path model, output;
  MachineConfig machine;
  ImproveSettings improve;
  CompareLlm llm;
  double time_limit = 0;  // hours
};

std::vector<ScoreRow> rows_of(const std::vector<MethodResults>& all,
                              const std::vector<std::string>& tasks) {
  std::map<std::string, std::unique_ptr<Task>>
      by_name;  // a user's task is asked for by its file, and named in it
  for (const std::string& name : tasks) {
    auto task = make_task(name);
    by_name[task->name()] = std::move(task);
  }
  std::vector<ScoreRow> rows;
  for (const MethodResults& results : all) {
    const Task* const task = by_name.at(results.task).get();
    for (const auto& [seed, questions] : results.seeds) {
      const auto scored = score(questions, *task,
                                {.method = results.method,
                                 .iteration = results.iteration,
                                 .seed = seed,
                                 .seconds = results.seconds.at(seed)});
      rows.insert(rows.end(), scored.begin(), scored.end());
    }
  }
  return rows;
}

InputFiles inputs_of(const std::vector<std::string>& tasks, const CompareLlm& llm) {
  InputFiles inputs;
  if (llm.asked()) inputs = llm.edit.llm.inputs();
  for (const std::string& name : tasks) {
    InputFiles of_task = inputs_of_task(name);
    if (llm.asked()) of_task.merge(llm.inputs(*make_task(name)));
    for (const auto& [file, path] : of_task) inputs[fmt::format("{}: {}", name, file)] = path;
  }
  return inputs;
}

// Asks for the same stop as Ctrl-C when the time is over: what is in progress is saved.
Progress within_limit(double hours, Terminal& terminal) {
  if (hours == 0) return terminal.progress();
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(3600 * hours);
  return [=, &terminal, progress = terminal.progress()](const ProgressUpdate& update) {
    progress(update);
    if (std::chrono::steady_clock::now() < end || interrupt_requested()) return;
    terminal.message(fmt::format("the time limit of {} hours is reached: stopping", hours));
    request_interrupt();
  };
}

// The tables and the report of the results that are there. Returns the table as text.
std::string write_results(const RunDirectory& run, const std::vector<MethodResults>& results,
                          const std::vector<std::string>& tasks) {
  const auto lines = compare_methods(results, kReference);
  write_file_atomically(run.scores(),
                        scores_json(rows_of(results, tasks), lines, kReference).dump(1) + "\n");
  for (const auto& [name, format] : {std::pair{"table.txt", TableFormat::kText},
                                     {"table.md", TableFormat::kMarkdown},
                                     {"table.tex", TableFormat::kLatex},
                                     {"table.csv", TableFormat::kCsv}})
    write_file_atomically(run.root() / name, comparison_table(lines, kReference, format));
  write_report(run);
  return comparison_table(lines, kReference, TableFormat::kText);
}

void run_command(const Settings& settings, const Options& options, Terminal& terminal) {
  for (const std::string& method : settings.compare.methods) method_entry(method);
  std::map<std::string, std::string> tasks;  // what was asked for, by name: cells are named by it
  for (const std::string& asked : settings.compare.tasks) {
    const std::string name = make_task(asked)->name();
    if (!tasks.emplace(name, asked).second)
      fail_usage("--tasks: {} and {} are both named \"{}\"; rename one, or leave one out",
                 tasks[name], asked, name);
  }
  if (settings.compare.has("prompting")) {
    for (const auto& [name, asked] : tasks) check_prompts(settings.llm.edit.llm.prompts, name);
  }
  check_compare_llm(settings.llm, settings.compare, settings.improve.recalculate, options);
  if (!settings.improve.config.finetune)
    fail_usage(
        "--no-finetune: a comparison begins with fine-tuning on gold rationales, which its methods "
        "share; leave it out, or use tripost improve");
  const RunDirectory run(settings.output);
  run.create();
  const DirectoryLock lock(run.root());
  std::optional<Llm> llm;
  if (settings.llm.asked())
    llm.emplace(settings.llm.edit.llm, run.root(), run.root() / "llm_cache.sqlite",
                settings.machine, terminal.progress());
  Start start{.model = settings.model, .machine = settings.machine};
  InputFiles inputs = inputs_of(settings.compare.tasks, settings.llm);
  inputs.merge(inputs_of(settings.improve, options));
  bind_settings(start, run, {options, "tripost compare", std::move(inputs)}, [&] {
    if (llm) llm->check();
  });
  CompareConfig config = settings.compare;
  config.improve = settings.improve.resolved();
  config.improve.prompts = settings.llm.edit.llm.prompts;
  if (llm) config.collect = settings.llm.collect(*llm);
  std::string table;
  compare(start, config, run, within_limit(settings.time_limit, terminal),
          [&](const std::vector<MethodResults>& results) {
            table = write_results(run, results, config.tasks);
          });
  if (llm && !llm->summary().empty()) terminal.message(llm->summary());
  terminal.print("\n" + table);
  terminal.print(fmt::format(
      "\ntables: {0}/table.txt, {0}/table.md, {0}/table.tex, {0}/table.csv\nreport: {1}\n",
      run.root().string(), fs::absolute(run.report_html()).string()));
}

std::string method_help() {
  std::string text = "besides fine-tuning and TriPosT: ";
  for (const MethodEntry& entry : method_entries()) {
    if (entry.name != "tripost")
      text += entry.name + (&entry == &method_entries().back() ? "" : ", ");
  }
  return text;
}

}  // namespace

void register_compare(Commands& commands) {
  const auto settings = std::make_shared<Settings>();
  settings->compare.tasks = {"multistep_arithmetic"};
  settings->compare.methods = {"ft-continued", "answer-only", "lmsi", "star", "demonstrations"};
  Command& command = commands.add("compare", "every method of the paper, several seeds, one table");
  command.example = "tripost compare --config configs/compare/demo.toml --output runs/compare";
  Options& options = command.options;
  // A comparison may grow: what its cells came to does not depend on which others there are.
  options.add("tasks", &settings->compare.tasks, "names of tasks").may_change();
  options.add("methods", &settings->compare.methods, method_help()).may_change();
  options.add("seeds", &settings->compare.seeds, "how many, from --seed on")
      .between(1, 1000)
      .may_change();
  options.add("model", &settings->model, "folder of the model to start from").required();
  options.add("output", &settings->output, "run directory").required().may_change();
  options
      .add("time-limit", &settings->time_limit,
           "hours until this call stops with everything saved, to go on later; 0: none")
      .between(0, 1e6)
      .may_change();
  add_improve_options(options, settings->improve);
  add_compare_llm_options(options, settings->llm);
  add_machine_options(options, settings->machine);
  Command* const self = &command;
  command.run = [settings, self](Terminal& terminal) {
    run_command(*settings, self->options, terminal);
  };
}

}  // namespace tripost
