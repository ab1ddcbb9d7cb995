// tripost evaluate: scores on a task, before and after correction, of a model by itself or with an
// LLM in its place.
#include <fmt/format.h>

#include <memory>
#include <optional>

#include "base/error.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/llm_options.h"
#include "cli/machine_options.h"
#include "cli/problem_options.h"
#include "cli/terminal.h"
#include "cli/unused_options.h"
#include "edit/llm_attempts.h"
#include "edit/source_turns.h"
#include "evaluate/evaluate.h"
#include "evaluate/table.h"

namespace tripost {
namespace {

struct Settings : ProblemSettings {
  std::string attempt = "model", feedback = "model";
  fs::path model, output, exchanges;
  MachineConfig machine;
  LlmSettings llm;
  int max_updates = 2;
  int max_new_tokens = 1536;
  bool self_improve = false, return_if_correct = false;

  bool llm_attempts() const { return attempt == "llm"; }
  bool llm_corrects() const { return self_improve && feedback == "llm"; }
  bool uses_model() const { return !llm_attempts() || (self_improve && feedback == "model"); }
};

void check(const Settings& settings, const Options& options) {
  if (settings.uses_model() && settings.model.empty()) fail_usage("evaluate needs --model");
  if (settings.feedback == "llm" && !settings.self_improve)
    fail_usage("--feedback llm says who corrects answers: give --self-improve too");
  if (settings.return_if_correct && !settings.llm_corrects())
    fail_usage(
        "--return-if-correct stops an LLM's corrections: give --self-improve --feedback llm too");
  if (!settings.llm_attempts() && !settings.llm_corrects())
    refuse_unused(options, llm_option_names(),
                  "no LLM is asked; give --attempt llm, or --self-improve --feedback llm, too");
}

// As the paper calls its rows.
std::string method_of(const Settings& settings) {
  const fs::path& llm = settings.llm.folder;
  std::string name = settings.llm_attempts() ? llm.empty() ? settings.llm.model : llm.string()
                                             : settings.model.string();
  if (settings.llm_corrects()) name += " + SI prompt";
  if (settings.return_if_correct) name += ", oracle stop";
  return name;
}

// Everyone that takes part; stages refer to it.
struct Cast {
  std::optional<LocalModel> model;
  std::optional<Llm> llm;
  Generate generate;  // the model's
  std::optional<LlmFeedback> feedback;
  std::optional<LlmImprovement> improvement;

  Cast(const Settings& settings, const Task& task, const Progress& progress) {
    if (settings.llm_attempts() || settings.llm_corrects()) {
      llm.emplace(settings.llm, settings.output, settings.output.string() + ".llm_cache.sqlite",
                  settings.machine, progress);
      llm->check();
    }
    if (settings.uses_model()) {
      model.emplace(LocalModel::load(settings.model, settings.machine));
      generate = model->generator(progress);
    }
    if (!settings.llm_corrects()) return;
    LlmSourceConfig judge = llm->source_config(0, settings.seed);
    judge.may_find_none = true;
    judge.praises_right = settings.return_if_correct;
    feedback.emplace(task, llm->prompt(task, "judge.txt"), llm->review_generator(), judge);
    improvement.emplace(llm->prompt(task, "improve.txt"), llm->generator(),
                        llm->source_config(0, settings.seed));
  }
};

EvaluateStages stages_of(const Settings& settings, const Task& task, Cast& cast) {
  EvaluateStages stages = model_stages(task, cast.generate,
                                       {.self_improve = settings.self_improve,
                                        .max_updates = settings.max_updates,
                                        .sampling = {.max_new_tokens = settings.max_new_tokens},
                                        .seed = settings.seed});
  if (settings.llm_attempts()) {
    stages.attempt = [&](const std::vector<Problem>& problems) {
      return llm_attempts(problems, task, cast.llm->prompt(task, "attempt.txt"),
                          cast.llm->generator(), cast.llm->source_config(0, settings.seed));
    };
  }
  if (settings.llm_corrects()) {
    stages.correct = [&](std::vector<Exchange> exchanges) {
      return correct_in_turns(std::move(exchanges), task, *cast.feedback, *cast.improvement,
                              settings.max_updates);
    };
  }
  return stages;
}

// What the LLM's part came to, by cause.
void report_llm(Cast& cast, Terminal& terminal) {
  if (cast.feedback) {
    terminal.message(fmt::format("feedback: {}", describe_causes(cast.feedback->take_counts())));
    terminal.message(fmt::format("updates: {}", describe_causes(cast.improvement->take_counts())));
  }
  if (!cast.llm->summary().empty()) terminal.message(cast.llm->summary());
}

void run_command(const Settings& settings, const Options& options, Terminal& terminal) {
  check(settings, options);
  const auto task = make_task(settings.task);
  const std::vector<Problem> problems = problems_of(*task, settings, options);
  Cast cast(settings, *task, terminal.progress());
  const Evaluation evaluation = evaluate(problems, *task, stages_of(settings, *task, cast));
  const std::vector<ScoreRow> rows =
      score(evaluation.results, *task,
            {.method = method_of(settings), .seed = settings.seed, .seconds = evaluation.seconds});
  write_file_atomically(settings.output, to_json(rows).dump(1) + "\n");
  if (!settings.exchanges.empty())
    write_file_atomically(settings.exchanges, to_lines(evaluation.exchanges));
  terminal.print("\n" + text_table(rows));
  terminal.message(describe_ends(evaluation.exchanges));
  if (cast.llm) report_llm(cast, terminal);
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
  add_problem_options(options, *settings,
                      "how many of the seen levels, and as many of the unseen ones");
  options.add("model", &settings->model, "folder of the model");
  options.add("output", &settings->output, "JSON file of the scores").required();
  options.add("exchanges", &settings->exchanges,
              "also write every question's attempts, feedback and updates to this JSONL file");
  options
      .add("split", &settings->split,
           "which problems are drawn; all but test have seen levels only")
      .choices({"test", "validation", "train"});
  options.add("attempt", &settings->attempt, "who answers: the model, or an LLM by few-shot prompt")
      .choices({"model", "llm"});
  options.add("self-improve", &settings->self_improve, "go on with feedback and updates");
  options
      .add("feedback", &settings->feedback,
           "who gives feedback and updates answers: the model itself, or an LLM by few-shot prompt")
      .choices({"model", "llm"});
  options.add("return-if-correct", &settings->return_if_correct,
              "the LLM's corrections stop at the gold answer: no fair score, but the paper's");
  options.add("max-updates", &settings->max_updates, "self-improvement turns").between(0, 100);
  options.add("max-new-tokens", &settings->max_new_tokens, "limit of a model's attempt")
      .between(1, 1e6);
  options.add("seed", &settings->seed,
              "of the problems: the same for every model that is compared");
  add_llm_options(options, settings->llm, "OUTPUT.llm_cache.sqlite");
  add_machine_options(options, settings->machine);
  Command* const self = &command;
  command.run = [settings, self](Terminal& terminal) {
    run_command(*settings, self->options, terminal);
  };
}

}  // namespace tripost
