// The options of an LLM that stages ask, and the LLM that is made from them.
//
// It is an OpenAI-compatible endpoint, whose answers are kept in a file and never paid twice, or a
// model of our own in this process, which costs nothing.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/progress.h"
#include "edit/llm_source.h"
#include "improve/local_model.h"
#include "llm/client.h"
#include "run/options.h"
#include "task/task.h"

namespace tripost {

struct LlmSettings {
  std::string url, model, api = "chat", azure_version, body = "{}", proxy;
  std::filesystem::path folder, key_file, cache, prompts = TRIPOST_PROMPTS;
  bool json = false;
  int max_new_tokens = 1024;
  int context = 8192;
  int concurrency = 8;
  double requests_per_minute = 0, tokens_per_minute = 0;
  double budget = 0, prompt_price = 0, completion_price = 0;
  int64_t token_budget = 0;
  bool offline = false;

  // The file of a task's prompt: "verify.txt", ...
  std::filesystem::path prompt(const Task& task, const char* name) const;

  // Of the model in `folder`, on which a run's results depend; none of an endpoint.
  std::map<std::string, std::filesystem::path> inputs() const;
};

// `cache` is the default of --llm-cache, in words: "OUTPUT/llm_cache.sqlite".
void add_llm_options(Options& options, LlmSettings& settings, const std::string& cache);

// The names of those options, for commands that do not always ask an LLM.
std::vector<std::string> llm_option_names();

// "asked 20, found 12, no_step 8" for people.
std::string describe_causes(const SourceCounts& counts);

class Llm {
 public:
  // `run` names the run whose budget it is; `cache` holds its answers unless the settings name
  // another file. A UsageError when the settings do not fit together; nothing is sent yet.
  Llm(const LlmSettings& settings, const std::filesystem::path& run,
      const std::filesystem::path& cache, const MachineConfig& machine, const Progress& progress);
  ~Llm();

  // Asks for a few words, so that a wrong address, key or model is an Error before any work is
  // done. An endpoint's answer is kept: a resumed run does not pay for it again.
  void check();

  Generate generator();
  // Of the verifier, whose answer is a JSON object where --llm-json says so.
  Generate review_generator();

  // `seed` is the run's.
  LlmSourceConfig source_config(double temperature, uint64_t seed) const;
  std::filesystem::path prompt(const Task& task, const char* name) const;

  // One line for people on what it did and cost; empty for a model of our own.
  std::string summary() const;

 private:
  LlmSettings settings_;
  std::unique_ptr<LlmClient> client_;
  std::unique_ptr<LocalModel> model_;
  Progress progress_;
};

}  // namespace tripost
