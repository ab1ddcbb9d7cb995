// tripost logprobs: how likely a model finds each token of given texts.
#include <fmt/format.h>

#include <memory>

#include "base/error.h"
#include "base/file.h"
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

constexpr std::size_t kTokensAtOnce = 8192;

struct Line {
  Json rest;  // every key but the text
  std::vector<TokenId> ids;
};

std::vector<Line> read_lines(const fs::path& input, const LocalModel& model) {
  std::vector<Line> lines;
  for_each_json_line(input, [&](Json line, const std::string& where) {
    std::vector<TokenId> ids =
        model.tokenizer().encode(string_field(line, "text", where), /*special=*/true);
    if (static_cast<int64_t>(ids.size()) > model.max_length()) {
      fail(
          "{}: the text has {} tokens, the model's context is {}; shorten it or split it over "
          "several lines",
          where, ids.size(), model.max_length());
    }
    line.erase("text");
    lines.push_back({std::move(line), std::move(ids)});
  });
  return lines;
}

// One past the last line that fits into a pass with `first`.
std::size_t end_of_pass(const std::vector<Line>& lines, std::size_t first) {
  std::size_t tokens = lines[first].ids.size(), end = first + 1;
  while (end < lines.size() && tokens + lines[end].ids.size() <= kTokensAtOnce)
    tokens += lines[end++].ids.size();
  return end;
}

std::string with_log_probabilities(std::vector<Line> lines, LocalModel& model, Terminal& terminal) {
  std::string output;
  for (std::size_t first = 0, end = 0; first < lines.size(); first = end) {
    check_interrupt();
    end = end_of_pass(lines, first);
    std::vector<std::vector<TokenId>> texts;
    for (std::size_t i = first; i < end; ++i) texts.push_back(lines[i].ids);
    const auto log_probabilities = model.log_probabilities(texts);
    for (std::size_t i = first; i < end; ++i) {
      lines[i].rest["ids"] = lines[i].ids;
      lines[i].rest["logprobs"] = log_probabilities[i - first];
      output += to_line(lines[i].rest) + "\n";
    }
    terminal.update({.stage = "logprobs",
                     .done = static_cast<int64_t>(end),
                     .total = static_cast<int64_t>(lines.size()),
                     .unit = "texts",
                     .detail = ""});
  }
  return output;
}

void logprobs(const Settings& settings, Terminal& terminal) {
  LocalModel model = LocalModel::load(settings.model, settings.machine);
  std::vector<Line> lines = read_lines(settings.files.input, model);
  const std::size_t count = lines.size();
  write_file_atomically(settings.files.output,
                        with_log_probabilities(std::move(lines), model, terminal));
  terminal.message(fmt::format("{} texts written to {}", count, settings.files.output.string()));
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
