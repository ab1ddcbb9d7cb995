// tripost train: supervised fine-tuning on JSONL records, or training from scratch.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>
#include <memory>

#include "base/error.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/lora_options.h"
#include "cli/machine_options.h"
#include "cli/peak_memory.h"
#include "cli/terminal.h"
#include "cli/train_options.h"
#include "run/config.h"
#include "run/metrics.h"
#include "run/run_directory.h"
#include "train/checkpoint.h"
#include "trajectory/record_file.h"

namespace tripost {
namespace {

struct Settings {
  std::vector<std::string> data;
  fs::path model, init, tokenizer, output;
  MachineConfig machine;
  TrainSettings train;
  LoraConfig lora;
  double section_weight = 1.0;
  uint64_t seed = 42;
};

std::vector<Record> records_of(const Settings& settings) {
  std::vector<Record> records;
  for (const fs::path path : settings.data) {
    std::vector<Record> read = read_records(path, static_cast<float>(settings.section_weight));
    std::move(read.begin(), read.end(), std::back_inserter(records));
  }
  if (records.empty()) fail("--data: {} holds no record", fmt::join(settings.data, ", "));
  return records;
}

LocalModel open_model(const Settings& settings) {
  if (settings.init.empty() == settings.model.empty()) {
    fail_usage(
        "give either --model (a folder to fine-tune) or --init (a config.json to train from "
        "scratch)");
  }
  LoraConfig lora = resolved_lora(settings.lora);
  lora.seed = settings.seed;
  if (settings.init.empty())
    return LocalModel::load(settings.model, settings.machine, /*training=*/true, lora);
  if (lora.rank > 0)
    fail_usage("--lora-rank: an adapter belongs on a trained model; give --model, not --init");
  if (settings.tokenizer.empty())
    fail_usage("--init needs --tokenizer, the folder of a tokenizer.json");
  return LocalModel::from_scratch(settings.init, settings.tokenizer, settings.seed,
                                  settings.machine);
}

void train(const Settings& settings, const Options& options, Terminal& terminal) {
  const RunDirectory run(settings.output);
  run.create();
  const DirectoryLock lock(run.root());
  const bool resumed = fs::exists(run.config());
  if (resumed) save_or_compare_config(run.config(), options, "tripost train");
  if (fs::exists(run.model())) {
    remove_checkpoints(run.checkpoints());  // of a call that ended between its model and this
    terminal.message(fmt::format("{} is there already: nothing to do", run.model().string()));
    return;
  }
  LocalModel model = open_model(settings);
  const std::vector<Record> records = records_of(settings);
  // Only now: settings that name a wrong file must not bind the next call.
  if (!resumed) save_or_compare_config(run.config(), options, "tripost train");
  terminal.message(fmt::format("{} records, {:.2f}M parameters, {:.2f}M trained", records.size(),
                               static_cast<double>(model.num_parameters()) / 1e6,
                               static_cast<double>(model.num_trained_parameters()) / 1e6));
  TrainConfig config = settings.train.resolved();
  config.seed = settings.seed;
  std::unique_ptr<Metrics> metrics;
  const TrainResult result =
      model.train(records, config, run.checkpoints(), [&](const TrainMetrics& now) {
        if (!metrics) metrics = std::make_unique<Metrics>(run, now.step);
        metrics->write(now.step, 0,
                       {{"loss", now.loss},
                        {"learning_rate", now.learning_rate},
                        {"gradient_norm", now.gradient_norm}});
        terminal.update({.stage = "train",
                         .done = now.step,
                         .total = now.total_steps,
                         .unit = "steps",
                         .detail = fmt::format("loss {:.4f}, {:.1f}k tokens/s", now.loss,
                                               now.tokens_per_second / 1000)});
      });
  model.save(run.model());
  remove_checkpoints(run.checkpoints());
  terminal.message(fmt::format(
      "{} steps, {} tokens in {:.0f} s, loss {:.4f}; {} examples too long; {}; model in {}",
      result.steps, result.tokens, result.seconds, result.final_loss, result.examples_too_long,
      peak_memory(), run.model().string()));
}

}  // namespace

void register_train(Commands& commands) {
  const auto settings = std::make_shared<Settings>();
  Command& command =
      commands.add("train", "fine-tune a model on JSONL records, or train one from scratch");
  command.example = "tripost train --data train.jsonl --model models/base --output runs/finetuned";
  Options& options = command.options;
  options
      .add("data", &settings->data,
           "JSONL files: the reference's records, or {\"text\", \"sections\"}")
      .required();
  options.add("model", &settings->model, "folder of the model to start from");
  options.add("init", &settings->init, "config.json of a new model, instead of --model");
  options.add("tokenizer", &settings->tokenizer, "with --init: folder of its tokenizer");
  options.add("output", &settings->output, "run directory; the model lies in its folder model")
      .required()
      .may_change();
  options
      .add("section-weight", &settings->section_weight,
           "loss weight from the reference's feedback marker on")
      .between(0, 1000);
  options.add("seed", &settings->seed, "of the order of examples and of new weights");
  add_machine_options(options, settings->machine);
  add_train_options(options, settings->train, "");
  add_lora_options(options, settings->lora);
  Command* const self = &command;
  command.run = [settings, self](Terminal& terminal) { train(*settings, self->options, terminal); };
}

}  // namespace tripost
