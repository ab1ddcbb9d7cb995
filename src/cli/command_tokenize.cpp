// tripost tokenize: texts to token ids.
#include <memory>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/json_lines.h"
#include "improve/local_model.h"

namespace tripost {
namespace {

struct Settings {
  std::filesystem::path model;
  JsonLinesFiles files;
};

void tokenize(const Settings& settings, Terminal& terminal) {
  const Tokenizer tokenizer = load_tokenizer(settings.model);
  const int64_t lines = change_json_lines(
      settings.files, "tokenize", terminal, [&](Json line, const std::string& where) {
        const std::string text = string_field(line, "text", where);
        line.erase("text");
        line["ids"] = tokenizer.encode(text, true);
        return line;
      });
  terminal.message(fmt::format("{} texts written to {}", lines, settings.files.output.string()));
}

}  // namespace

void register_tokenize(Commands& commands) {
  const auto settings = std::make_shared<Settings>();
  Command& command =
      commands.add("tokenize", "token ids of texts, special tokens as the model adds them");
  command.example = "tripost tokenize --model models/base --input texts.jsonl --output ids.jsonl";
  command.options.add("model", &settings->model, "folder with tokenizer.json, or .gguf file")
      .required();
  command.options.add("input", &settings->files.input, "JSONL of {\"text\"}").required();
  command.options.add("output", &settings->files.output, "JSONL of {\"ids\"} to write").required();
  command.run = [settings](Terminal& terminal) { tokenize(*settings, terminal); };
}

}  // namespace tripost
