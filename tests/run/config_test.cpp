#include "run/config.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "support/temporary_folder.h"

namespace tripost {
namespace {

struct Settings {
  std::string task;
  double learning_rate = 1e-3;
  int64_t max_steps = 0;
  uint64_t seed = 42;
  bool recompute = false;
  int threads = 2;
  std::vector<std::string> levels;
  std::filesystem::path output;
  std::string device = "cpu";
};

class Config : public ::testing::Test {
 protected:
  Config() {
    options.add("task", &settings.task, "the task").required();
    options.add("train-learning-rate", &settings.learning_rate, "peak learning rate").between(0, 1);
    options.add("max-steps", &settings.max_steps, "0: from epochs");
    options.add("seed", &settings.seed, "seed of everything random");
    options.add("recompute", &settings.recompute, "trade time for memory");
    options.add("threads", &settings.threads, "worker threads").may_change();
    options.add("levels", &settings.levels, "levels to use");
    options.add("output", &settings.output, "run directory").may_change();
    options.add("device", &settings.device, "where to compute").choices({"cpu", "cuda"});
  }

  // The message of the UsageError that reading `toml` gives, with the folder cut off; "" when there
  // is none.
  std::string complaint(const std::string& toml) {
    write_file_atomically(path, toml);
    try {
      read_config(path, options);
    } catch (const UsageError& error) {
      return without_folder(error.what());
    }
    return "";
  }

  std::string without_folder(std::string text) const {
    const std::string prefix = folder.path().string() + "/";
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix))
      text.erase(at, prefix.size());
    return text;
  }

  TemporaryFolder folder;
  fs::path path = folder.path() / "run.toml";
  Settings settings;
  Options options;
};

TEST_F(Config, EveryTypeIsReadAndTablesOnlyGroup) {
  EXPECT_EQ(complaint(R"(
task = "word_sorting"
seed = 7
recompute = true
threads = 3
max_steps = 12
levels = ["l3-4d2", "l5-6d2"]
output = "runs/one"
[train]
learning-rate = 5e-4
)"),
            "");
  EXPECT_EQ(settings.task, "word_sorting");
  EXPECT_EQ(settings.seed, 7u);
  EXPECT_TRUE(settings.recompute);
  EXPECT_EQ(settings.threads, 3);
  EXPECT_EQ(settings.max_steps, 12);
  EXPECT_EQ(settings.levels, (std::vector<std::string>{"l3-4d2", "l5-6d2"}));
  EXPECT_EQ(settings.output, "runs/one");
  EXPECT_EQ(settings.learning_rate, 5e-4);
}

TEST_F(Config, AWholeNumberServesWhereANumberIsWanted) {
  EXPECT_EQ(complaint("train-learning-rate = 1"), "");
  EXPECT_EQ(settings.learning_rate, 1.0);
}

TEST_F(Config, ComplaintsSayWhereWhatAndTheRemedy) {
  EXPECT_EQ(complaint("\nmax-step = 3"),
            "run.toml:2: unknown setting \"max-step\"; did you mean \"max-steps\"?");
  EXPECT_EQ(complaint("zzzzzzzzzzzzzzzzz = 3"),
            "run.toml:1: unknown setting \"zzzzzzzzzzzzzzzzz\"; --help lists the known ones");
  EXPECT_EQ(
      complaint("[train]\nlearning-rat = 3"),
      "run.toml:2: unknown setting \"train-learning-rat\"; did you mean \"train-learning-rate\"?");
  EXPECT_EQ(complaint("max-steps = \"many\""),
            "run.toml:1: max-steps: expected a whole number, found \"many\"");
  EXPECT_EQ(complaint("max-steps = 1.5"),
            "run.toml:1: max-steps: expected a whole number, found 1.5");
  EXPECT_EQ(complaint("threads = 5000000000"),
            "run.toml:1: threads: expected a whole number, found 5000000000");
  EXPECT_EQ(complaint("seed = -1"),
            "run.toml:1: seed: expected a whole number that is not negative, found -1");
  EXPECT_EQ(complaint("recompute = 1"), "run.toml:1: recompute: expected true or false, found 1");
  EXPECT_EQ(complaint("levels = [1]"), "run.toml:1: levels: expected a list of texts, found [1]");
  EXPECT_EQ(complaint("train-learning-rate = 2.0"),
            "run.toml:1: train-learning-rate: expected a number from 0 to 1, found 2.0");
  EXPECT_EQ(complaint("train-learning-rate = nan"),
            "run.toml:1: train-learning-rate: expected a number from 0 to 1, found null");
  EXPECT_EQ(complaint("device = \"gpu\""),
            "run.toml:1: device: expected one of cpu, cuda, found \"gpu\"");
  EXPECT_EQ(complaint("task = 1979-05-27"),
            "run.toml:1: task: expected text, a number, true, false or a list of them");
  EXPECT_EQ(complaint("a = 1\nb = [1,"),
            "run.toml:2: not valid TOML: Error while parsing array: encountered end-of-file");
}

