#include "train/trainer.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cmath>
#include <optional>

#include "base/error.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/random.h"
#include "train/batch.h"
#include "train/checkpoint.h"
#include "train/fingerprint.h"
#include "train/optimizer.h"
#include "train/packing.h"
#include "train/schedule.h"
#include "train/step.h"

namespace tripost {
namespace {

// oneDNN compiles its kernels anew for every number of rows that it has not met lately; with this
// multiple the same few come again.
constexpr int64_t kRowMultipleOnCpu = 32;

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void require(bool right, const char* name, double value, const char* expected) {
  if (!right) fail_usage("the training setting {} is {}; it should be {}", name, value, expected);
}

void check_config(const TrainConfig& config) {
  const auto at_least_zero = [](const char* name, double value) {
    require(std::isfinite(value) && value >= 0, name, value, "a number of 0 or more");
  };
  const auto positive = [](const char* name, double value) {
    require(std::isfinite(value) && value > 0, name, value, "above 0");
  };
  const auto fraction = [](const char* name, double value) {
    require(value >= 0 && value <= 1, name, value, "from 0 to 1");
  };
  at_least_zero("learning_rate", config.learning_rate);
  require(config.beta1 >= 0 && config.beta1 < 1, "beta1", config.beta1, "from 0 to below 1");
  require(config.beta2 >= 0 && config.beta2 < 1, "beta2", config.beta2, "from 0 to below 1");
  positive("epsilon", config.epsilon);
  at_least_zero("weight_decay", config.weight_decay);
  at_least_zero("max_gradient_norm", config.max_gradient_norm);
  fraction("warmup_ratio", config.warmup_ratio);
  fraction("final_ratio", config.final_ratio);
  fraction("start_share", config.start_share);
  if (config.max_steps == 0) positive("epochs", config.epochs);
  at_least_zero("max_steps", static_cast<double>(config.max_steps));
  positive("batch_tokens", static_cast<double>(config.batch_tokens));
  positive("micro_batch_tokens", static_cast<double>(config.micro_batch_tokens));
  positive("max_length", static_cast<double>(config.max_length));
  at_least_zero("checkpoint_every", static_cast<double>(config.checkpoint_every));
}

// The examples that are trained on, checked.
std::vector<const Example*> select_examples(const std::vector<Example>& examples,
                                            int64_t max_length, int64_t vocab_size) {
  std::vector<const Example*> kept;
  for (const Example& example : examples) {
    assert(!example.ids.empty() && example.ids.size() == example.weights.size());
    if (static_cast<int64_t>(example.ids.size()) > max_length) continue;
    for (const int32_t id : example.ids) {
      if (id < 0 || id >= vocab_size) {
        fail(
            "example {} holds the token id {}, but the model has a vocabulary of {}; use the "
            "model's own tokenizer",
            &example - examples.data(), id, vocab_size);
      }
    }
    kept.push_back(&example);
  }
  if (kept.empty()) {
    fail(
        "nothing to train on: of {} examples {} are longer than max_length = {} tokens; raise it "
        "or add data",
        examples.size(), examples.size(), max_length);
  }
  if (kept.size() < examples.size()) {
    log_warning("{} of {} examples are longer than {} tokens and are left out of training",
                examples.size() - kept.size(), examples.size(), max_length);
  }
  return kept;
}

std::vector<int64_t> lengths_of(const std::vector<const Example*>& examples) {
  std::vector<int64_t> lengths;
  for (const Example* example : examples)
    lengths.push_back(static_cast<int64_t>(example->ids.size()));
  return lengths;
}

// One call of train(): what it trains, how far it is, and where it saves.
class Run {
 public:
  Run(Transformer& model, const std::vector<Example>& examples, const TrainConfig& config,
      const std::filesystem::path& checkpoint_directory,
      const std::function<void(const TrainMetrics&)>& on_step);

  TrainResult to_the_end();

 private:
  void resume();
  void save();
  void advance();
  const Indices& examples_of_step(int64_t step);
  std::vector<Batch> make_batches(const Indices& step) const;
  void count(const Indices& step, double loss);
  void report(double loss, double learning_rate, double norm) const;
  void mix_with_start();
  NamedTensors state();

