#include "cli/llm_demonstrations.h"

#include "cli/edit_options.h"
#include "edit/llm_attempts.h"
#include "improve/collect.h"

namespace tripost {
namespace {

EditSettings edit_by(const LlmSettings& settings) {
  return {.verifier = "llm", .improver = "llm", .temperature = 0, .llm = settings};
}

}  // namespace

std::map<std::string, std::filesystem::path> inputs_of_demonstrations(const LlmSettings& settings,
                                                                      const Task& task) {
  auto inputs = edit_by(settings).inputs(task);
  inputs["--llm-prompts attempt.txt"] = settings.prompt(task, "attempt.txt");
  return inputs;
}

std::vector<Record> llm_demonstrations(const std::vector<Problem>& problems, const Task& task,
                                       const LlmSettings& settings, Llm& llm,
                                       const ImproveConfig& config, const RunDirectory& run,
                                       int iteration) {
  EditSources sources(edit_by(settings), task, &llm, config.seed);
  const auto exchanges =
      llm_attempts(problems, task, llm.prompt(task, "attempt.txt"), llm.generator(),
                   llm.source_config(config.sampling.temperature, config.seed), config.samples);
  return records_from(exchanges, problems, sources.feedback(), sources.improvement(), task, config,
                      run, iteration);
}

}  // namespace tripost
