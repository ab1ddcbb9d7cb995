// LoRA as a user does it: train an adapter on the bundled base, use it, merge it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "cli/executable.h"

namespace tripost {
namespace {

using testing::HasSubstr;

const std::string kBase = TRIPOST_SOURCE_DIR "/models/base";

class Lora : public Executable {
 protected:
  void SetUp() override {
    LineWriter writer(in("data"), LineWriter::Mode::kReplace);
    for (int i = 0; i < 8; ++i)
      writer.write(
          {{"text", "(3 + 4) = 8"}, {"sections", {{{"begin", 0}, {"end", 11}, {"weight", 1}}}}});
  }

  Finished train(std::vector<std::string> options) {
    options.insert(options.begin(),
                   {"train", "--data", in("data"), "--output", in("run"), "--max-steps", "12",
                    "--learning-rate", "0.01", "--dtype", "float32"});
    return run(options);
  }

  std::string completion(const std::string& model) {
    LineWriter(in("i"), LineWriter::Mode::kReplace).write({{"prompt", "(3 + 4)"}});
    const Finished finished = run({"generate", "--model", model, "--input", in("i"), "--output",
                                   in("o"), "--dtype", "float32", "--max-new-tokens", "8"});
    EXPECT_EQ(finished.code, 0) << finished.messages;
    return finished.code == 0 ? parse_json(read_file(in("o")), "o").at("completion") : "";
  }
};

TEST_F(Lora, IsTrainedSavedUsedMergedAndTrainedOn) {
  const Finished trained = train({"--model", kBase, "--lora-rank", "4", "--lora-dropout", "0.05"});
  ASSERT_EQ(trained.code, 0) << trained.messages;
  const std::string adapter = in("run") + "/model";
  const Json config = parse_json(read_file(adapter + "/adapter_config.json"), "config");
  EXPECT_EQ(config.at("lora_dropout"), 0.05);
  EXPECT_TRUE(fs::exists(adapter + "/adapter_model.safetensors"));
  EXPECT_FALSE(fs::exists(adapter + "/model.safetensors"));
  EXPECT_NE(completion(kBase), completion(adapter));
  EXPECT_EQ(completion(kBase + "+" + adapter), completion(adapter));
  const Finished merged = run({"convert", adapter, in("merged"), "--dtype", "float32"});
  ASSERT_EQ(merged.code, 0) << merged.messages;
  EXPECT_EQ(completion(in("merged")), completion(adapter));
  fs::rename(in("run"), in("first"));
  const Finished again = train({"--model", kBase + "+" + in("first") + "/model"});
  EXPECT_EQ(again.code, 0) << again.messages;
  EXPECT_NE(read_file(adapter + "/adapter_model.safetensors"),
            read_file(in("first") + "/model/adapter_model.safetensors"));
}

TEST_F(Lora, SettingsThatCannotBeMetAreRefusedBeforeTraining) {
  const Finished unknown = train({"--model", kBase, "--lora-rank", "4", "--lora-targets", "qproj"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.messages, HasSubstr("did you mean \"q_proj\"?"));
  for (const std::string setting : {"--lora-alpha", "--lora-dropout", "--lora-targets"}) {
    const Finished lone =
        train({"--model", kBase, setting, setting == "--lora-targets" ? "q_proj" : "0.5"});
    EXPECT_EQ(lone.code, 2);
    EXPECT_THAT(lone.messages,
                HasSubstr(setting + ": there is no new adapter without --lora-rank"));
  }
  const Finished fresh =
      train({"--init", kBase + "/config.json", "--tokenizer", kBase, "--lora-rank", "4"});
  EXPECT_EQ(fresh.code, 2);
  EXPECT_THAT(fresh.messages, HasSubstr("--lora-rank"));
  ASSERT_EQ(train({"--model", kBase, "--lora-rank", "2"}).code, 0);
  fs::rename(in("run"), in("first"));
  const Finished other = train({"--model", in("first") + "/model", "--lora-rank", "4"});
  EXPECT_EQ(other.code, 1);
  EXPECT_THAT(other.messages, HasSubstr("rank 2"));
}

}  // namespace
}  // namespace tripost
