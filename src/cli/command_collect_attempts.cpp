// tripost collect attempts: a model's own attempts whose answer is right, as training records (LMSI
// as the paper runs it: several attempts at a high temperature).
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>
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
#include "improve/model_files.h"
#include "rollout/rollout.h"
#include "run/config.h"
#include "run/inputs.h"
#include "run/run_directory.h"

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

std::unique_ptr<LocalModel> load(const Settings& settings) {
  return std::make_unique<LocalModel>(LocalModel::load(settings.model, settings.machine));
}

std::vector<Exchange> read_exchanges(const fs::path& path) {
  std::vector<Exchange> exchanges;
  for_each_json_line(path, [&](Json line, const std::string& where) {
    exchanges.push_back(exchange_from_json(line, where));
  });
  return exchanges;
}

// The attempts at all problems, part by part; parts that an earlier call has finished are read.
// `model` is loaded, where it is not yet, when there is something to do.
std::vector<Exchange> attempts_at(const std::vector<Problem>& problems, const Task& task,
                                  const Settings& settings, const fs::path& work,
                                  std::unique_ptr<LocalModel> model, Terminal& terminal) {
  std::vector<Exchange> all;
  for (std::size_t begin = 0; begin < problems.size(); begin += kProblemsOfPart) {
    check_interrupt();
    const fs::path file = work / fmt::format("attempts-{}.jsonl", begin);
    if (!fs::exists(file)) {
      if (!model) model = load(settings);
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

// What the finished parts were made from. Hashing the weights takes seconds for each gigabyte, next
// to minutes of generation.
InputFiles inputs_of(const Settings& settings) {
  InputFiles inputs = inputs_of_problems(settings);
  inputs.merge(files_of_model(settings.model, "--model"));
  return inputs;
}

void collect(const Settings& settings, const Options& options, Terminal& terminal) {
  const auto task = make_task(settings.task);
  const auto problems = problems_of(*task, settings, options);
  const InputFiles inputs = inputs_of(settings);
  const RunDirectory run(settings.output.string() + ".work");
  fs::create_directories(run.root());
  const DirectoryLock lock(run.root());
  // A new collection is bound once the model is there: a wrong one must not bind the next call.
  std::unique_ptr<LocalModel> model = fs::exists(run.config()) ? nullptr : load(settings);
  save_or_compare_config(run.config(), options, "tripost collect attempts");
  save_or_compare_inputs(run.inputs(), hashes_of(inputs));
  AttemptFilter filter(FilterFor::kOwnAttempts);
  const auto records = lmsi_records(
      attempts_at(problems, *task, settings, run.root(), std::move(model), terminal), filter);
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
