// What a user reads after a mistake: one line that says what, where, the value and the remedy, word
// for word.
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
  for (const auto& [name, value] : {std::pair<std::string, std::string>{"{in}", folder},
                                    {"{base}", TRIPOST_SOURCE_DIR "/models/base"}}) {
    for (auto at = text.find(name); at != std::string::npos;
         at = text.find(name, at + value.size()))
      text.replace(at, name.size(), value);
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
    const std::string record =
        R"({"text": "a", "sections": [{"begin": 0, "end": 1, "weight": 1}]})";
    write_file_atomically(in("train.jsonl"),
                          record + "\n" + record + "\n{\"text\": \"a\", \"sections\": [}\n");
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

std::vector<std::string> with(std::vector<std::string> start,
                              const std::vector<std::string>& more) {
  start.insert(start.end(), more.begin(), more.end());
  return start;
}

const std::string kTask = "multistep_arithmetic";

std::vector<Mistake> broken_configs_and_models() {
  return {
      {"train: broken config value",
       with(kTrain,
            {"--data", "{in}/train.jsonl", "--model", "{base}", "--config", "{in}/rate.toml"}),
       2, "{in}/rate.toml:2: learning-rate: expected a number from 0 to 1, found 1000000000.0"},
      {"improve: broken config value",
       with(kImprove, {"--task", kTask, "--model", "{base}", "--config", "{in}/broken.toml"}), 2,
       "{in}/broken.toml:2: max-new-tokens: expected a whole number from 1 to 1000000, found "
       "\"many\""},
      {"evaluate: broken config value",
       with(kEvaluate, {"--task", kTask, "--model", "{base}", "--config", "{in}/broken.toml"}), 2,
       "{in}/broken.toml:2: max-new-tokens: expected a whole number from 1 to 1000000, found "
       "\"many\""},
      {"evaluate: unknown config name",
       with(kEvaluate, {"--task", kTask, "--model", "{base}", "--config", "{in}/typo.toml"}), 2,
       "{in}/typo.toml:1: unknown setting \"seeed\"; did you mean \"seed\"?"},
      {"generate: config that is no TOML",
       with(kGenerate,
            {"--input", "{in}/prompts.jsonl", "--model", "{base}", "--config", "{in}/half.toml"}),
       2,
       "{in}/half.toml:2: not valid TOML: Error while parsing key-value pair: expected value, saw "
       "'\\n'"},
      {"train: missing model", with(kTrain, {"--data", "{in}/train.jsonl", "--model", "{in}/none"}),
       1,
       "{in}/none: there is no such folder; a model is a Hugging Face folder with config.json, "
       "model.safetensors and tokenizer.json, a .gguf file, an adapter's folder, or BASE+ADAPTER"},
      {"improve: missing model", with(kImprove, {"--task", kTask, "--model", "{in}/none"}), 1,
       "{in}/none: there is no such folder; a model is a Hugging Face folder with config.json, "
       "model.safetensors and tokenizer.json, a .gguf file, an adapter's folder, or BASE+ADAPTER"},
      {"evaluate: missing model", with(kEvaluate, {"--task", kTask, "--model", "{in}/none"}), 1,
       "{in}/none: there is no such folder; a model is a Hugging Face folder with config.json, "
       "model.safetensors and tokenizer.json, a .gguf file, an adapter's folder, or BASE+ADAPTER"},
      {"logprobs: missing model",
       with(kLogprobs, {"--input", "{in}/texts.jsonl", "--model", "{in}/none"}), 1,
       "{in}/none: there is no such folder; a model is a Hugging Face folder with config.json, "
       "model.safetensors and tokenizer.json, a .gguf file, an adapter's folder, or BASE+ADAPTER"},
      {"convert: missing source",
       {"convert", "{in}/none", "{in}/x"},
       1,
       "{in}/none: there is no such model"},
      {"convert: tokenizer that a GGUF file cannot hold",
       {"convert", "{base}", "{in}/x.gguf"},
       1,
       "{in}/x.gguf: llama.cpp knows pre-tokenizers by name, and that of tokenizer.json is none of "
       "smollm, llama-bpe, qwen2, gpt-2, default; a GGUF file would give other tokens"},
      {"convert: q8_0 into a folder",
       {"convert", "{base}", "{in}/x", "--dtype", "q8_0"},
       1,
       "{in}/x: a Hugging Face folder cannot hold q8_0; choose float32, float16 or bfloat16"},
      {"evaluate: folder that is no model",
       with(kEvaluate, {"--task", kTask, "--model", "{in}/bare"}), 1,
       "{in}/bare has no config.json; a model is a Hugging Face folder"},
      {"evaluate: model without weights",
       with(kEvaluate, {"--task", kTask, "--model", "{in}/weightless"}), 1,
       "{in}/weightless has neither model.safetensors nor model.safetensors.index.json; copy the "
       "model's weights there"},
      {"train: truncated weights",
       with(kTrain, {"--data", "{in}/train.jsonl", "--model", "{in}/short"}), 1,
       "{in}/short/model.safetensors: tensor \"model.layers.0.mlp.up_proj.weight\" ends at "
       "byte 1180032 of the data, the file holds 992056; it is cut short, copy it again"},
      {"improve: truncated weights", with(kImprove, {"--task", kTask, "--model", "{in}/short"}), 1,
       "{in}/short/model.safetensors: tensor \"model.layers.0.mlp.up_proj.weight\" ends at "
       "byte 1180032 of the data, the file holds 992056; it is cut short, copy it again"},
      {"evaluate: truncated weights", with(kEvaluate, {"--task", kTask, "--model", "{in}/short"}),
       1,
       "{in}/short/model.safetensors: tensor \"model.layers.0.mlp.up_proj.weight\" ends at "
       "byte 1180032 of the data, the file holds 992056; it is cut short, copy it again"},
  };
}

std::vector<Mistake> broken_data() {
  return {
      {"train: line 3 is no JSON",
       with(kTrain, {"--data", "{in}/train.jsonl", "--model", "{base}"}), 1,
       "{in}/train.jsonl:3: not valid JSON: syntax error while parsing value - unexpected '}'; "
       "expected "
       "'[', '{', or a literal; correct it at byte 28"},
      {"train: line 3 is no record",
       with(kTrain, {"--data", "{in}/record.jsonl", "--model", "{base}"}), 1,
       "{in}/record.jsonl:3: neither \"sections\" nor \"text_att_start_text\" is there; a training "
       "record needs one, for example \"sections\": [{\"begin\": 0, \"end\": <bytes of text>, "
       "\"weight\": 1}]"},
      {"train: no record", with(kTrain, {"--data", "{in}/empty.jsonl", "--model", "{base}"}), 1,
       "--data: {in}/empty.jsonl holds no record"},
      {"train: missing data", with(kTrain, {"--data", "{in}/none.jsonl", "--model", "{base}"}), 1,
       "cannot read {in}/none.jsonl: No such file or directory"},
      {"improve: nothing to rehearse",
       with(kImprove, {"--task", kTask, "--model", "{base}", "--rehearsal", "{in}/empty.jsonl"}), 1,
       "--rehearsal: {in}/empty.jsonl holds no record; give a JSONL file as --data of tripost "
       "train "
       "takes it"},
      {"improve: line 3 of what is rehearsed is no record",
       with(kImprove, {"--task", kTask, "--model", "{base}", "--rehearsal", "{in}/record.jsonl"}),
       1,
       "{in}/record.jsonl:3: neither \"sections\" nor \"text_att_start_text\" is there; a training "
       "record needs one, for example \"sections\": [{\"begin\": 0, \"end\": <bytes of text>, "
       "\"weight\": 1}]"},
      {"generate: line 3 has no prompt",
       with(kGenerate, {"--input", "{in}/prompts.jsonl", "--model", "{base}"}), 1,
       "{in}/prompts.jsonl:3: the field \"prompt\" should be a string, found 3"},
      {"logprobs: line 3 is no object",
       with(kLogprobs, {"--input", "{in}/texts.jsonl", "--model", "{base}"}), 1,
       "{in}/texts.jsonl:3: expected one JSON object a line, found array"},
      {"evaluate: line 3 is no question",
       with(kEvaluate, {"--task", kTask, "--model", "{base}", "--problems", "{in}/problems.jsonl"}),
       1,
       "{in}/problems.jsonl:3: the question \"(1 +\" cannot be read: the number of left and right "
       "brackets do not match; write one like \"((1 - 8 + 6) * (-6 - 1)) =\""},
      {"evaluate: missing problems",
       with(kEvaluate, {"--task", kTask, "--model", "{base}", "--problems", "{in}/none.jsonl"}), 1,
       "cannot read {in}/none.jsonl: No such file or directory"},
      {"evaluate: no problems",
       with(kEvaluate, {"--task", kTask, "--model", "{base}", "--problems", "0"}), 2,
       "--problems: expected the name of a file or a number from 1 to 1000000, found \"0\""},
  };
}

std::vector<Mistake> wrong_usage() {
  return {
      {"train: unknown option",
       with(kTrain, {"--data", "{in}/train.jsonl", "--model", "{base}", "--learning-rat", "1"}), 2,
       "train has no option \"--learning-rat\"; did you mean \"--learning-rate\"?"},
      {"improve: unknown option",
       with(kImprove, {"--task", kTask, "--model", "{base}", "--iteration", "1"}), 2,
       "improve has no option \"--iteration\"; did you mean \"--iterations\"?"},
      {"evaluate: unknown option",
       with(kEvaluate, {"--task", kTask, "--model", "{base}", "--self_improve"}), 2,
       "evaluate has no option \"--self_improve\"; did you mean \"--self-improve\"?"},
      {"compare: no fine-tuning",
       {"compare", "--output", "{in}/run", "--model", "{base}", "--no-finetune"},
       2,
       "--no-finetune: a comparison begins with fine-tuning on gold rationales, which its methods "
       "share; leave it out, or use tripost improve"},
      {"compare: one task twice",
       {"compare", "--output", "{in}/run", "--model", "{base}", "--tasks", kTask, "--tasks", kTask},
       2,
       "--tasks: multistep_arithmetic and multistep_arithmetic are both named "
       "\"multistep_arithmetic\"; rename one, or leave one out"},
      {"improve: an LLM that should calculate again",
       with(kImprove, {"--task", kTask, "--model", "{base}", "--recalculate", "--verifier", "llm",
                       "--llm-url", "http://127.0.0.1:1", "--llm-model", "m"}),
       2,
       "--recalculate: an LLM writes the paper's feedback, which does not calculate again; give "
       "--no-recalculate"},
      {"improve: a share of nothing",
       with(kImprove, {"--task", kTask, "--model", "{base}", "--rehearsal-share", "0.5"}), 2,
       "--rehearsal-share 0.5 would do nothing: nothing is rehearsed; give --rehearsal FILE too, "
       "or "
       "leave it out"},
      {"compare: a share of nothing",
       {"compare", "--output", "{in}/run", "--model", "{base}", "--rehearsal-share", "0.5"},
       2,
       "--rehearsal-share 0.5 would do nothing: nothing is rehearsed; give --rehearsal FILE too, "
       "or "
       "leave it out"},
      {"improve: unknown task",
       with(kImprove, {"--task", "multistep_aritmetic", "--model", "{base}"}), 2,
       "unknown task \"multistep_aritmetic\" (did you mean \"multistep_arithmetic\"?); the tasks "
       "are: multistep_arithmetic, word_sorting, date_understanding, logical_deduction"},
      {"evaluate: unknown task", with(kEvaluate, {"--task", "chess", "--model", "{base}"}), 2,
       "unknown task \"chess\"; the tasks are: multistep_arithmetic, word_sorting, "
       "date_understanding, logical_deduction"},
      {"evaluate: unknown split",
       with(kEvaluate, {"--task", kTask, "--model", "{base}", "--split", "tset"}), 2,
       "--split: expected one of test, validation, train, found \"tset\""},
      {"generate: missing option", with(kGenerate, {"--model", "{base}"}), 2,
       "--input is missing: JSONL of {\"prompt\"}"},
      {"generate: empty stop",
       with(kGenerate, {"--input", "{in}/texts.jsonl", "--model", "{base}", "--stop", ""}), 2,
       "--stop: the empty text stands everywhere; leave it out or name where to stop"},
      {"generate: temperature below 0",
       with(kGenerate, {"--input", "{in}/texts.jsonl", "--model", "{base}", "--temperature", "-1"}),
       2, "--temperature: expected a number from 0 to 100, found -1.0"},
  };
}

std::vector<Mistake> mistakes() {
  std::vector<Mistake> all = broken_configs_and_models();
  for (const auto& more : {broken_data(), wrong_usage()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

TEST_F(Mistakes, EndInTheRightCodeAndOneLineWordForWord) {
  for (const Mistake& mistake : mistakes()) {
    std::vector<std::string> arguments;
    for (const std::string& argument : mistake.arguments)
      arguments.push_back(filled(argument, folder.path().string()));
    const Finished finished = run(arguments);
    EXPECT_EQ(finished.code, mistake.code) << mistake.name;
    EXPECT_EQ(finished.messages,
              "tripost: error: " + filled(mistake.message, folder.path().string()) + "\n")
        << mistake.name;
    EXPECT_EQ(finished.output, "") << mistake.name;
    EXPECT_FALSE(fs::exists(in("o")) || fs::exists(in("scores.json")) ||
                 fs::exists(in("run") + "/config.toml"))
        << mistake.name;
  }
}

}  // namespace
}  // namespace tripost
