// tripost convert: a model from a Hugging Face folder or GGUF file to the other, or with other
// numbers, or with its LoRA adapter merged.
#include <fmt/format.h>

#include <memory>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "model/convert.h"

namespace tripost {
namespace {

struct Settings {
  fs::path source;
  fs::path target;
  std::string dtype = "source";
};

void convert(const Settings& settings, Terminal& terminal) {
  const std::string type = convert_model(settings.source, settings.target,
                                         settings.dtype == "source" ? "" : settings.dtype);
  terminal.message(fmt::format("{} written to {}", type, settings.target.string()));
}

}  // namespace

void register_convert(Commands& commands) {
  const auto settings = std::make_shared<Settings>();
  Command& command = commands.add(
      "convert",
      "a model to a Hugging Face folder or a GGUF file, from either or from a LoRA adapter");
  command.example = "tripost convert models/base base.gguf --dtype bfloat16";
  Options& options = command.options;
  options
      .add("source", &settings->source,
           "folder, or .gguf file; an adapter's folder, or BASE+ADAPTER, is merged")
      .positional()
      .required();
  options.add("target", &settings->target, "folder, or .gguf file to write")
      .positional()
      .required();
  options
      .add("dtype", &settings->dtype,
           "numbers of the target; \"source\": those of the source's tensors when all have the "
           "same, "
           "else float32. q8_0 is for GGUF files")
      .choices({"source", "float32", "float16", "bfloat16", "q8_0"});
  command.run = [settings](Terminal& terminal) { convert(*settings, terminal); };
}

}  // namespace tripost
