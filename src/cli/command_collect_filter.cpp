// tripost collect filter: of rationales that somebody else wrote, those that are fit to train on.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "baselines/attempt_filter.h"
#include "cli/commands.h"
#include "cli/json_lines.h"
#include "cli/training_lines.h"
#include "rollout/attempt.h"

namespace tripost {
namespace {

struct Settings {
  std::string task;
  JsonLinesFiles files;
};

// The line's own answer, a letter or a number, goes before the task's, which cannot tell some.
// Where the task writes its answers in another form, as word sorting does in a list, that one is
// the task's own or a contradiction.
std::string gold_of(const Task& task, const Problem& problem, const Json& line,
                    const std::string& where) {
  const Json& fields = fields_of(line);
  if (const auto answer = fields.find("answer"); answer != fields.end()) {
    if (answer->is_string()) return *answer;
    if (answer->is_number()) return to_line(*answer);
    const Json own = task.answer_of(problem);
    if (own.is_array() && *answer == own) return problem.gold;
    fail(
        "{}{}: the field \"answer\" should be a string or a number{}, found {}; correct it or "
        "leave it out",
        where, &fields == &line ? "" : ", meta_data",
        own.is_array() ? fmt::format(", or the task's own {}", to_line(own)) : "",
        to_line(*answer));
  }
  if (problem.gold.empty())
    fail(
        "{}: the task cannot answer this question, and the line has no \"answer\"; no rationale is "
        "kept without one",
        where);
  return problem.gold;
}

Exchange exchange_of(const Task& task, const Json& line, const std::string& where) {
  Exchange exchange;
  exchange.problem = task.parse_problem(question_of(line, where), where);
  exchange.problem.gold = gold_of(task, exchange.problem, line, where);
  Completion completion;
  completion.text = string_field(fields_of(line), "rationale", where);
  exchange.steps.push_back({attempt_from(completion, exchange.problem, task), {}});
  return exchange;
}

void filter(const Settings& settings, Terminal& terminal) {
  const auto task = make_task(settings.task);
  AttemptFilter filter(FilterFor::kRationales);
  std::string kept;
  for_each_json_line(settings.files.input, [&](Json line, const std::string& where) {
    const Fate fate = filter.judge(exchange_of(*task, line, where));
    if (fate == Fate::kKept) {
      kept += to_line(line) + "\n";
    } else {
      terminal.message(fmt::format("{}: {}", where, name_of(fate)));
    }
  });
  write_file_atomically(settings.files.output, kept);
  terminal.print(filter.table());
  terminal.message(fmt::format("{} records written to {}", filter.count(Fate::kKept),
                               settings.files.output.string()));
}

}  // namespace

void register_collect_filter(Commands& commands) {
  const auto settings = std::make_shared<Settings>();
  Command& command = commands.add(
      "collect filter", "of given rationales, those in the right format with the right answer");
  command.example =
      "tripost collect filter --task date_understanding --input rationales.jsonl --output "
      "kept.jsonl";
  Options& options = command.options;
  options.add("task", &settings->task, "name of a task, or path of your own task.toml").required();
  options
      .add("input", &settings->files.input,
           "JSONL of {\"question\", \"rationale\"}, or of training records; an \"answer\" goes "
           "before "
           "the task's own")
      .required();
  options.add("output", &settings->files.output, "JSONL to write: the lines that are kept")
      .required();
  command.run = [settings](Terminal& terminal) { filter(*settings, terminal); };
}

}  // namespace tripost
