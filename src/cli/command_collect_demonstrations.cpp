// tripost collect demonstrations: somebody else's attempts, corrected, as training records (the
// paper's SI from demonstrations): attempt, feedback and update by an LLM, or by the task's
// scripts.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "base/error.h"
#include "base/file.h"
#include "baselines/demonstrations.h"
#include "cli/commands.h"
#include "cli/llm_demonstrations.h"
#include "cli/machine_options.h"
#include "cli/problem_options.h"
#include "cli/terminal.h"
#include "cli/unused_options.h"
#include "improve/collect.h"
#include "run/config.h"
#include "run/inputs.h"

namespace tripost {
namespace {

constexpr int kIteration = 1;  // what the work folder calls the one collection

struct Settings : ProblemSettings {
  std::string from = "scripted";
  fs::path output;
  double section_weight = 1.5;
  ImproveConfig config;
  LlmSettings llm;
  MachineConfig machine;

  bool from_llm() const { return from == "llm"; }
};

void check(const Settings& settings, const Options& options) {
  if (settings.from_llm()) return;
  std::vector<std::string> unused = llm_option_names();
  unused.insert(unused.end(), {"samples", "temperature"});
  refuse_unused(options, unused, "only an LLM is asked so; give --from llm too");
}

// What the records in the work folder were made from.
InputFiles inputs_of(const Settings& settings, const Task& task) {
  InputFiles inputs = inputs_of_problems(settings);
  if (!settings.from_llm()) return inputs;
  inputs.merge(inputs_of_demonstrations(settings.llm, task));
  inputs.merge(settings.llm.inputs());
  return inputs;
}

// Attempts, edited, converted and balanced, written to the work folder.
std::vector<Record> make_records(const std::vector<Problem>& problems, const Settings& settings,
                                 const ImproveConfig& config, const Task& task,
                                 const RunDirectory& run, Llm* llm) {
  if (!settings.from_llm())
    return records_from(scripted_attempts(problems, task, /*samples=*/1, settings.seed, kIteration),
                        problems, task, config, run, kIteration);
  return llm_demonstrations(problems, task, settings.llm, *llm, config, run, kIteration);
}

void print_counts(const Json& counts, Terminal& terminal) {
  std::string text;
  const auto rows = [&](const std::string& title, const Json& values) {
    std::string lines;
    for (const auto& [name, count] : values.items()) {
      if (count.get<int64_t>() > 0)
        lines += fmt::format("  {:<60}{:>8}\n", name, count.get<int64_t>());
    }
    if (!lines.empty()) text += title + "\n" + lines;
  };
  rows("attempts that ended as", counts.at("outcomes"));
  rows("not corrected because", counts.at("causes"));
  for (const char* source : {"verifier", "improver"}) {
    if (counts.contains(source)) rows(source, counts.at(source));
  }
  for (const auto& [kind, of_kind] : counts.at("records").items())
    rows("records: " + kind, of_kind);
  terminal.print(text);
}

void collect(const Settings& settings, const Options& options, Terminal& terminal) {
  check(settings, options);
  const auto task = make_task(settings.task);
  const auto problems = problems_of(*task, settings, options);
  const InputFiles inputs = inputs_of(settings, *task);
  const RunDirectory run(settings.output.string() + ".work");
  fs::create_directories(run.iteration(kIteration));
  const DirectoryLock lock(run.root());
  std::optional<Llm> llm;
  if (settings.from_llm()) {
    llm.emplace(settings.llm, run.root(), run.root() / "llm_cache.sqlite", settings.machine,
                terminal.progress());
    llm->check();
  }
  save_or_compare_config(run.config(), options, "tripost collect demonstrations");
  save_or_compare_inputs(run.inputs(), hashes_of(inputs));
  ImproveConfig config = settings.config;
  config.seed = settings.seed;
  config.weights.section = static_cast<float>(settings.section_weight);
  if (!fs::exists(run.train_records(kIteration)))
    make_records(problems, settings, config, *task, run, llm ? &*llm : nullptr);
  const std::string records = read_file(run.train_records(kIteration));
  write_file_atomically(settings.output, records);
  print_counts(parse_json(read_file(run.counts(kIteration)), run.counts(kIteration).string()),
               terminal);
  if (llm && !llm->summary().empty()) terminal.message(llm->summary());
  terminal.message(fmt::format("{} records written to {}; trajectories in {}",
                               std::count(records.begin(), records.end(), '\n'),
                               settings.output.string(), run.root().string()));
}

}  // namespace

void register_collect_demonstrations(Commands& commands) {
  const auto settings = std::make_shared<Settings>();
  settings->split = "train";
  settings->problems = "550";
  settings->seed = 42;
  Command& command =
      commands.add("collect demonstrations",
                   "attempt, feedback and update by an LLM or by scripts, as training records");
  command.example =
      "tripost collect demonstrations --task date_understanding --output demonstrations.jsonl";
  Options& options = command.options;
  add_problem_options(options, *settings, "how many training questions");
  options.add("output", &settings->output, "JSONL to write").required().may_change();
  options.add("from", &settings->from, "who attempts, gives feedback and updates")
      .choices({"scripted", "llm"});
  options.add("samples", &settings->config.samples, "LLM's attempts at each question")
      .between(1, 1000);
  options.add("temperature", &settings->config.sampling.temperature, "of the LLM's attempts")
      .between(0, 10);
  options.add("max-updates", &settings->config.edit.max_updates, "corrections of one attempt")
      .between(1, 100);
  options
      .add("improve-data-ratio", &settings->config.balance.improve_data_ratio,
           "improvement records per non-improvement record; 0 keeps all")
      .between(0, 1000);
  options.add("section-weight", &settings->section_weight, "loss weight from the feedback on")
      .between(0, 1000);
  options.add("seed", &settings->seed, "of the questions and the attempts");
  add_llm_options(options, settings->llm, "OUTPUT.work/llm_cache.sqlite");
  add_machine_options(options, settings->machine);
  Command* const self = &command;
  command.run = [settings, self](Terminal& terminal) {
    collect(*settings, self->options, terminal);
  };
}

}  // namespace tripost
