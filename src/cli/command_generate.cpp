// tripost generate: completions of prompts, in bulk.
//
// A request that cannot run (its prompt does not fit the model's context, say) is a line that says
// why, so that one of many does not cost the others.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "base/error.h"
#include "base/file.h"
#include "base/random.h"
#include "cli/commands.h"
#include "cli/json_lines.h"
#include "cli/machine_options.h"
#include "cli/peak_memory.h"
#include "model/chat_template.h"
#include "text/chat.h"
#include "text/quote.h"

namespace tripost {
namespace {

struct Settings {
  fs::path model;
  JsonLinesFiles files;
  MachineConfig machine;
  Sampling sampling;
  std::vector<std::string> stop_tokens;
  int samples = 1;
  bool chat = false;
  uint64_t seed = 42;
};

const char* name_of(FinishReason reason) {
  switch (reason) {
    case FinishReason::kStop:
      return "stop";
    case FinishReason::kLength:
      return "length";
    case FinishReason::kError:
      break;
  }
  return "error";
}

void check(const Settings& settings, Terminal& terminal) {
  const auto& stop = settings.sampling.stop;
  if (std::find(stop.begin(), stop.end(), "") != stop.end()) {
    fail_usage("--stop: the empty text stands everywhere; leave it out or name where to stop");
  }
  if (settings.samples > 1 && settings.sampling.temperature == 0) {
    terminal.message("warning: --temperature is 0, so all samples of a prompt are the same");
  }
}

std::vector<Json> read_lines(const fs::path& input) {
  std::vector<Json> lines;
  for_each_json_line(input, [&](Json line, const std::string& where) {
    string_field(line, "prompt", where);
    lines.push_back(std::move(line));
  });
  return lines;
}

ChatLayout chat_layout(const Settings& settings, const Tokenizer& tokenizer) {
  const std::string chat_template = chat_template_of(settings.model);
  ChatLayout layout(tokenizer, "", chat_template);
  if (layout.is_document()) {
    fail(
        "--chat: {} {}; known are ChatML, Llama 3, Llama 2 and Mistral. Write the prompts as the "
        "model wants them, and leave --chat out",
        settings.model.string(),
        chat_template.empty() ? "has no chat template" : "has a chat template that is not known");
  }
  return layout;
}

// Puts each prompt, as what a user says, into the chat. A line that does not fit gets the reason
// and an empty prompt, which no model is asked.
void put_into_chat(std::vector<std::string>& prompts, std::vector<std::string>& refusals,
                   const ChatLayout& layout) {
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    try {
      prompts[i] = layout.prompt({{"user", prompts[i]}}).text;
    } catch (const Error& error) {
      refusals[i] = error.what();
      prompts[i].clear();
    }
  }
}

// Every sample of the first prompt, then of the second. A blank line of the input is not counted by
// the seeds.
std::vector<Request> requests_of(const std::vector<std::string>& prompts,
                                 const Settings& settings) {
  std::vector<Request> requests;
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    const std::string& prompt = prompts[i];
    for (int sample = 0; sample < settings.samples; ++sample) {
      requests.push_back({prompt, seed_from({settings.seed, hash_text(prompt), i,
                                             static_cast<uint64_t>(sample)})});
    }
  }
  return requests;
}

Json completed(Json line, const Completion& completion) {
  line["completion"] = completion.text;
  line["num_tokens"] = completion.num_tokens;
  line["finish_reason"] = name_of(completion.finish_reason);
  if (completion.finish_reason == FinishReason::kError) line["error"] = completion.error;
  return line;
}

std::string output_of(const std::vector<Json>& lines, const std::vector<Completion>& completions,
                      int samples) {
  std::string output;
  for (std::size_t i = 0; i < completions.size(); ++i) {
    const auto count = static_cast<std::size_t>(samples);
    Json line = completed(lines[i / count], completions[i]);
    if (samples > 1) line["sample"] = i % count;
    output += to_line(line) + "\n";
  }
  return output;
}

