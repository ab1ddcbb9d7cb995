// tripost collect attempts: a model's own attempts whose answer is right, as training records (LMSI
// as the paper runs it: several attempts at a high temperature).
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "baselines/sampled_rationales.h"
#include "cli/commands.h"
#include "cli/machine_options.h"
#include "cli/problem_options.h"
#include "cli/terminal.h"
#include "cli/training_lines.h"
#include "improve/local_model.h"
#include "rollout/rollout.h"
#include "run/config.h"

namespace tripost {
namespace {

constexpr std::size_t kProblemsOfPart = 64;  // what a stopped command may have to do again

struct Settings : ProblemSettings {
  fs::path model, output;
  MachineConfig machine;
  int samples = kLmsiPasses;
  double temperature = kLmsiTemperature;
  int max_new_tokens = 1024;
};

std::vector<Exchange> read_exchanges(const fs::path& path) {
  std::vector<Exchange> exchanges;
  for_each_json_line(path, [&](Json line, const std::string& where) {
    exchanges.push_back(exchange_from_json(line, where));
  });
  return exchanges;
}

// The attempts at all problems, part by part; parts that an earlier call has finished are read.
std::vector<Exchange> attempts_at(const std::vector<Problem>& problems, const Task& task,
                                  const Settings& settings, const fs::path& work,
                                  Terminal& terminal) {
  std::unique_ptr<LocalModel> model;  // loaded when there is something to do
  std::vector<Exchange> all;
  for (std::size_t begin = 0; begin < problems.size(); begin += kProblemsOfPart) {
    check_interrupt();
    const fs::path file = work / fmt::format("attempts-{}.jsonl", begin);
    if (!fs::exists(file)) {
      if (!model)
        model = std::make_unique<LocalModel>(LocalModel::load(settings.model, settings.machine));
      const auto end = std::min(begin + kProblemsOfPart, problems.size());
      const std::vector<Problem> part(problems.begin() + static_cast<std::ptrdiff_t>(begin),
                                      problems.begin() + static_cast<std::ptrdiff_t>(end));
      write_file_atomically(
          file, to_lines(rollout(part, task, model->generator(),
                                 {.samples = settings.samples,
                                  .sampling = {.temperature = settings.temperature,
                                               .max_new_tokens = settings.max_new_tokens},
                                  .seed = settings.seed})));
    }
    const auto made = read_exchanges(file);
    all.insert(all.end(), made.begin(), made.end());
    terminal.update({.stage = "attempts",
                     .done = static_cast<int64_t>(all.size()),
                     .total = static_cast<int64_t>(problems.size()) * settings.samples,
                     .unit = "attempts",
                     .detail = ""});
  }
  return all;
}

void collect(const Settings& settings, const Options& options, Terminal& terminal) {
  const auto task = make_task(settings.task);
  const auto problems = problems_of(*task, settings);
  const fs::path work = settings.output.string() + ".work";
  fs::create_directories(work);
  const DirectoryLock lock(work);
  save_or_compare_config(work / "config.toml", options, "tripost collect attempts");
  AttemptFilter filter(FilterFor::kOwnAttempts);
  const auto records = lmsi_records(attempts_at(problems, *task, settings, work, terminal), filter);
  std::string lines;
  for (const Record& record : records)
    lines += to_line({{"text", record.text}, {"text_att_start_text", kAttemptMarker}}) + "\n";
  write_file_atomically(settings.output, lines);
  terminal.print(filter.table());
  terminal.message(
      fmt::format("{} records written to {}: what is kept, each also as its answer alone",
                  records.size(), settings.output.string()));
}

}  // namespace

void register_collect_attempts(Commands& commands) {
  const auto settings = std::make_shared<Settings>();
  settings->split = "train";
  settings->problems = "550";
  settings->seed = 42;
  Command& command = commands.add(
      "collect attempts", "a model's own attempts with right answers, as training records (LMSI)");
  command.example =
      "tripost collect attempts --task multistep_arithmetic --model runs/ft/model --output "
      "lmsi.jsonl";
  Options& options = command.options;
  add_problem_options(options, *settings, "how many training questions");
  options.add("model", &settings->model, "folder of the model").required();
  options.add("output", &settings->output, "JSONL to write").required().may_change();
  options.add("samples", &settings->samples, "attempts at each question").between(1, 1000);
  options.add("temperature", &settings->temperature, "of the attempts").between(0, 10);
  options.add("max-new-tokens", &settings->max_new_tokens, "limit of an attempt").between(1, 1e6);
  options.add("seed", &settings->seed, "of the questions and the attempts");
  add_machine_options(options, settings->machine);
  Command* const self = &command;
  command.run = [settings, self](Terminal& terminal) {
    collect(*settings, self->options, terminal);
  };
}

}  // namespace tripost
