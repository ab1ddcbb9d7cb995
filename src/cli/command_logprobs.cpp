// tripost logprobs: how likely a model finds each token of given texts.
#include <fmt/format.h>

#include <memory>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/json_lines.h"
#include "cli/machine_options.h"

namespace tripost {
namespace {

struct Settings {
  std::filesystem::path model;
  JsonLinesFiles files;
  MachineConfig machine;
};

Json with_log_probabilities(LocalModel& model, Json line, const std::string& where) {
  const std::vector<TokenId> ids =
      model.tokenizer().encode(string_field(line, "text", where), /*special=*/true);
  if (static_cast<int64_t>(ids.size()) > model.max_length()) {
    fail(
        "{}: the text has {} tokens, the model's context is {}; shorten it or split it over "
        "several lines",
        where, ids.size(), model.max_length());
  }
  const std::vector<float> log_probabilities = model.log_probabilities(ids);
  line.erase("text");
  line["ids"] = ids;
  line["logprobs"] = log_probabilities;
  return line;
}

void logprobs(const Settings& settings, Terminal& terminal) {
  LocalModel model = LocalModel::load(settings.model, settings.machine);
  const int64_t lines = change_json_lines(
      settings.files, "logprobs", terminal, [&](Json line, const std::string& where) {
        return with_log_probabilities(model, std::move(line), where);
      });
  terminal.message(fmt::format("{} texts written to {}", lines, settings.files.output.string()));
}

}  // namespace

void register_logprobs(Commands& commands) {
  const auto settings = std::make_shared<Settings>();
  Command& command = commands.add("logprobs", "log-probability of each token of given texts");
  command.example =
      "tripost logprobs --model models/base --input texts.jsonl --output logprobs.jsonl";
  Options& options = command.options;
  options.add("model", &settings->model, "folder of the model").required();
  options.add("input", &settings->files.input, "JSONL of {\"text\"}").required();
  options.add("output", &settings->files.output, "JSONL of {\"ids\", \"logprobs\"} to write")
      .required();
  add_machine_options(options, settings->machine);
  command.run = [settings](Terminal& terminal) { logprobs(*settings, terminal); };
}

}  // namespace tripost
