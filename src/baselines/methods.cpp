#include "baselines/methods.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/error.h"
#include "baselines/demonstrations.h"
#include "baselines/partial_feedback.h"
#include "baselines/prompting.h"
#include "baselines/sampled_rationales.h"

namespace tripost {
namespace {

ImproveConfig after_finetuning(ImproveConfig config, const LoopState& tripost) {
  config.finetune = false;
  config.iterations = tripost.completed;
  return config;
}

// One collection, then one training of all the steps.
ImproveConfig in_one_pass(ImproveConfig config, const LoopState& tripost) {
  config = after_finetuning(std::move(config), tripost);
  config.iterations = 1;
  return config;
}

int64_t steps_after_finetuning(const LoopState& tripost) {
  return std::accumulate(tripost.steps.begin() + 1, tripost.steps.end(), int64_t{0});
}

MethodRun answer_only_run(const ImproveConfig& config, const LoopState& tripost) {
  ImproveConfig changed = config;
  changed.iterations = 0;
  changed.finetuning.max_steps = tripost.total_steps();
  return {.method = {.name = "FT on answers",
                     .first = "FT on answers",
                     .learns_feedback = false,
                     .finetune_through = tripost.completed},
          .config = changed,
          .from_base = true,
          .answers_only = true,
          .one_pass = true};
}

MethodRun lmsi_run(const ImproveConfig& config, const LoopState& tripost) {
  return {.method = {.name = "LMSI",
                     .collect = collect_lmsi(tripost.completed),
                     .learns_feedback = false,
                     .steps = {0, steps_after_finetuning(tripost)}},
          .config = in_one_pass(config, tripost),
          .one_pass = true};
}

MethodRun star_run(const ImproveConfig& config, const LoopState& tripost) {
  return {.method = {.name = "STaR",
                     .collect = collect_star(),
                     .learns_feedback = false,
                     .steps = tripost.steps},
          .config = after_finetuning(config, tripost)};
}

MethodRun demonstrations_run(const ImproveConfig& config, const LoopState& tripost) {
  return {.method = {.name = "SI demonstrations",
                     .collect = collect_demonstrations,
                     .steps = tripost.steps},
          .config = after_finetuning(config, tripost)};
}

MethodRun prompting_run(const ImproveConfig& config, const LoopState& tripost) {
  ImproveConfig untrained = after_finetuning(config, tripost);
  untrained.iterations = 0;
  return {.method = {.name = "SI prompting", .first = "SI prompting", .stages = prompted_stages},
          .config = untrained,
          .from_base = true,
          .one_pass = true};
}

// TriPosT with something taken away, for as many steps.
MethodRun ablation(const char* name, ImproveConfig config, const LoopState& tripost) {
  Method method = tripost_method();
  method.name = name;
  method.steps = tripost.steps;
  return {.method = std::move(method), .config = after_finetuning(std::move(config), tripost)};
}

MethodRun partial_feedback_run(const char* name, LeftOut left_out, const ImproveConfig& config,
                               const LoopState& tripost) {
  MethodRun run = ablation(name, config, tripost);
  run.method.collect = collect_with_partial_feedback(left_out);
  return run;
}

std::vector<MethodEntry> make_entries() {
  using Config = const ImproveConfig&;
  using State = const LoopState&;
  return {
      {"tripost", "attempts edited with feedback (the paper's method)",
       [](Config config, State) {
         MethodRun run{.method = tripost_method(), .config = config};
         run.config.finetune = false;
         return run;
       }},
      {"ft-continued", "the control: gold rationales for as many steps",
       [](Config config, State tripost) {
         return MethodRun{.method = gold_method(tripost.steps),
                          .config = after_finetuning(config, tripost)};
       }},
      {"answer-only", "fine-tuning on answers without steps", answer_only_run},
      {"lmsi", "the model's own right attempts, sampled five times at T = 1.2", lmsi_run},
      {"star", "the model's own right attempts, with the answer told where it failed", star_run},
      {"demonstrations", "somebody else's attempts, corrected", demonstrations_run},
      {"prompting", "the model untrained, its attempts and corrections by few-shot prompt",
       prompting_run},
      {"tripost-unbalanced", "ablation: records as they come, not 1.5 : 1 : 1",
       [](Config config, State tripost) {
         ImproveConfig changed = config;
         changed.balance.improve_data_ratio = 0;
         return ablation("TriPosT unbalanced", changed, tripost);
       }},
      {"tripost-unweighted", "ablation: feedback and update weigh as much as the attempt",
       [](Config config, State tripost) {
         ImproveConfig changed = config;
         changed.weights.section = changed.weights.first_praise = changed.weights.attempt;
         changed.weights.mended = 1.0f;
         return ablation("TriPosT unweighted", changed, tripost);
       }},
      {"tripost-whole", "ablation: whole trajectories, not single turns",
       [](Config config, State tripost) {
         ImproveConfig changed = config;
         changed.conversion = TurnConversion::kWhole;
         return ablation("TriPosT whole", changed, tripost);
       }},
      {"tripost-no-reason", "ablation: feedback does not say why the step is wrong",
       [](Config config, State tripost) {
         return partial_feedback_run("TriPosT no reason", LeftOut::kReason, config, tripost);
       }},
      {"tripost-no-segment", "ablation: feedback does not quote the wrong part of the step",
       [](Config config, State tripost) {
         return partial_feedback_run("TriPosT no segment", LeftOut::kSegment, config, tripost);
       }},
  };
}

}  // namespace

const std::vector<MethodEntry>& method_entries() {
  static const std::vector<MethodEntry> entries = make_entries();
  return entries;
}

const MethodEntry& method_entry(const std::string& name) {
  const auto& entries = method_entries();
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const MethodEntry& entry) { return entry.name == name; });
  if (found != entries.end()) return *found;
  std::vector<std::string> names;
  for (const MethodEntry& entry : entries) names.push_back(entry.name);
  fail_usage("there is no method \"{}\"; did you mean \"{}\"?", name, nearest_name(name, names));
}

}  // namespace tripost
