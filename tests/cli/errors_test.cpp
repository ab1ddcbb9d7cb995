// What a user reads after a mistake: one line that says what, where, the value and the remedy, word for word.
#include <gtest/gtest.h>

#include <fstream>

#include "cli/executable.h"

namespace tripost {
namespace {

// In arguments and messages {in} is the test's folder and {base} the bundled model.
struct Mistake {
  const char* name;
  std::vector<std::string> arguments;
  int code;
  std::string message;
};

std::string filled(std::string text, const std::string& folder) {
  for (const auto& [name, value] : {std::pair<std::string, std::string>{"{in}", folder}, {"{base}", TRIPOST_SOURCE_DIR "/models/base"}}) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size())) text.replace(at, name.size(), value);
  }
  return text;
}

class Mistakes : public Executable {
 protected:
  Mistakes() {
    write_file_atomically(in("broken.toml"), "seed = 1\nmax-new-tokens = \"many\"\n");
    write_file_atomically(in("rate.toml"), "seed = 1\nlearning-rate = 1e9\n");
    write_file_atomically(in("typo.toml"), "seeed = 1\n");
    write_file_atomically(in("half.toml"), "seed = 1\nmodel = \n");
    const std::string record = R"({"text": "a", "sections": [{"begin": 0, "end": 1, "weight": 1}]})";
    write_file_atomically(in("train.jsonl"), record + "\n" + record + "\n{\"text\": \"a\", \"sections\": [}\n");
    write_file_atomically(in("record.jsonl"), record + "\n" + record + "\n{\"text\": \"a\"}\n");
    write_file_atomically(in("prompts.jsonl"), "{\"prompt\": \"a\"}\n\n{\"prompt\": 3}\n");
    write_file_atomically(in("texts.jsonl"), "{\"text\": \"a\"}\n\n[1]\n");
    write_file_atomically(in("problems.jsonl"), "\n\n{\"question\": \"(1 +\"}\n");
    write_file_atomically(in("empty.jsonl"), "\n");
    fs::copy(TRIPOST_SOURCE_DIR "/models/base", in("short"), fs::copy_options::recursive);
    fs::resize_file(in("short") + "/model.safetensors", 1'000'000);
    fs::copy(TRIPOST_SOURCE_DIR "/models/base", in("weightless"), fs::copy_options::recursive);
    fs::remove(in("weightless") + "/model.safetensors");
    fs::create_directories(in("bare"));
  }
};

const std::vector<std::string> kTrain = {"train", "--output", "{in}/run"};
const std::vector<std::string> kImprove = {"improve", "--output", "{in}/run"};
const std::vector<std::string> kEvaluate = {"evaluate", "--output", "{in}/scores.json"};
const std::vector<std::string> kGenerate = {"generate", "--output", "{in}/o"};
const std::vector<std::string> kLogprobs = {"logprobs", "--output", "{in}/o"};

std::vector<std::string> with(std::vector<std::string> start, const std::vector<std::string>& more) {
  start.insert(start.end(), more.begin(), more.end());
  return start;
}

const std::string kTask = "multistep_arithmetic";

