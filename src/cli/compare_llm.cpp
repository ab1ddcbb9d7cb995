#include "cli/compare_llm.h"

#include <vector>

#include "base/error.h"
#include "cli/llm_demonstrations.h"
#include "cli/unused_options.h"
#include "improve/collect.h"

namespace tripost {
namespace {

// They take something out of what the task's own verifier says.
constexpr const char* kOfScriptsOnly[] = {"tripost-no-reason", "tripost-no-segment"};

void check_unused(const CompareLlm& settings, const CompareConfig& compare,
                  const Options& options) {
  std::vector<std::string> unused;
  if (!settings.edit.uses_llm()) unused.push_back("llm-temperature");
  if (!settings.asked()) {
    for (const std::string& name : llm_option_names()) {
      if (name != "llm-prompts" || !compare.has("prompting")) unused.push_back(name);
    }
  }
  refuse_unused(options, unused,
                "no LLM is asked so; give --verifier llm, --improver llm or --demonstrator llm "
                "too");
}

}  // namespace

InputFiles CompareLlm::inputs(const Task& task) const {
  InputFiles inputs = edit.inputs(task);
  if (demonstrates()) inputs.merge(inputs_of_demonstrations(edit.llm, task));
  return inputs;
}

std::map<std::string, CollectRecords> CompareLlm::collect(Llm& llm) const {
  std::map<std::string, CollectRecords> collect;
  if (demonstrates()) {
    collect["demonstrations"] = [this, &llm](const Task& task, LocalModel&,
                                             const ImproveConfig& config, const RunDirectory& run,
                                             int iteration, const Progress&) {
      return llm_demonstrations(training_problems(task, config, iteration), task, edit.llm, llm,
                                config, run, iteration);
    };
  }
  if (!edit.uses_llm()) return collect;
  const CollectRecords edited = [this, &llm](const Task& task, LocalModel& model,
                                             const ImproveConfig& config, const RunDirectory& run,
                                             int iteration, const Progress& progress) {
    EditSources sources(edit, task, &llm, config.seed);
    return collect_records_with(sources.feedback(), sources.improvement(), task, model, config, run,
                                iteration, progress);
  };
  for (const char* method :
       {"tripost", "tripost-unbalanced", "tripost-unweighted", "tripost-whole"})
    collect[method] = edited;
  return collect;
}

void add_compare_llm_options(Options& options, CompareLlm& settings) {
  options
      .add("demonstrator", &settings.demonstrator,
           "of the method demonstrations: who attempts, gives feedback and updates")
      .choices({"scripted", "llm"});
  add_edit_options(options, settings.edit, "OUTPUT/llm_cache.sqlite");
}

void check_compare_llm(const CompareLlm& settings, const CompareConfig& compare, bool recalculate,
                       const Options& options) {
  check_unused(settings, compare, options);
  if (recalculate && (settings.edit.verifier == "llm" || settings.demonstrates()))
    refuse_recalculation_by_llm();
  if (settings.demonstrates() && !compare.has("demonstrations"))
    fail_usage("--demonstrator llm: no method demonstrates; give --methods demonstrations too");
  for (const char* method : kOfScriptsOnly) {
    if (settings.edit.verifier == "llm" && compare.has(method))
      fail_usage(
          "--methods {}: it leaves out part of what the task's own verifier says, and "
          "--verifier is llm; leave one of them out",
          method);
  }
}

}  // namespace tripost
