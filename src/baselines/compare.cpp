#include "baselines/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>

#include "base/file.h"
#include "baselines/answer_only.h"
#include "baselines/methods.h"

namespace tripost {
namespace {

constexpr const char* kNotRun = "not run: TriPosT took no step to keep up with";
constexpr const char* kEnded = "not run: TriPosT ended before";

// One task with one seed: the fine-tuned model, TriPosT from it, and the others as long as TriPosT
// took.
class Cell {
 public:
  Cell(const Start& base, const Task& task, const ImproveConfig& config,
       const std::map<std::string, CollectRecords>& collect, const RunDirectory& output,
       const Progress& progress)
      : base_(base),
        task_(task),
        config_(config),
        collect_(collect),
        output_(output),
        progress_(progress) {}

  // Results of every tested iteration, method by method.
  std::vector<MethodResults> run(const std::vector<std::string>& methods) {
    std::vector<MethodResults> results;
    finetune(results);
    tripost_.steps = finetuned_.steps;
    const LoopState tripost = run_method("tripost", results);
    tripost_.completed = tripost.completed;
    tripost_.steps.insert(tripost_.steps.end(), tripost.steps.begin() + 1, tripost.steps.end());
    for (const std::string& method : methods) {
      if (method != "tripost") run_method(method, results);
    }
    return results;
  }

 private:
  RunDirectory directory(const std::string& name) const {
    const RunDirectory run = output_.cell(task_.name(), config_.seed, name);
    fs::create_directories(run.root());
    return run;
  }

  void finetune(std::vector<MethodResults>& results) {
    ImproveConfig config = config_;
    config.finetune = true;
    config.iterations = 0;
    const RunDirectory run = directory("ft");
    finetuned_ = improve(base_, tripost_method(), task_, config, run, progress_);
    append(results, tested_results(run, finetuned_, tripost_method(), task_, config));
  }

  LoopState run_method(const std::string& name, std::vector<MethodResults>& results) {
    MethodRun made = method_entry(name).make(config_, tripost_);
    if (const auto other = collect_.find(name); other != collect_.end())
      made.method.collect = other->second;
    if (name != "tripost" && !made.from_base && tripost_.completed == 0) {
      append(results, missing(made, 1, kNotRun));
      return {};
    }
    const AnswerOnlyTask answers(task_);
    const Task& task = made.answers_only ? static_cast<const Task&>(answers) : task_;
    const fs::path start = made.from_base ? base_.model : directory("ft").iteration_model(0);
    const RunDirectory run = directory(name);
    const LoopState state =
        improve({.model = start, .machine = base_.machine, .settings = base_.settings}, made.method,
                task, made.config, run, progress_);
    auto tested = tested_results(run, state, made.method, task, made.config);
    for (MethodResults& iteration : tested) iteration.all_at_once = made.one_pass;
    append(results, std::move(tested));
    if (name != "tripost" && !made.one_pass)
      append(results, missing(made, made.config.iterations + 1, kEnded));
    return state;
  }

  // The iterations from `first` on that a method would have been tested after.
  std::vector<MethodResults> missing(const MethodRun& made, int first, const char* why) const {
    const int last = made.one_pass ? 1 : config_.iterations;
    std::vector<MethodResults> missing;
    for (int iteration = first; iteration <= last; ++iteration) {
      if (!made.method.test_every_iteration && iteration < last) continue;
      missing.push_back({.task = task_.name(),
                         .method = made.method.name,
                         .iteration = iteration,
                         .all_at_once = made.one_pass,
                         .missing = {{config_.seed, why}}});
    }
    return missing;
  }

  static void append(std::vector<MethodResults>& results, std::vector<MethodResults> more) {
    std::move(more.begin(), more.end(), std::back_inserter(results));
  }

  const Start& base_;
  const Task& task_;
  const ImproveConfig& config_;
  const std::map<std::string, CollectRecords>& collect_;
  const RunDirectory& output_;
  const Progress& progress_;
  LoopState finetuned_, tripost_;
};

// Adds a seed's results to those of the seeds before it.
void merge(std::vector<MethodResults>& all, std::vector<MethodResults> seed) {
  for (MethodResults& results : seed) {
    const auto same = std::find_if(all.begin(), all.end(), [&](const MethodResults& other) {
      return other.task == results.task && other.method == results.method &&
             other.iteration == results.iteration;
    });
    if (same == all.end()) {
      all.push_back(std::move(results));
    } else {
      same->seeds.merge(results.seeds);
      same->missing.merge(results.missing);
      same->seconds.merge(results.seconds);
    }
  }
}

// Which cell runs, in front of what it says of itself.
Progress within(const Progress& progress, const std::string& cell) {
  return [&progress, cell](const ProgressUpdate& update) {
    ProgressUpdate named = update;
    named.stage = fmt::format("{}: {}", cell, update.stage);
    progress(named);
  };
}

}  // namespace

bool CompareConfig::has(const std::string& method) const {
  return std::find(methods.begin(), methods.end(), method) != methods.end();
}

std::vector<MethodResults> compare(
    const Start& start, const CompareConfig& config, const RunDirectory& output,
    const Progress& progress,
    const std::function<void(const std::vector<MethodResults>&)>& after_cell) {
  std::vector<MethodResults> all;
  for (const std::string& name : config.tasks) {
    const auto task = make_task(name, config.improve.feedback_style);
    for (int k = 0; k < config.seeds; ++k) {
      ImproveConfig seeded = config.improve;
      seeded.seed += static_cast<uint64_t>(k);
      const Progress cell_progress = within(progress, fmt::format("{} seed {}", name, seeded.seed));
      Cell cell(start, *task, seeded, config.collect, output, cell_progress);
      merge(all, cell.run(config.methods));
      after_cell(all);
    }
  }
  return all;
}

}  // namespace tripost
