// Who gives feedback on attempts and who corrects them, as options, and the sources that are made
// from them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "cli/llm_options.h"
#include "edit/source.h"

namespace tripost {

struct EditSettings {
  std::string verifier = "task";
  std::string improver = "task";
  double temperature = 0.7;  // of the improver
  LlmSettings llm;

  // The prompts that are asked with, by names for people.
  std::map<std::string, std::filesystem::path> inputs(const Task& task) const;
  bool uses_llm() const { return verifier == "llm" || improver == "llm"; }
};

// The UsageError for --recalculate where an LLM gives the feedback: it writes the paper's, and the
// form alone would tell right attempts, which the task praises, from wrong ones.
[[noreturn]] void refuse_recalculation_by_llm();

void add_edit_options(Options& options, EditSettings& settings, const std::string& cache);

class EditSources {
 public:
  // `llm` outlives it; nullptr where the settings ask for none.
  EditSources(const EditSettings& settings, const Task& task, Llm* llm, uint64_t seed);
  ~EditSources();

  FeedbackSource& feedback() { return *feedback_; }
  ImprovementSource& improvement() { return *improvement_; }

 private:
  std::unique_ptr<FeedbackSource> feedback_;
  std::unique_ptr<ImprovementSource> improvement_;
};

}  // namespace tripost
