// tripost serve: an OpenAI-compatible server of one model, until Ctrl-C or SIGTERM.
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <thread>

#include "base/error.h"
#include "base/file.h"
#include "base/progress.h"
#include "cli/commands.h"
#include "cli/machine_options.h"
#include "cli/terminal.h"
#include "llm/secret.h"
#include "model/chat_template.h"
#include "rollout/rollout.h"
#include "rollout/self_improvement.h"
#include "serve/server.h"

namespace tripost {
namespace {

constexpr const char* kKeyVariable = "TRIPOST_API_KEY";

struct Settings {
  fs::path model, key_file;
  MachineConfig machine{.max_batch = 64};
  ServerOptions server{.http = {.port = 8000}};
  std::string task;
  int max_length = 0;
  int max_waiting = 256;
  int max_body_kib = 4096;
  int max_updates = 2;
  int grace = 30;
};

// models/base -> base; model.gguf -> model.
std::string name_of(const fs::path& model) {
  const fs::path name = fs::weakly_canonical(model);
  return name.extension() == ".gguf" ? name.stem().string() : name.filename().string();
}

ImprovedAnswer improve(const Task& task, int max_updates, const std::string& question,
                       const Generate& generate, const Sampling& sampling, uint64_t seed) {
  ImprovedAnswer answer;
  Problem problem;
  try {
    problem = task.parse_problem(question, "the question");
  } catch (const Error& error) {
    answer.error = error.what();
    answer.is_no_question = true;
    return answer;
  }
  const RolloutConfig rollout_config{.sampling = sampling, .seed = seed};
  const SelfImprovementConfig config{
      .max_updates = max_updates, .feedback = sampling, .update = sampling, .seed = seed};
  const auto exchanges =
      self_improve(rollout({problem}, task, generate, rollout_config), task, generate, config);
  const Exchange& exchange = exchanges.front();
  if (exchange.stop == StopReason::kFailed) answer.error = exchange.failure;
  answer.text = final_attempt(exchange).text;
  answer.trajectory = {{"stop", name_of(exchange.stop)}, {"steps", Json::array()}};
  for (const Step& step : exchange.steps)
    answer.trajectory["steps"].push_back(
        {{"attempt", step.attempt.text}, {"feedback", step.feedback.text}});
  return answer;
}

ServerOptions options_of(const Settings& settings, const std::shared_ptr<const Task>& task) {
  ServerOptions options = settings.server;
  options.http.max_body = static_cast<std::size_t>(settings.max_body_kib) << 10;
  options.max_sequences = settings.machine.max_batch + settings.max_waiting;
  // One connection for each request that may run or wait, and some for health and metrics.
  options.http.max_connections = options.max_sequences + 64;
  options.key = settings.key_file.empty() ? Secret::from_environment(kKeyVariable).reveal()
                                          : Secret::from_file(settings.key_file).reveal();
  options.chat_template = chat_template_of(settings.model);
  if (options.model_name.empty()) options.model_name = name_of(settings.model);
  if (task == nullptr) return options;
  options.self_improve = [task, updates = settings.max_updates](
                             const std::string& question, const Generate& generate,
                             const Sampling& sampling, uint64_t seed) {
    return improve(*task, updates, question, generate, sampling, seed);
  };
  return options;
}

void serve(const Settings& settings, Terminal& terminal) {
  const std::shared_ptr<const Task> task =
      settings.task.empty() ? nullptr : make_task(settings.task);
  const ServerOptions options = options_of(settings, task);
  if (!is_loopback(options.http.host) && options.key.empty())
    fail_usage("--host {}: others can reach this address, so a key is wanted: set {} or --key-file",
               options.http.host, kKeyVariable);
  LocalModel model = LocalModel::load(settings.model, settings.machine);
  const std::unique_ptr<LiveModel> live = model.live(settings.max_length);
  ApiServer server(options, *live, model.tokenizer());
  terminal.message(fmt::format("{} at http://{}:{}/v1, {} tokens of context; Ctrl-C ends it",
                               options.model_name, options.http.host, server.port(),
                               live->max_length()));
  while (!interrupt_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  server.drain(std::chrono::seconds(settings.grace));
}

}  // namespace

void register_serve(Commands& commands) {
  const auto settings = std::make_shared<Settings>();
  Command& command = commands.add("serve", "OpenAI-compatible server of a model");
  command.example = "tripost serve --model models/base";
  Options& options = command.options;
  ServerOptions& server = settings->server;
  options.add("model", &settings->model, "folder of the model, or a .gguf file").required();
  options.add("host", &server.http.host,
              "address to listen on; any but this machine's own wants a key");
  options.add("port", &server.http.port, "port to listen on; 0: any that is free")
      .between(0, 65535);
  options.add("key-file", &settings->key_file,
              "file with the key that clients must send, on one line; else TRIPOST_API_KEY");
  options.add("name", &server.model_name, "the model's name for clients; otherwise its folder's");
  options.add("max-batch", &settings->machine.max_batch, "completions decoded together")
      .between(1, 65536);
  options
      .add("max-waiting", &settings->max_waiting,
           "completions that may wait beside them; more are refused with 429")
      .between(0, 65536);
  options
      .add("max-length", &settings->max_length,
           "tokens of prompt and completion together; 0: as many as the model knows")
      .between(0, 1e9);
  options.add("max-body", &settings->max_body_kib, "largest request, in KiB").between(1, 1 << 20);
  options.add("lead-in", &server.lead_in,
              "how answers of a model without a chat layout of its own open");
  options.add("task", &settings->task,
              "task whose questions the model may answer in several turns (tripost_self_improve)");
  options.add("max-updates", &settings->max_updates, "updates of an answer in such turns")
      .between(0, 100);
  options.add("grace", &settings->grace, "seconds that requests have to end in when it stops")
      .between(0, 86400);
  add_machine_options(options, settings->machine);
  command.run = [settings](Terminal& terminal) { serve(*settings, terminal); };
}

}  // namespace tripost