  Transformer& model_;
  TrainConfig config_;
  const std::function<void(const TrainMetrics&)>& on_step_;
  std::vector<const Example*> examples_;
  std::vector<int64_t> lengths_;
  int64_t num_too_long_;
  int64_t total_steps_ = 0;
  std::vector<Indices> epoch_steps_;  // of epoch_
  int64_t epoch_ = -1;
  Optimizer optimizer_;
  StepRunner runner_;
  std::optional<CheckpointStore> checkpoints_;
  int64_t saved_step_ = 0;
  Counters counters_;
  at::Tensor starting_weights_;  // undefined where none are mixed in
  Clock::time_point start_ = Clock::now();
  int64_t tokens_at_start_ = 0;
};

Run::Run(Transformer& model, const std::vector<Example>& examples, const TrainConfig& config,
         const std::filesystem::path& checkpoint_directory,
         const std::function<void(const TrainMetrics&)>& on_step)
    : model_(model),
      config_(config),
      on_step_(on_step),
      examples_(select_examples(examples,
                                std::min(config.max_length, model.config().max_position_embeddings),
                                model.config().vocab_size)),
      lengths_(lengths_of(examples_)),
      num_too_long_(static_cast<int64_t>(examples.size() - examples_.size())),
      optimizer_(model, config),
      runner_(model, useful_streams(model, config.recompute), config.recompute) {
  const auto per_epoch = static_cast<double>(steps_per_epoch(lengths_, config.batch_tokens));
  total_steps_ = config.max_steps > 0
                     ? config.max_steps
                     : std::max<int64_t>(1, std::llround(config.epochs * per_epoch));
  if (config.start_share > 0) starting_weights_ = model.trained().master.clone();
  if (!checkpoint_directory.empty()) {
    checkpoints_.emplace(checkpoint_directory, run_fingerprint(config, examples, model));
  }
}

NamedTensors Run::state() {
  return {{"master.f32", model_.trained().master},
          {"m.f32", optimizer_.m()},
          {"v.f32", optimizer_.v()}};
}

void Run::resume() {
  if (!checkpoints_) return;
  const auto found = checkpoints_->load_newest(state());
  if (!found) return;
  counters_ = *found;
  saved_step_ = counters_.step;
  optimizer_.set_updates(counters_.updates);
  model_.sync_values();
  log_info("training goes on from step {} of {}", counters_.step, total_steps_);
}

void Run::save() {
  if (!checkpoints_ || counters_.step == saved_step_) return;
  checkpoints_->save(counters_, state());
  saved_step_ = counters_.step;
}

const Indices& Run::examples_of_step(int64_t step) {
  const int64_t per_epoch = steps_per_epoch(lengths_, config_.batch_tokens);
  if (step / per_epoch != epoch_) {
    epoch_ = step / per_epoch;
    epoch_steps_ = epoch_steps(lengths_, config_.batch_tokens,
                               seed_from({config_.seed, static_cast<uint64_t>(epoch_)}));
  }
  return epoch_steps_[step % per_epoch];
}

// All of a step's at once: on a GPU copies then precede the work instead of waiting for it.
std::vector<Batch> Run::make_batches(const Indices& step) const {
  const int64_t row_multiple = model_.device().is_cpu() ? kRowMultipleOnCpu : 1;
  std::optional<uint64_t> dropout_seed;
  if (model_.adapter_config().dropout > 0) {
    dropout_seed =
        seed_from({config_.seed, hash_text("dropout"), static_cast<uint64_t>(counters_.step)});
  }
  std::vector<Batch> batches;
  for (const Indices& chosen :
       micro_batches(step, lengths_, config_.micro_batch_tokens, runner_.streams())) {
    batches.push_back(make_batch(examples_, chosen, model_.device(), row_multiple, dropout_seed));
  }
  return batches;
}

// One optimisation step, all or nothing: the weights change only after every check.
void Run::advance() {
  const Indices& step = examples_of_step(counters_.step);
  const double learning_rate = learning_rate_at(config_, counters_.step, total_steps_);
  const double denominator = loss_denominator(examples_, step, config_.normalisation);
  double loss = 0;
  double norm = 0;
  if (denominator > 0) {
    loss = runner_.run(make_batches(step), denominator);
    norm = optimizer_.gradient_norm();
    if (!std::isfinite(loss) || !std::isfinite(norm)) {
      model_.trained().gradients.zero_();
      fail(
          "step {} of {}: the loss is {} and the gradient norm {}; the step is not applied; "
          "lower learning_rate (now {}) or look for damaged weights",
          counters_.step + 1, total_steps_, loss, norm, config_.learning_rate);
    }
    optimizer_.apply(learning_rate, norm);
  }
  count(step, loss);
  report(loss, learning_rate, norm);
}

void Run::count(const Indices& step, double loss) {
  const bool late = counters_.step >= total_steps_ - std::max<int64_t>(1, total_steps_ / 10);
  if (late && optimizer_.updates() > counters_.updates) {
    counters_.late_loss += loss;
    ++counters_.late_steps;
  }
  for (const int64_t index : step) counters_.tokens += lengths_[index];
  counters_.updates = optimizer_.updates();
  ++counters_.step;
}

void Run::report(double loss, double learning_rate, double norm) const {
  if (!on_step_) return;
  TrainMetrics metrics;
  metrics.step = counters_.step;
  metrics.total_steps = total_steps_;
  metrics.loss = loss;
  metrics.learning_rate = learning_rate;
  metrics.gradient_norm = norm;
  metrics.tokens = counters_.tokens;
  metrics.tokens_per_second = static_cast<double>(counters_.tokens - tokens_at_start_) /
                              std::max(1e-9, seconds_since(start_));
  on_step_(metrics);
}

// After the last checkpoint: a run that is resumed at its last step mixes once, as any other.
void Run::mix_with_start() {
  if (!starting_weights_.defined()) return;
  model_.trained().master.lerp_(starting_weights_, config_.start_share);
  model_.sync_values();
}

TrainResult Run::to_the_end() {
  resume();
  start_ = Clock::now();
  tokens_at_start_ = counters_.tokens;
  try {
    while (counters_.step < total_steps_) {
      check_interrupt();
      advance();
      if (config_.checkpoint_every > 0 && counters_.step % config_.checkpoint_every == 0) save();
    }
  } catch (const Interrupted&) {
    save();
    throw;
  }
  mix_with_start();
  TrainResult result;
  result.steps = counters_.step;
  result.steps_without_weight = counters_.step - counters_.updates;
  result.tokens = counters_.tokens;
  result.examples_too_long = num_too_long_;
  result.final_loss = counters_.late_steps > 0
                          ? counters_.late_loss / static_cast<double>(counters_.late_steps)
                          : 0;
  result.seconds = seconds_since(start_);
  return result;
}

}  // namespace

TrainResult train(Transformer& model, const std::vector<Example>& examples,
                  const TrainConfig& config, const std::filesystem::path& checkpoint_directory,
                  const std::function<void(const TrainMetrics&)>& on_step) {
  check_config(config);
  if (!model.training_enabled()) model.enable_training();
  return Run(model, examples, config, checkpoint_directory, on_step).to_the_end();
}

}  // namespace tripost