void report(const std::vector<Completion>& completions, double seconds, const Settings& settings,
            Terminal& terminal) {
  int64_t tokens = 0, failed = 0;
  for (const Completion& completion : completions) {
    tokens += completion.num_tokens;
    failed += completion.finish_reason == FinishReason::kError;
  }
  if (failed > 0) {
    terminal.message(
        fmt::format("warning: {} of {} completions failed; \"error\" in their lines says why",
                    failed, completions.size()));
  }
  terminal.message(fmt::format(
      "{} completions, {} tokens in {:.1f} s ({:.0f} tokens/s); {}; written to {}",
      completions.size(), tokens, seconds, static_cast<double>(tokens) / std::max(seconds, 1e-9),
      peak_memory(), settings.files.output.string()));
}

TokenId stop_token(const std::string& text, const Tokenizer& tokenizer) {
  const std::vector<TokenId> ids = tokenizer.encode(text);
  if (ids.size() != 1) {
    fail_usage("--stop-token: {} is {} tokens of the model, not one; a text ends at --stop",
               quote(text), ids.size());
  }
  return ids.front();
}

void generate(const Settings& settings, Terminal& terminal) {
  check(settings, terminal);
  const std::vector<Json> lines = read_lines(settings.files.input);
  LocalModel model = LocalModel::load(settings.model, settings.machine);
  const Generate generate = model.generator(terminal.progress());
  Sampling sampling = settings.sampling;
  for (const std::string& text : settings.stop_tokens)
    sampling.stop_tokens.push_back(stop_token(text, model.tokenizer()));
  std::vector<std::string> prompts, refusals(lines.size());
  for (const Json& line : lines) prompts.push_back(line.at("prompt"));
  if (settings.chat) {
    const ChatLayout layout = chat_layout(settings, model.tokenizer());
    put_into_chat(prompts, refusals, layout);
    if (!sampling.ignore_eos) sampling.stop_tokens.push_back(layout.end_token().value());
  }
  const auto start = std::chrono::steady_clock::now();
  std::vector<Completion> completions = generate(requests_of(prompts, settings), sampling);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  for (std::size_t i = 0; i < completions.size(); ++i) {
    const std::string& refusal = refusals[i / static_cast<std::size_t>(settings.samples)];
    if (!refusal.empty()) completions[i].error = refusal;
  }
  write_file_atomically(settings.files.output, output_of(lines, completions, settings.samples));
  report(completions, seconds, settings, terminal);
}

}  // namespace

void register_generate(Commands& commands) {
  const auto settings = std::make_shared<Settings>();
  Command& command = commands.add("generate", "completions of prompts, in bulk");
  command.example =
      "tripost generate --model models/base --input prompts.jsonl --output completions.jsonl";
  Options& options = command.options;
  Sampling& sampling = settings->sampling;
  options.add("model", &settings->model, "folder of the model").required();
  options.add("input", &settings->files.input, "JSONL of {\"prompt\"}").required();
  options.add("output", &settings->files.output, "JSONL to write, in the order of the input")
      .required();
  options.add("max-new-tokens", &sampling.max_new_tokens, "limit of a completion").between(0, 1e6);
  options.add("temperature", &sampling.temperature, "0 is greedy").between(0, 100);
  options
      .add("top-p", &sampling.top_p,
           "draw from the likeliest tokens that have this much probability; 1: all")
      .between(0, 1);
  options.add("top-k", &sampling.top_k, "draw from so many of the likeliest tokens; 0: all")
      .between(0, 1e9);
  options
      .add("min-p", &sampling.min_p,
           "leave out tokens below this share of the likeliest one's probability; 0: none")
      .between(0, 1);
  options
      .add("n", &settings->samples,
           "completions of each prompt; more than one get a \"sample\" number")
      .between(1, 1e6);
  options.add("stop", &sampling.stop,
              "end before this text, which is left out; can be given several times");
  options.add("stop-token", &settings->stop_tokens,
              "end at this token of the model, as \"<|eot_id|>\"; can be given several times");
  options
      .add(
          "repetition-penalty", &sampling.repetition_penalty,
          "divides the logits of tokens that stand in the prompt or text already (multiplies those "
          "below 0); 1: off")
      .between(0.01, 100);
  options.add("chat", &settings->chat,
              "a prompt is what a user says to the model, and is put into its chat template");
  options.add("ignore-eos", &sampling.ignore_eos, "go on to the limit, whatever the model says");
  options.add("seed", &settings->seed,
              "of the draws; each line and sample has its own, made from this");
  add_machine_options(options, settings->machine);
  command.run = [settings](Terminal& terminal) { generate(*settings, terminal); };
}

}  // namespace tripost