TEST_F(Config, ARefusedValueLeavesTheOldOne) {
  complaint("device = \"gpu\"");
  EXPECT_EQ(settings.device, "cpu");
}

TEST_F(Config, TheCommandLineWinsOverTheFile) {
  options.find("max-steps")->set_from_text("5", "--max-steps");
  EXPECT_EQ(complaint("max-steps = 9"), "");
  EXPECT_EQ(settings.max_steps, 5);
}

TEST_F(Config, RepeatedListOptionsAddUpAndReplaceTheDefault) {
  settings.levels = {"default"};
  options.find("levels")->set_from_text("a", "--levels");
  options.find("levels")->set_from_text("b", "--levels");
  EXPECT_EQ(settings.levels, (std::vector<std::string>{"a", "b"}));
}

TEST_F(Config, TextFromTheCommandLineIsCheckedLikeTheFile) {
  const auto set = [&](const char* name, const char* text) {
    options.find(name)->set_from_text(text, std::string("--") + name);
  };
  EXPECT_NO_THROW(set("seed", "18446744073709551615"));
  EXPECT_EQ(settings.seed, 18446744073709551615u);
  EXPECT_NO_THROW(set("train-learning-rate", "1e-2"));
  EXPECT_THROW(set("train-learning-rate", "0.1x"), UsageError);
  EXPECT_THROW(set("max-steps", "3.5"), UsageError);
  EXPECT_THROW(set("max-steps", ""), UsageError);
}

TEST_F(Config, AMissingRequiredOptionIsNamed) {
  try {
    options.check_required();
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "--task is missing: the task");
  }
}

TEST_F(Config, TheResolvedConfigReadsBackTheSame) {
  settings = {.task = "a \"quoted\"\\ name\nwith ünicode\x01",
              .learning_rate = 0.1,
              .max_steps = -3,
              .seed = 9,
              .recompute = true,
              .threads = 8,
              .levels = {"x", "y,z"},
              .output = "somewhere"};
  const std::string text = to_toml(options, "tripost improve");
  settings = {};
  EXPECT_EQ(complaint(text), "");
  EXPECT_EQ(settings.task, "a \"quoted\"\\ name\nwith ünicode\x01");
  EXPECT_EQ(settings.learning_rate, 0.1);
  EXPECT_EQ(settings.max_steps, -3);
  EXPECT_EQ(settings.levels, (std::vector<std::string>{"x", "y,z"}));
  EXPECT_EQ(to_toml(options, "tripost improve"), text);
}

TEST_F(Config, ResumeRefusesOtherSettingsByName) {
  save_or_compare_config(path, options, "tripost improve");
  EXPECT_NO_THROW(save_or_compare_config(path, options, "tripost improve"));
  settings.threads = 16;  // changes no result
  EXPECT_NO_THROW(save_or_compare_config(path, options, "tripost improve"));
  settings.learning_rate = 0.5;
  settings.levels = {"l3"};
  try {
    save_or_compare_config(path, options, "tripost improve");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_EQ(without_folder(error.what()),
              "run.toml was saved with other settings: train-learning-rate is 0.001 there and 0.5 "
              "now; levels is [] there "
              "and [\"l3\"] now; go on with the saved ones or choose another --output");
  }
}

TEST_F(Config, AnOptionNewerThanTheSavedFileIsComparedByItsDefault) {
  save_or_compare_config(path, options, "tripost improve");
  int64_t newer = 3;
  options.add("newer", &newer, "did not exist then");
  EXPECT_NO_THROW(save_or_compare_config(path, options, "tripost improve"));
  newer = 4;
  EXPECT_THROW(save_or_compare_config(path, options, "tripost improve"), UsageError);
}

}  // namespace
}  // namespace tripost
