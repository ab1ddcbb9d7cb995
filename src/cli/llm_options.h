// The options of an LLM endpoint, and the sources that are made from them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "base/progress.h"
#include "edit/source.h"
#include "llm/client.h"
#include "run/options.h"
#include "task/task.h"

namespace tripost {

struct LlmSettings {
  std::string verifier = "task";
  std::string improver = "task";
  std::string url, model, api = "chat", azure_version, body = "{}", proxy;
  std::filesystem::path key_file, cache, prompts = TRIPOST_PROMPTS;
  double temperature = 0.7;
  int max_new_tokens = 1024;
  int context = 8192;
  int concurrency = 8;
  double requests_per_minute = 0, tokens_per_minute = 0;
  double budget = 0, prompt_price = 0, completion_price = 0;
  int64_t token_budget = 0;
  bool offline = false;

  // The prompts that are asked with, by names for people.
  std::map<std::string, std::filesystem::path> inputs(const Task& task) const;
  bool is_used() const { return verifier == "llm" || improver == "llm"; }
};

void add_llm_options(Options& options, LlmSettings& settings);

// Who gives feedback on attempts and who corrects them, for one task and run; they go on using the
// client inside.
class EditSources {
 public:
  // `run` names the run whose budget it is, and holds the cache unless another file is set. A
  // UsageError when the endpoint's settings do not fit together; nothing is sent yet.
  EditSources(const LlmSettings& settings, const Task& task, const std::filesystem::path& run,
              uint64_t seed, const Progress& progress);
  ~EditSources();

  FeedbackSource& feedback() { return *feedback_; }
  ImprovementSource& improvement() { return *improvement_; }

  // One line for people on what the LLM did and cost; empty when none is used.
  std::string summary() const;

 private:
  std::unique_ptr<LlmClient> client_;
  std::unique_ptr<FeedbackSource> feedback_;
  std::unique_ptr<ImprovementSource> improvement_;
};

}  // namespace tripost
