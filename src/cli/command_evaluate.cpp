// tripost evaluate: a model's scores on a task, before and after it corrected itself.
#include <fmt/format.h>

#include <charconv>
#include <memory>
#include <optional>

#include "base/error.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/machine_options.h"
#include "cli/terminal.h"
#include "evaluate/evaluate.h"
#include "evaluate/table.h"
#include "improve/improve.h"

namespace tripost {
namespace {

struct Settings {
  std::string task, split = "test", problems = "300";
  fs::path model, output;
  MachineConfig machine;
  TestConfig test;
  bool self_improve = false;
};

constexpr int kMostProblems = 1'000'000;

// nullopt when --problems names a file.
std::optional<int> count_in(const std::string& problems) {
  if (problems.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  int count = 0;
  const auto [end, error] =
      std::from_chars(problems.data(), problems.data() + problems.size(), count);
  if (error != std::errc() || count < 1 || count > kMostProblems) {
    fail_usage("--problems: expected the name of a file or a number from 1 to {}, found \"{}\"",
               kMostProblems, problems);
  }
  return count;
}

std::vector<Problem> read_problems(const Task& task, const fs::path& path) {
  std::vector<Problem> problems;
  for_each_json_line(path, [&](const Json& line, const std::string& where) {
    problems.push_back(task.parse_problem(string_field(line, "question", where), where));
  });
  if (problems.empty())
    fail("{} holds no problem; give one {{\"question\": ...}} a line", path.string());
  return problems;
}

std::vector<Problem> problems_of(const Task& task, const Settings& settings) {
  const auto count = count_in(settings.problems);
  if (!count) return read_problems(task, settings.problems);
  TestConfig test = settings.test;
  test.seen = test.unseen = *count;
  if (settings.split == "test") return test_problems(task, test);
  const Split split = settings.split == "train" ? Split::kTrain : Split::kValidation;
  return task.problems(split, {}, *count, test.seed);
}

void run_command(const Settings& settings, Terminal& terminal) {
  const auto task = make_task(settings.task);
  const std::vector<Problem> problems = problems_of(*task, settings);
  LocalModel model = LocalModel::load(settings.model, settings.machine);
  const Evaluation evaluation =
      evaluate(problems, *task, model.generator(terminal.progress()),
               {.self_improve = settings.self_improve,
                .max_updates = settings.test.max_updates,
                .sampling = {.max_new_tokens = settings.test.max_new_tokens},
                .seed = settings.test.seed});
  const std::vector<ScoreRow> rows = score(evaluation.results, *task,
                                           {.method = settings.model.string(),
                                            .seed = settings.test.seed,
                                            .seconds = evaluation.seconds});
  write_file_atomically(settings.output, to_json(rows).dump(1) + "\n");
  terminal.print("\n" + text_table(rows));
  terminal.message(
      fmt::format("{} problems; written to {}", problems.size(), settings.output.string()));
}

}  // namespace

void register_evaluate(Commands& commands) {
  const auto settings = std::make_shared<Settings>();
  Command& command =
      commands.add("evaluate", "scores of a model on a task: per level, seen, unseen, total");
  command.example =
      "tripost evaluate --task multistep_arithmetic --model models/base --self-improve --output "
      "scores.json";
  Options& options = command.options;
  TestConfig& test = settings->test;
  options.add("task", &settings->task, "name of a task, or path of your own task.toml").required();
  options.add("model", &settings->model, "folder of the model").required();
  options.add("output", &settings->output, "JSON file of the scores").required();
  options
      .add("split", &settings->split,
           "which problems are drawn; all but test have seen levels only")
      .choices({"test", "validation", "train"});
  options.add("problems", &settings->problems,
              "how many of the seen levels, and as many of the unseen ones; or a JSONL file of "
              "{\"question\"}");
  options.add("self-improve", &settings->self_improve,
              "let the model give itself feedback and update its answer");
  options.add("max-updates", &test.max_updates, "self-improvement turns").between(0, 100);
  options.add("max-new-tokens", &test.max_new_tokens, "limit of an attempt").between(1, 1e6);
  options.add("seed", &test.seed, "of the problems: the same for every model that is compared");
  add_machine_options(options, settings->machine);
  command.run = [settings](Terminal& terminal) { run_command(*settings, terminal); };
}

}  // namespace tripost
