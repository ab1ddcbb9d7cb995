// tripost check-task: a task proves itself on its own problems (task_check.h), on injected errors
// and on attempts from a file, which are compared with what the file says of them, if it does. No
// question may be in two splits.
#include <fmt/format.h>

#include <map>
#include <memory>

#include "base/error.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/task_check.h"
#include "cli/terminal.h"
#include "cli/training_lines.h"
#include "task/task.h"

namespace tripost {
namespace {

struct Settings {
  std::string task;
  std::filesystem::path problems, attempts, output;
  int count = 1000;
  uint64_t seed = 42;
};

void check_splits(const Task& task, const Settings& settings, TaskCheck& check) {
  std::map<std::string, const char*> split_of;
  const std::pair<Split, const char*> splits[] = {
      {Split::kTrain, "train"}, {Split::kValidation, "validation"}, {Split::kTest, "test"}};
  for (const auto& [split, name] : splits) {
    const auto problems = task.problems(split, {}, settings.count, settings.seed);
    check.run(problems, name);
    for (const Problem& problem : problems) {
      const auto [earlier, added] = split_of.emplace(problem.id, name);
      if (!added && earlier->second != name) {
        check.failed(fmt::format("{} is in {} and in {}", problem.id, earlier->second, name));
      }
    }
  }
}

std::vector<Problem> read_problems(const Task& task, const std::filesystem::path& path,
                                   TaskCheck& check) {
  std::vector<Problem> problems;
  for_each_json_line(path, [&](const Json& line, const std::string& where) {
    problems.push_back(task.parse_problem(question_of(line, where), where));
    const Json& fields = fields_of(line);
    if (!fields.contains("answer")) return;
    const Json& given = fields["answer"];
    const std::string answer = given.is_string() ? given.get<std::string>() : given.dump();
    if (answer != problems.back().gold && given != task.answer_of(problems.back())) {
      check.failed(fmt::format(
          "{}: the answer \"{}\" is given, but {} finds {}", where, answer, task.name(),
          problems.back().gold.empty() ? "none" : fmt::format("\"{}\"", problems.back().gold)));
    }
  });
  return problems;
}

// How a line's review differs from its "correct" and "step", where it has them; empty when it does
// not.
std::string difference(const Json& line, const Review& review) {
  const Json step = review.step.empty() ? Json(nullptr) : Json(review.step);
  std::string text;
  const auto compare = [&](const char* key, const Json& found) {
    if (!line.contains(key) || line[key] == found) return;
    text += fmt::format("{}expected \"{}\": {}, found {}", text.empty() ? "" : ", ", key,
                        to_line(line[key]), to_line(found));
  };
  compare("correct", review.correct);
  compare("step", step);
  return text;
}

// What the verifier says of the attempts of a file, summed up in one line.
std::string check_attempts(const Task& task, const std::filesystem::path& path, TaskCheck& check) {
  int correct = 0, wrong = 0, unreadable = 0;
  for_each_json_line(path, [&](const Json& line, const std::string& where) {
    check_interrupt();
    const Problem problem = task.parse_problem(question_of(line, where), where);
    const std::string attempt = attempt_of(line, where);
    const Review review = task.verify(problem, attempt);
    ++(review.correct ? correct : review.error.empty() ? wrong : unreadable);
    const std::string differs = difference(line, review);
    if (!review.failed && differs.empty()) return;
    const std::string says = review.error.empty() ? review.feedback : "no review: " + review.error;
    check.failed(fmt::format("{}: {}{}{}", where, differs, differs.empty() ? "" : "; ", says),
                 {{"attempt", attempt}});
  });
  return fmt::format("attempts of {}: {} correct, {} wrong, {} unreadable\n", path.string(),
                     correct, wrong, unreadable);
}

// A task without gold steps passes with nothing tried: its author should know.
void say_what_was_not_tried(const TaskCheck& check, const Settings& settings, Terminal& terminal) {
  if (check.without_steps() == 0) return;
  std::string remedy =
      settings.attempts.empty() ? "try attempts of known worth with --attempts" : "";
  if (settings.task.ends_with(".toml"))
    remedy = "give them a \"rationale\"" + (remedy.empty() ? "" : ", or " + remedy);
  terminal.message(
      fmt::format("{} of {} problems have no gold steps: reading their answers, verifying and "
                  "improving was not "
                  "tried on them{}{}",
                  check.without_steps(), check.problems(), remedy.empty() ? "" : "; ", remedy));
}

void check_task(const Settings& settings, Terminal& terminal) {
  const auto task = make_task(settings.task);
  TaskCheck check(*task, terminal);
  if (settings.problems.empty()) {
    check_splits(*task, settings, check);
  } else {
    check.run(read_problems(*task, settings.problems, check), "check");
  }
  check.check_share_missed();
  terminal.print(check.tables());
  if (!settings.attempts.empty()) terminal.print(check_attempts(*task, settings.attempts, check));
  say_what_was_not_tried(check, settings, terminal);
  if (!settings.output.empty()) {
    std::string cases;
    for (const Json& one : check.cases()) cases += to_line(one) + "\n";
    write_file_atomically(settings.output, cases);
  }
  if (const std::string more = check.not_shown(); !more.empty())
    terminal.message(more + (settings.output.empty() ? "; --output F.jsonl writes all of them"
                                                     : ": " + settings.output.string()));
  if (check.failures() > 0) fail("{} checks of {} failed", check.failures(), settings.task);
}

}  // namespace

void register_check_task(Commands& commands) {
  const auto settings = std::make_shared<Settings>();
  Command& command = commands.add(
      "check-task",
      "a task proves itself: generator, grader, verifier and improver on gold answers");
  command.example = "tripost check-task --task multistep_arithmetic";
  command.options.add("task", &settings->task, "name of a task, or path of your own task.toml")
      .required();
  command.options.add(
      "problems", &settings->problems,
      "JSONL of {\"question\"} (and \"answer\"), or of training records, instead of "
      "generated ones");
  command.options.add("attempts", &settings->attempts,
                      "JSONL of {\"question\", \"attempt\"}, verified too, and compared with its "
                      "\"correct\" and \"step\"");
  command.options.add("output", &settings->output,
                      "JSONL to write: every case that failed or was missed, with its attempt");
  command.options.add("count", &settings->count, "generated problems per split")
      .between(1, 10'000'000);
  command.options.add("seed", &settings->seed, "seed of the generated problems");
  command.run = [settings](Terminal& terminal) { check_task(*settings, terminal); };
}

}  // namespace tripost
