#include "cli/llm_options.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"
#include "edit/llm_reply.h"
#include "improve/model_files.h"
#include "rollout/attempt.h"

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
        "an LLM needs --llm-url (such as https://api.openai.com/v1) and --llm-model, or a model of "
        "our own with --llm-folder");
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

LlmConfig config_of(const LlmSettings& settings, const std::filesystem::path& run,
                    const std::filesystem::path& cache) {
  LlmConfig config;
  config.endpoint = endpoint_of(settings);
  config.limits = {.concurrency = settings.concurrency,
                   .requests_per_minute = settings.requests_per_minute,
                   .tokens_per_minute = settings.tokens_per_minute};
  config.budget = budget_of(settings);
  config.cache = settings.cache.empty() ? cache : settings.cache;
  config.run = std::filesystem::weakly_canonical(run).string();
  config.offline = settings.offline;
  return config;
}

// What is asked of a model before there is work for it.
constexpr const char* kFirstPrompt = "Count from one to ten: one, two, three,";
constexpr int kFirstTokens = 16;

}  // namespace

std::filesystem::path LlmSettings::prompt(const Task& task, const char* name) const {
  return prompts / task.name() / name;
}

std::map<std::string, std::filesystem::path> LlmSettings::inputs() const {
  if (folder.empty()) return {};
  return files_of_model(folder, "--llm-folder");
}

void add_llm_options(Options& options, LlmSettings& settings, const std::string& cache) {
  options.add("llm-url", &settings.url,
              "OpenAI-compatible endpoint, such as https://api.openai.com/v1; its key is read from "
              "--llm-key-file or OPENAI_API_KEY");
  options.add("llm-model", &settings.model, "its name at the endpoint; with Azure the deployment");
  options.add("llm-folder", &settings.folder,
              "a model of our own instead of an endpoint: a Hugging Face folder or .gguf file");
  options.add("llm-key-file", &settings.key_file, "file with the key on one line").may_change();
  options.add("llm-api", &settings.api, "chat messages, or plain text to continue")
      .choices({"chat", "completions"});
  options.add(
      "llm-azure-version", &settings.azure_version,
      "api-version of an Azure endpoint, such as 2024-06-01; the key is then AZURE_OPENAI_API_KEY");
  options.add("llm-json", &settings.json,
              "the verifier answers with a JSON object of a given schema (response_format), where "
              "the endpoint supports it");
  options.add("llm-body", &settings.body,
              "JSON object merged into every request; null removes a field");
  options
      .add("llm-prompts", &settings.prompts, "folder with <task>/verify.txt and the other prompts")
      .may_change();
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
           "file of paid answers, which runs may share; " + cache + " when not set")
      .may_change();
  options
      .add("llm-proxy", &settings.proxy,
           "proxy to use, without user name and password; those of the environment are not used")
      .may_change();
  options.add("offline", &settings.offline, "take the LLM's answers from the cache alone")
      .may_change();
}

std::vector<std::string> llm_option_names() {
  Options options;
  LlmSettings settings;
  add_llm_options(options, settings, "");
  return options.names();
}

std::string describe_causes(const SourceCounts& counts) {
  std::string text;
  for (const auto& [cause, count] : counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", cause, count);
  return text.empty() ? "nothing" : text;
}

Llm::Llm(const LlmSettings& settings, const std::filesystem::path& run,
         const std::filesystem::path& cache, const MachineConfig& machine, const Progress& progress)
    : settings_(settings), progress_(progress) {
  source_config(0, 0);          // for its check
  check_proxy(settings.proxy);  // used or not, a run writes its settings down
  if (settings.folder.empty()) {
    client_ = std::make_unique<LlmClient>(config_of(settings, run, cache), progress);
  } else {
    if (!settings.url.empty() || !settings.model.empty())
      fail_usage("--llm-folder is a model of our own: leave --llm-url and --llm-model out");
    if (settings.json) fail_usage("--llm-json is for endpoints; leave it out with --llm-folder");
    model_ = std::make_unique<LocalModel>(LocalModel::load(settings.folder, machine));
  }
}

Llm::~Llm() = default;

// What comes from an endpoint is UTF-8 already, because it came as JSON.
Generate Llm::generator() {
  if (client_) return client_->generator();
  return as_utf8(model_->generator(progress_));
}

Generate Llm::review_generator() {
  return settings_.json ? client_->generator(llm_review_format()) : generator();
}

void Llm::check() {
  if (!client_ || settings_.offline) return;
  const auto answers =
      review_generator()({{.prompt = kFirstPrompt}}, {.max_new_tokens = kFirstTokens});
  // A model that says nothing to this may have much to say to a real question.
  const bool says_nothing = client_->counts().of(LlmFault::kEmpty) > 0;
  if (answers[0].finish_reason == FinishReason::kError && !says_nothing)
    fail("{}; {}", answers[0].error,
         settings_.json ? "it may not know structured output: try without --llm-json"
                        : "check the endpoint, then run the same command again");
}

LlmSourceConfig Llm::source_config(double temperature, uint64_t seed) const {
  const int room = settings_.context - settings_.max_new_tokens;
  if (room <= 0)
    fail_usage("--llm-context {} leaves no room for a prompt beside --llm-max-new-tokens {}",
               settings_.context, settings_.max_new_tokens);
  return {.sampling = {.temperature = temperature, .max_new_tokens = settings_.max_new_tokens},
          .max_prompt_bytes = bytes_that_fit(room),
          .seed = seed,
          .waits = client_ != nullptr,
          .json = settings_.json};
}

std::filesystem::path Llm::prompt(const Task& task, const char* name) const {
  return settings_.prompt(task, name);
}

std::string Llm::summary() const {
  if (!client_) return "";
  return fmt::format(
      "LLM: {}; this run so far: {} calls, {} prompt and {} completion tokens, cost {:.4f}",
      describe(client_->counts()), client_->spent().calls, client_->spent().prompt_tokens,
      client_->spent().completion_tokens, client_->spent().cost);
}

}  // namespace tripost