std::vector<Mistake> mistakes() {
  return {
      {"train: broken config value", with(kTrain, {"--data", "{in}/train.jsonl", "--model", "{base}", "--config", "{in}/rate.toml"}), 2, "?"},
      {"improve: broken config value", with(kImprove, {"--task", kTask, "--model", "{base}", "--config", "{in}/broken.toml"}), 2, "?"},
      {"evaluate: broken config value", with(kEvaluate, {"--task", kTask, "--model", "{base}", "--config", "{in}/broken.toml"}), 2, "?"},
      {"evaluate: unknown config name", with(kEvaluate, {"--task", kTask, "--model", "{base}", "--config", "{in}/typo.toml"}), 2, "?"},
      {"generate: config that is no TOML", with(kGenerate, {"--input", "{in}/prompts.jsonl", "--model", "{base}", "--config", "{in}/half.toml"}), 2, "?"},
      {"train: missing model", with(kTrain, {"--data", "{in}/train.jsonl", "--model", "{in}/none"}), 1, "?"},
      {"improve: missing model", with(kImprove, {"--task", kTask, "--model", "{in}/none"}), 1, "?"},
      {"evaluate: missing model", with(kEvaluate, {"--task", kTask, "--model", "{in}/none"}), 1, "?"},
      {"logprobs: missing model", with(kLogprobs, {"--input", "{in}/texts.jsonl", "--model", "{in}/none"}), 1, "?"},
      {"evaluate: folder that is no model", with(kEvaluate, {"--task", kTask, "--model", "{in}/bare"}), 1, "?"},
      {"evaluate: model without weights", with(kEvaluate, {"--task", kTask, "--model", "{in}/weightless"}), 1, "?"},
      {"train: truncated weights", with(kTrain, {"--data", "{in}/train.jsonl", "--model", "{in}/short"}), 1, "?"},
      {"improve: truncated weights", with(kImprove, {"--task", kTask, "--model", "{in}/short"}), 1, "?"},
      {"evaluate: truncated weights", with(kEvaluate, {"--task", kTask, "--model", "{in}/short"}), 1, "?"},
      {"train: line 3 is no JSON", with(kTrain, {"--data", "{in}/train.jsonl", "--model", "{base}"}), 1, "?"},
      {"train: line 3 is no record", with(kTrain, {"--data", "{in}/record.jsonl", "--model", "{base}"}), 1, "?"},
      {"train: no record", with(kTrain, {"--data", "{in}/empty.jsonl", "--model", "{base}"}), 1, "?"},
      {"train: missing data", with(kTrain, {"--data", "{in}/none.jsonl", "--model", "{base}"}), 1, "?"},
      {"generate: line 3 has no prompt", with(kGenerate, {"--input", "{in}/prompts.jsonl", "--model", "{base}"}), 1, "?"},
      {"logprobs: line 3 is no object", with(kLogprobs, {"--input", "{in}/texts.jsonl", "--model", "{base}"}), 1, "?"},
      {"evaluate: line 3 is no question", with(kEvaluate, {"--task", kTask, "--model", "{base}", "--problems", "{in}/problems.jsonl"}), 1, "?"},
      {"evaluate: missing problems", with(kEvaluate, {"--task", kTask, "--model", "{base}", "--problems", "{in}/none.jsonl"}), 1, "?"},
      {"evaluate: no problems", with(kEvaluate, {"--task", kTask, "--model", "{base}", "--problems", "0"}), 2, "?"},
      {"train: unknown option", with(kTrain, {"--data", "{in}/train.jsonl", "--model", "{base}", "--learning-rat", "1"}), 2, "?"},
      {"improve: unknown option", with(kImprove, {"--task", kTask, "--model", "{base}", "--iteration", "1"}), 2, "?"},
      {"evaluate: unknown option", with(kEvaluate, {"--task", kTask, "--model", "{base}", "--self_improve"}), 2, "?"},
      {"improve: unknown task", with(kImprove, {"--task", "multistep_aritmetic", "--model", "{base}"}), 2, "?"},
      {"evaluate: unknown task", with(kEvaluate, {"--task", "chess", "--model", "{base}"}), 2, "?"},
      {"evaluate: unknown split", with(kEvaluate, {"--task", kTask, "--model", "{base}", "--split", "tset"}), 2, "?"},
      {"generate: missing option", with(kGenerate, {"--model", "{base}"}), 2, "?"},
      {"generate: empty stop", with(kGenerate, {"--input", "{in}/texts.jsonl", "--model", "{base}", "--stop", ""}), 2, "?"},
      {"generate: temperature below 0", with(kGenerate, {"--input", "{in}/texts.jsonl", "--model", "{base}", "--temperature", "-1"}), 2, "?"},
  };
}

TEST_F(Mistakes, EndInTheRightCodeAndOneLineWordForWord) {
  for (const Mistake& mistake : mistakes()) {
    std::vector<std::string> arguments;
    for (const std::string& argument : mistake.arguments) arguments.push_back(filled(argument, folder.path().string()));
    const Finished finished = run(arguments);
    EXPECT_EQ(finished.code, mistake.code) << mistake.name;
    EXPECT_EQ(finished.messages, "tripost: error: " + filled(mistake.message, folder.path().string()) + "\n") << mistake.name;
    EXPECT_EQ(finished.output, "") << mistake.name;
    EXPECT_FALSE(fs::exists(in("o")) || fs::exists(in("scores.json")) || fs::exists(in("run") + "/config.toml")) << mistake.name;
  }
}

}  // namespace
}  // namespace tripost
