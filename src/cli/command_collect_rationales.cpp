// tripost collect rationales: questions to the reference's training records, with the task's own
// gold steps or with those of an LLM that pass the reference's filters.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "baselines/attempt_filter.h"
#include "cli/commands.h"
#include "cli/json_lines.h"
#include "cli/llm_options.h"
#include "cli/machine_options.h"
#include "cli/training_lines.h"
#include "cli/unused_options.h"
#include "edit/llm_attempts.h"

namespace tripost {
namespace {

struct Settings {
  std::string task, from = "task";
  JsonLinesFiles files;
  int samples = 1;
  double temperature = 0.7;
  uint64_t seed = 42;
  LlmSettings llm;
  MachineConfig machine;
};

using Unsolved = std::vector<std::pair<std::string, Problem>>;  // by where the line stands

// Names the first few, each with what the task's improver says when it is asked for all steps.
void show(const Unsolved& unsolved, const Task& task, Terminal& terminal) {
  constexpr std::size_t kShown = 10;
  for (std::size_t i = 0; i < std::min(kShown, unsolved.size()); ++i) {
    const auto& [where, problem] = unsolved[i];
    Review first_step;
    first_step.step = "1";
    std::string why;
    task.improve(problem, "(1) ?", first_step, why);
    terminal.message(fmt::format("{}: no steps{}{}", where, why.empty() ? "" : ", since ", why));
  }
  if (unsolved.size() > kShown)
    terminal.message(fmt::format("and {} more without steps", unsolved.size() - kShown));
}

void collect_from_task(const Settings& settings, const Task& task, Terminal& terminal) {
  Unsolved unsolved;
  const auto change = [&](const Json& line, const std::string& where) {
    const Problem problem = task.parse_problem(question_of(line, where), where);
    if (!problem.rationale.empty()) return rationale_line(task, problem, line);
    unsolved.emplace_back(where, problem);
    return Json();
  };
  const int64_t lines = change_json_lines(settings.files, "collect rationales", terminal, change);
  show(unsolved, task, terminal);
  const auto without = static_cast<int64_t>(unsolved.size());
  terminal.message(
      fmt::format("{} records written to {}", lines - without, settings.files.output.string()));
  if (unsolved.empty()) return;
  terminal.message(
      fmt::format("{} of {} questions left out: {} cannot make their steps; --from llm "
                  "asks an LLM for them",
                  without, lines, task.name()));
  if (without == lines) fail("no question of {} has steps", settings.files.input.string());
}

// The answers lie in the LLM's cache before they are used: a stopped command goes on from there.
void collect_from_llm(const Settings& settings, const Task& task, Terminal& terminal) {
  std::vector<Json> lines;
  std::vector<Problem> problems;
  for_each_json_line(settings.files.input, [&](Json line, const std::string& where) {
    problems.push_back(task.parse_problem(question_of(line, where), where));
    if (problems.back().gold.empty())
      fail("{}: the answer is not known, and nothing is collected without it", where);
    lines.push_back(std::move(line));
  });
  const fs::path& output = settings.files.output;
  Llm llm(settings.llm, output, output.string() + ".llm_cache.sqlite", settings.machine,
          terminal.progress());
  llm.check();
  const auto exchanges =
      llm_attempts(problems, task, llm.prompt(task, "attempt.txt"), llm.generator(),
                   llm.source_config(settings.temperature, settings.seed), settings.samples);
  AttemptFilter filter(FilterFor::kRationales);
  std::string records;
  for (std::size_t i = 0; i < exchanges.size(); ++i) {
    if (filter.judge(exchanges[i]) != Fate::kKept) continue;
    Problem problem = exchanges[i].problem;
    problem.rationale = exchanges[i].steps.front().attempt.text;
    const Json& line = lines[i / static_cast<std::size_t>(settings.samples)];
    records += to_line(rationale_line(task, problem, line)) + "\n";
  }
  write_file_atomically(output, records);
  terminal.print(filter.table());
  if (!llm.summary().empty()) terminal.message(llm.summary());
  terminal.message(
      fmt::format("{} records written to {}", filter.count(Fate::kKept), output.string()));
}

void check(const Settings& settings, const Options& options) {
  if (settings.from == "llm") return;
  std::vector<std::string> unused = llm_option_names();
  unused.insert(unused.end(), {"samples", "temperature", "seed"});
  refuse_unused(options, unused, "only an LLM is asked so; give --from llm too");
}

void collect(const Settings& settings, const Options& options, Terminal& terminal) {
  check(settings, options);
  const auto task = make_task(settings.task);
  if (settings.from == "llm") {
    collect_from_llm(settings, *task, terminal);
  } else {
    collect_from_task(settings, *task, terminal);
  }
}

}  // namespace

void register_collect_rationales(Commands& commands) {
  const auto settings = std::make_shared<Settings>();
  Command& command = commands.add(
      "collect rationales", "steps of given questions as training records: gold, or an LLM's");
  command.example =
      "tripost collect rationales --task multistep_arithmetic --input questions.jsonl --output "
      "train.jsonl";
  Options& options = command.options;
  options.add("task", &settings->task, "name of a task, or path of your own task.toml").required();
  options.add("input", &settings->files.input, "JSONL of {\"question\"}, or of training records")
      .required();
  options
      .add("output", &settings->files.output,
           "JSONL to write; \"text\" is the reference's byte for byte where its scripts make it")
      .required();
  options
      .add("from", &settings->from,
           "the task's own steps, or an LLM's: kept in the right format, with the right answer "
           "that follows from the step before it")
      .choices({"task", "llm"});
  options.add("samples", &settings->samples, "LLM's attempts at each question").between(1, 1000);
  options.add("temperature", &settings->temperature, "of the LLM").between(0, 10);
  options.add("seed", &settings->seed, "of the LLM's samples");
  add_llm_options(options, settings->llm, "OUTPUT.llm_cache.sqlite");
  add_machine_options(options, settings->machine);
  Command* const self = &command;
  command.run = [settings, self](Terminal& terminal) {
    collect(*settings, self->options, terminal);
  };
}

}  // namespace tripost
