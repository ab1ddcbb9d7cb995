#include "cli/edit_options.h"

#include "base/error.h"
#include "edit/scripted_source.h"

namespace tripost {

std::map<std::string, std::filesystem::path> EditSettings::inputs(const Task& task) const {
  std::map<std::string, std::filesystem::path> inputs;
  if (verifier == "llm") inputs["--llm-prompts verify.txt"] = llm.prompt(task, "verify.txt");
  if (improver == "llm") inputs["--llm-prompts improve.txt"] = llm.prompt(task, "improve.txt");
  return inputs;
}

void refuse_recalculation_by_llm() {
  fail_usage(
      "--recalculate: an LLM writes the paper's feedback, which does not calculate again; give "
      "--no-recalculate");
}

void add_edit_options(Options& options, EditSettings& settings, const std::string& cache) {
  options
      .add("verifier", &settings.verifier,
           "who finds the first wrong step: the task's own script or program, or an LLM")
      .choices({"task", "llm"});
  options.add("improver", &settings.improver, "who corrects attempts from there")
      .choices({"task", "llm"});
  options.add("llm-temperature", &settings.temperature, "of the improver; the verifier is greedy")
      .between(0, 10);
  add_llm_options(options, settings.llm, cache);
}

EditSources::EditSources(const EditSettings& settings, const Task& task, Llm* llm, uint64_t seed) {
  if (settings.verifier == "llm") {
    feedback_ = std::make_unique<LlmFeedback>(task, llm->prompt(task, "verify.txt"),
                                              llm->review_generator(), llm->source_config(0, seed));
  } else {
    feedback_ = std::make_unique<ScriptedFeedback>(task);
  }
  if (settings.improver == "llm") {
    improvement_ =
        std::make_unique<LlmImprovement>(llm->prompt(task, "improve.txt"), llm->generator(),
                                         llm->source_config(settings.temperature, seed));
  } else {
    improvement_ = std::make_unique<ScriptedImprovement>(task);
  }
}

EditSources::~EditSources() = default;

}  // namespace tripost
