#include "cli/llm_options.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"
#include "edit/llm_source.h"
#include "edit/scripted_source.h"

namespace tripost {
namespace {

constexpr const char* kKeyVariable = "OPENAI_API_KEY";
constexpr const char* kAzureKeyVariable = "AZURE_OPENAI_API_KEY";

// From the file, or else the environment: never from the command line, where every process can read
// it.
Secret key_of(const LlmSettings& settings) {
  if (settings.offline) return {};
  if (!settings.key_file.empty()) return Secret::from_file(settings.key_file);
  return Secret::from_environment(settings.azure_version.empty() ? kKeyVariable
                                                                 : kAzureKeyVariable);
}

Json extra_body(const std::string& text) {
  Json body;
  try {
    body = parse_json(text, "--llm-body");
  } catch (const Error& error) {
    fail_usage("{}", error.what());
  }
  if (!body.is_object())
    fail_usage("--llm-body: expected a JSON object such as {{\"seed\": null}}, found {}", text);
  return body;
}

Endpoint endpoint_of(const LlmSettings& settings) {
  if (settings.url.empty() || settings.model.empty())
    fail_usage(
        "an LLM as verifier or improver needs --llm-url (such as https://api.openai.com/v1) and "
        "--llm-model");
  Endpoint endpoint{.url = settings.url,
                    .model = settings.model,
                    .api = settings.api == "chat" ? LlmApi::kChat : LlmApi::kCompletions,
                    .azure_version = settings.azure_version,
                    .key = key_of(settings),
                    .proxy = settings.proxy,
                    .body = extra_body(settings.body)};
  check_endpoint(endpoint);
  // A key in the environment may be meant for somebody else; one in a named file is meant for this
  // endpoint.
  if (is_plain_remote(endpoint) && !endpoint.key.empty() && settings.key_file.empty())
    fail_usage(
        "{} would get the key of the environment without encryption: use https, or give the key "
        "that is meant for it with --llm-key-file",
        endpoint.url);
  return endpoint;
}

LlmBudget budget_of(const LlmSettings& settings) {
  if (settings.budget > 0 && settings.prompt_price <= 0 && settings.completion_price <= 0)
    fail_usage(
        "--llm-budget needs prices to count with: --llm-prompt-price and --llm-completion-price, "
        "per million tokens; or use --llm-token-budget");
  return {.cost = settings.budget,
          .tokens = settings.token_budget,
          .prompt_price = settings.prompt_price,
          .completion_price = settings.completion_price};
}

LlmConfig config_of(const LlmSettings& settings, const std::filesystem::path& run) {
  LlmConfig config;
  config.endpoint = endpoint_of(settings);
  config.limits = {.concurrency = settings.concurrency,
                   .requests_per_minute = settings.requests_per_minute,
                   .tokens_per_minute = settings.tokens_per_minute};
  config.budget = budget_of(settings);
  config.cache = settings.cache.empty() ? run / "llm_cache.sqlite" : settings.cache;
  config.run = std::filesystem::weakly_canonical(run).string();
  config.offline = settings.offline;
  return config;
}

LlmSourceConfig source_config(const LlmSettings& settings, double temperature, uint64_t seed) {
  const int room = settings.context - settings.max_new_tokens;
  if (room <= 0)
    fail_usage("--llm-context {} leaves no room for a prompt beside --llm-max-new-tokens {}",
               settings.context, settings.max_new_tokens);
  return {.sampling = {.temperature = temperature, .max_new_tokens = settings.max_new_tokens},
          .max_prompt_bytes = bytes_that_fit(room),
          .seed = seed};
}

std::filesystem::path verify_prompt(const LlmSettings& settings, const Task& task) {
  return settings.prompts / task.name() / "verify.txt";
}

std::filesystem::path improve_prompt(const LlmSettings& settings, const Task& task) {
  return settings.prompts / task.name() / "improve.txt";
}

}  // namespace

std::map<std::string, std::filesystem::path> LlmSettings::inputs(const Task& task) const {
  std::map<std::string, std::filesystem::path> inputs;
  if (verifier == "llm") inputs["--llm-prompts verify.txt"] = verify_prompt(*this, task);
  if (improver == "llm") inputs["--llm-prompts improve.txt"] = improve_prompt(*this, task);
  return inputs;
}

void add_llm_options(Options& options, LlmSettings& settings) {
  options
      .add("verifier", &settings.verifier,
           "who finds the first wrong step: the task's own script or program, or an LLM")
      .choices({"task", "llm"});
  options.add("improver", &settings.improver, "who corrects attempts from there")
      .choices({"task", "llm"});
  options.add("llm-url", &settings.url,
              "OpenAI-compatible endpoint, such as https://api.openai.com/v1; its key is read from "
              "--llm-key-file or OPENAI_API_KEY");
  options.add("llm-model", &settings.model, "its name at the endpoint; with Azure the deployment");
  options.add("llm-key-file", &settings.key_file, "file with the key on one line").may_change();
  options.add("llm-api", &settings.api, "chat messages, or plain text to continue")
      .choices({"chat", "completions"});
  options.add(
      "llm-azure-version", &settings.azure_version,
      "api-version of an Azure endpoint, such as 2024-06-01; the key is then AZURE_OPENAI_API_KEY");
  options.add("llm-body", &settings.body,
              "JSON object merged into every request; null removes a field");
  options
      .add("llm-prompts", &settings.prompts, "folder with <task>/verify.txt and <task>/improve.txt")
      .may_change();
  options.add("llm-temperature", &settings.temperature, "of the improver; the verifier is greedy")
      .between(0, 10);
  options.add("llm-max-new-tokens", &settings.max_new_tokens, "limit of one answer")
      .between(1, 1e6);
  options
      .add("llm-context", &settings.context,
           "tokens of prompt and answer; examples are left out of longer prompts, whole")
      .between(2, 1e7);
  options
      .add("llm-budget", &settings.budget,
           "the most that the run may cost, in the prices' currency; 0: no limit")
      .between(0, 1e9)
      .may_change();
  options
      .add("llm-token-budget", &settings.token_budget,
           "the most tokens of the run, prompts included; 0: no limit")
      .between(0, 1e15)
      .may_change();
  options.add("llm-prompt-price", &settings.prompt_price, "of a million tokens")
      .between(0, 1e6)
      .may_change();
  options.add("llm-completion-price", &settings.completion_price, "of a million tokens")
      .between(0, 1e6)
      .may_change();
  options.add("llm-concurrency", &settings.concurrency, "calls in flight")
      .between(1, 1000)
      .may_change();
  options.add("llm-requests-per-minute", &settings.requests_per_minute, "0: no limit")
      .between(0, 1e9)
      .may_change();
  options.add("llm-tokens-per-minute", &settings.tokens_per_minute, "0: no limit")
      .between(0, 1e12)
      .may_change();
  options
      .add("llm-cache", &settings.cache,
           "file of paid answers, which runs may share; OUTPUT/llm_cache.sqlite when not set")
      .may_change();
  options.add("llm-proxy", &settings.proxy, "proxy to use; those of the environment are not")
      .may_change();
  options.add("offline", &settings.offline, "take the LLM's answers from the cache alone")
      .may_change();
}

EditSources::EditSources(const LlmSettings& settings, const Task& task,
                         const std::filesystem::path& run, uint64_t seed,
                         const Progress& progress) {
  if (settings.is_used()) client_ = std::make_unique<LlmClient>(config_of(settings, run), progress);
  if (settings.verifier == "llm") {
    feedback_ =
        std::make_unique<LlmFeedback>(task, verify_prompt(settings, task), client_->generator(),
                                      source_config(settings, 0, seed));
  } else {
    feedback_ = std::make_unique<ScriptedFeedback>(task);
  }
  if (settings.improver == "llm") {
    improvement_ =
        std::make_unique<LlmImprovement>(improve_prompt(settings, task), client_->generator(),
                                         source_config(settings, settings.temperature, seed));
  } else {
    improvement_ = std::make_unique<ScriptedImprovement>(task);
  }
}

EditSources::~EditSources() = default;

std::string EditSources::summary() const {
  if (!client_) return "";
  return fmt::format(
      "LLM: {}; this run so far: {} calls, {} prompt and {} completion tokens, cost {:.4f}",
      describe(client_->counts()), client_->spent().calls, client_->spent().prompt_tokens,
      client_->spent().completion_tokens, client_->spent().cost);
}

}  // namespace tripost
