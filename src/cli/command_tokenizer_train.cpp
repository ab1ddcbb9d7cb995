// tripost tokenizer train: a byte-level BPE of one's own from a text file.
#include <memory>

#include "base/error.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "text/byte_pair_trainer.h"

namespace tripost {
namespace {

struct Settings {
  fs::path input;
  fs::path output;
  std::string end_of_text = "<|endoftext|>";
  BytePairTraining training;
};

void train_tokenizer(Settings& settings, Terminal& terminal) {
  settings.training.special_tokens = {settings.end_of_text};
  const Json tokenizer = train_byte_pair({read_file(settings.input)}, settings.training);
  write_tokenizer(settings.output, tokenizer, settings.end_of_text);
  terminal.message(fmt::format("{} tokens written to {}", tokenizer["model"]["vocab"].size(),
                               (settings.output / "tokenizer.json").string()));
}

}  // namespace

void register_tokenizer_train(Commands& commands) {
  const auto settings = std::make_shared<Settings>();
  Command& command =
      commands.add("tokenizer train", "a byte-level BPE of one's own, as tokenizer.json");
  command.example =
      "tripost tokenizer train --input corpus.txt --vocab-size 1024 --output tokenizer";
  BytePairTraining& training = settings->training;
  command.options.add("input", &settings->input, "text file").required();
  command.options.add("output", &settings->output, "folder to write").required();
  command.options
      .add("vocab-size", &training.vocab_size, "tokens, the 256 bytes and the end of text included")
      .between(257, 10'000'000);
  command.options.add("max-token-length", &training.max_token_length, "bytes of the longest token")
      .between(1, 4096);
  command.options.add("pattern", &training.pattern,
                      "PCRE2 pattern of the pieces that no token crosses");
  command.options.add("end-of-text", &settings->end_of_text,
                      "the token that ends a document; it gets id 0");
  command.run = [settings](Terminal& terminal) { train_tokenizer(*settings, terminal); };
}

}  // namespace tripost
