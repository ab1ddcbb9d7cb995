// tripost collect rationales: questions to the reference's training records, with the task's own
// gold steps.
#include <memory>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/json_lines.h"
#include "task/task.h"

namespace tripost {
namespace {

struct Settings {
  std::string task;
  JsonLinesFiles files;
};

constexpr const char* kMarker = "\nAnswer:";  // from here on the text is trained on

Json rationale_record(const Task& task, const Json& line, const std::string& where) {
  const Problem problem = task.parse_problem(string_field(line, "question", where), where);
  if (problem.rationale.empty()) {
    fail("{}: {} cannot make the steps of this question; collect them from an LLM instead", where,
         task.name());
  }
  Json meta_data = {{"rationale", problem.rationale},
                    {"answer", task.answer_of(problem)},
                    {"question", problem.question}};
  for (const auto& [key, value] : line.items()) {
    if (!meta_data.contains(key)) meta_data[key] = value;
  }
  return {{"text", fmt::format("Q: {}{} {}\n{}", problem.question, kMarker, problem.lead_in,
                               problem.rationale)},
          {"text_att_start_text", kMarker},
          {"meta_data", meta_data}};
}

void collect(const Settings& settings, Terminal& terminal) {
  const auto task = make_task(settings.task);
  const int64_t lines = change_json_lines(settings.files, "collect rationales", terminal,
                                          [&](const Json& line, const std::string& where) {
                                            return rationale_record(*task, line, where);
                                          });
  terminal.message(fmt::format("{} records written to {}", lines, settings.files.output.string()));
}

}  // namespace

void register_collect_rationales(Commands& commands) {
  const auto settings = std::make_shared<Settings>();
  Command& command =
      commands.add("collect rationales", "gold steps of given questions, as training records");
  command.example =
      "tripost collect rationales --task multistep_arithmetic --input questions.jsonl --output "
      "train.jsonl";
  command.options.add("task", &settings->task, "name of a task, or path of your own task.toml")
      .required();
  command.options.add("input", &settings->files.input, "JSONL of {\"question\"}").required();
  command.options.add("output", &settings->files.output, "JSONL to write").required();
  command.run = [settings](Terminal& terminal) { collect(*settings, terminal); };
}

}  // namespace tripost
