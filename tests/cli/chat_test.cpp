// generate --chat: the prompt goes into the model's chat template, and the answer ends where the
// template says. The bundled base has no template, so the tests give it one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "base/json.h"
#include "cli/executable.h"

namespace tripost {
namespace {

using testing::HasSubstr;

const std::string kMistral =
    "{% for m in messages %}{{ '[INST] ' + m['content'] + ' [/INST]' }}{% endfor %}";

class Chat : public Executable {
 protected:
  void SetUp() override {
    fs::copy(TRIPOST_SOURCE_DIR "/models/base", in("model"), fs::copy_options::recursive);
  }

  void edit(const char* file, const std::function<void(Json&)>& change) {
    const std::string path = in("model") + "/" + file;
    Json json = parse_json(read_file(path), path);
    change(json);
    write_file_atomically(path, json.dump());
  }

  // The base's token 0 under the name that the [INST] layouts end with.
  void make_mistral() {
    edit("tokenizer.json", [](Json& tokenizer) {
      tokenizer["added_tokens"][0]["content"] = "</s>";
      Json& vocabulary = tokenizer["model"]["vocab"];
      vocabulary.erase("<|endoftext|>");
      vocabulary["</s>"] = 0;
    });
    edit("tokenizer_config.json", [](Json& config) {
      config["eos_token"] = "</s>";
      config["chat_template"] = kMistral;
    });
  }

  Finished generate(const std::vector<std::string>& prompts, std::vector<std::string> options) {
    LineWriter writer(in("i"), LineWriter::Mode::kReplace);
    for (const std::string& prompt : prompts) writer.write({{"prompt", prompt}});
    options.insert(options.begin(),
                   {"generate", "--model", in("model"), "--input", in("i"), "--output", in("o"),
                    "--dtype", "float32", "--max-new-tokens", "40"});
    return run(options);
  }

  std::vector<Json> lines(const std::vector<std::string>& prompts,
                          const std::vector<std::string>& options = {}) {
    const Finished finished = generate(prompts, options);
    EXPECT_EQ(finished.code, 0) << finished.messages;
    std::vector<Json> lines;
    if (finished.code != 0) return lines;
    for_each_json_line(in("o"),
                       [&](Json line, const std::string&) { lines.push_back(std::move(line)); });
    return lines;
  }

  // A prompt that the base answers in a few words, and ends; which ones it does is its training's
  // whim.
  std::string answered_prompt() {
    const std::vector<std::string> candidates = {"wrong", "The end.", "full", "day", "1 = 1"};
    const auto answers = lines(candidates, {"--chat"});
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (answers[i]["finish_reason"] == "stop") return candidates[i];
    }
    ADD_FAILURE() << "the base ends none of these answers within 40 tokens: try other prompts";
    return candidates[0];
  }
};

TEST_F(Chat, ThePromptIsPutIntoTheTemplateAndKeptInTheLine) {
  make_mistral();
  const auto chat = lines({"1 + 1", " (3 + 4) ="}, {"--chat"});
  const auto plain = lines({"[INST] 1 + 1 [/INST]", "[INST] (3 + 4) = [/INST]"});
  ASSERT_EQ(chat.size(), 2u);
  EXPECT_EQ(chat[0]["prompt"], "1 + 1");
  for (std::size_t i = 0; i < chat.size(); ++i) {
    EXPECT_EQ(chat[i]["completion"], plain[i]["completion"]);
    EXPECT_EQ(chat[i]["num_tokens"], plain[i]["num_tokens"]);
  }
  EXPECT_NE(chat[0]["completion"], lines({"1 + 1"})[0]["completion"]);
}

TEST_F(Chat, TheTemplatesEndTokenEndsAnAnswerThoughTheConfigNamesAnother) {
  make_mistral();
  const std::string prompt = answered_prompt();
  const Json expected = lines({prompt}, {"--chat"})[0];
  ASSERT_EQ(expected["finish_reason"], "stop");
  edit("config.json", [](Json& config) { config["eos_token_id"] = 1023; });
  edit("tokenizer_config.json", [](Json& config) { config["eos_token"] = nullptr; });
  EXPECT_EQ(lines({prompt}, {"--chat"})[0], expected);
  EXPECT_EQ(lines({"[INST] " + prompt + " [/INST]"})[0]["finish_reason"], "length");
  EXPECT_EQ(lines({prompt}, {"--chat", "--ignore-eos"})[0]["num_tokens"], 40);
  // What --chat does can be asked for without a template too.
  const auto stopped = lines({"[INST] " + prompt + " [/INST]"}, {"--stop-token", "</s>"});
  EXPECT_EQ(stopped[0]["completion"], expected["completion"]);
}

TEST_F(Chat, APromptWithASpecialTokenIsALineThatSaysSoAndTheOthersAreAnswered) {
  make_mistral();
  const auto answers = lines({"1</s>", answered_prompt()}, {"--chat", "--n", "2"});
  ASSERT_EQ(answers.size(), 4u);
  for (const std::size_t refused : {0, 1}) {
    EXPECT_EQ(answers[refused]["finish_reason"], "error");
    EXPECT_THAT(answers[refused]["error"].get<std::string>(), HasSubstr("special tokens"));
  }
  EXPECT_EQ(answers[3]["finish_reason"], "stop");
}

TEST_F(Chat, AModelWithoutATemplateOrWithAnUnknownOneIsRefusedWithThoseKnown) {
  const Finished none = generate({"1"}, {"--chat"});
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.messages, HasSubstr("has no chat template; known are ChatML, Llama 3"));
  edit("tokenizer_config.json", [](Json& config) { config["chat_template"] = "<|user|>{{ x }}"; });
  const Finished unknown = generate({"1"}, {"--chat"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.messages, HasSubstr("has a chat template that is not known; known are"));
}

TEST_F(Chat, AStopTokenMustBeOneTokenOfTheModel) {
  const Finished finished = generate({"1"}, {"--stop-token", "abc def"});
  EXPECT_EQ(finished.code, 2);
  EXPECT_THAT(finished.messages, HasSubstr("--stop-token: \"abc def\" is "));
}

TEST_F(Chat, APenaltyOnRepetitionReachesTheModel) {
  const std::vector<std::string> prompt = {"Joe ** Joe ** Joe **"};
  const auto free = lines(prompt, {"--ignore-eos"})[0];
  EXPECT_NE(lines(prompt, {"--ignore-eos", "--repetition-penalty", "2"})[0], free);
  EXPECT_EQ(lines(prompt, {"--ignore-eos", "--repetition-penalty", "1"})[0], free);
}

}  // namespace
}  // namespace tripost
