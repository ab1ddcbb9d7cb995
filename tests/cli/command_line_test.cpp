#include "cli/command_line.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "support/temporary_folder.h"

namespace tripost {
namespace {

class CommandLine : public ::testing::Test {
 protected:
  CommandLine() {
    Command& verify = commands.add("verify", "what the verifier says");
    verify.options.add("task", &task, "name of the task").required();
    verify.options.add("max-steps", &steps, "steps to do");
    verify.options.add("fast", &fast, "be quick");
    verify.options.add("careful", &careful, "look twice");
    verify.options.add("stop", &stop, "stop strings");
    verify.options.add("share", &share, "some share").between(-1, 1);
    commands.add("collect rationales", "gold steps")
        .options.add("run", &run, "a folder")
        .positional();
  }

  Command* parse(const std::vector<std::string>& arguments) {
    return parse_command_line(arguments, commands).command;
  }

  std::string complaint(const std::vector<std::string>& arguments) {
    try {
      parse(arguments);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "";
  }

  Commands commands;
  std::string task;
  std::string run;
  int steps = 3;
  bool fast = false;
  bool careful = true;
  double share = 0;
  std::vector<std::string> stop;
};

TEST_F(CommandLine, OptionsReachTheirVariables) {
  const Command* command = parse({"verify", "--task", "word_sorting", "--max-steps=7", "--fast",
                                  "--stop", "a", "--stop", "", "--share", "-0.5"});
  ASSERT_NE(command, nullptr);
  EXPECT_EQ(command->name, "verify");
  EXPECT_EQ(task, "word_sorting");
  EXPECT_EQ(steps, 7);
  EXPECT_TRUE(fast);
  EXPECT_EQ(share, -0.5);
  EXPECT_EQ(stop, (std::vector<std::string>{"a", ""}));
}

TEST_F(CommandLine, AFlagThatIsOnCanBeTurnedOff) {
  parse({"verify", "--task", "t"});
  EXPECT_TRUE(careful);
  parse({"verify", "--task", "t", "--no-careful"});
  EXPECT_FALSE(careful);
}

TEST_F(CommandLine, TheCommandLineTurnsOffWhatAConfigFileTurnedOn) {
  const TemporaryFolder folder;
  const auto config = folder.path() / "run.toml";
  write_file_atomically(config, "fast = true\n");
  parse({"verify", "--task", "t", "--config", config.string(), "--no-fast"});
  EXPECT_FALSE(fast);
}

TEST_F(CommandLine, CommandsOfTwoWordsAndArgumentsByPlace) {
  const Command* command = parse({"collect", "rationales", "runs/demo"});
  ASSERT_NE(command, nullptr);
  EXPECT_EQ(command->name, "collect rationales");
  EXPECT_EQ(run, "runs/demo");
}

TEST_F(CommandLine, MistakesAreNamedWithTheNearestName) {
  EXPECT_EQ(complaint({"verify"}), "--task is missing: name of the task");
  EXPECT_EQ(complaint({"verfy"}), "unknown command \"verfy\"; did you mean \"verify\"?");
  EXPECT_EQ(complaint({"collect", "rationale"}),
            "unknown command \"collect rationale\"; did you mean \"collect rationales\"?");
  EXPECT_EQ(complaint({"verify", "--task", "x", "--max_steps", "3"}),
            "verify has no option \"--max_steps\"; did you mean \"--max-steps\"?");
  EXPECT_EQ(complaint({"verify", "--task", "x", "--max-steps", "many"}),
            "--max-steps: expected a whole number, found \"many\"");
  EXPECT_EQ(complaint({"verify", "--task", "x", "stray"}), "verify takes no argument \"stray\"");
  EXPECT_EQ(complaint({"verify", "--task", "x", "--task", "y"}),
            "--task: At Most 1 required but received 2");
}

TEST_F(CommandLine, AConfigFileFillsWhatTheCommandLineLeavesOpen) {
  TemporaryFolder folder;
  const std::string config = (folder.path() / "c.toml").string();
  write_file_atomically(config, "task = \"from file\"\nmax-steps = 9\nfast = true\n");
  ASSERT_NE(parse({"verify", "--config", config, "--max-steps", "4"}), nullptr);
  EXPECT_EQ(task, "from file");
  EXPECT_EQ(steps, 4);
  EXPECT_TRUE(fast);
  EXPECT_THROW(parse({"verify", "--config", "/nowhere.toml"}), Error);
}

TEST_F(CommandLine, HelpAndVersionAreTextsNotCommands) {
  const Parsed help = parse_command_line({"--help"}, commands);
  EXPECT_EQ(help.command, nullptr);
  EXPECT_NE(help.text.find("verify"), std::string::npos);
  EXPECT_NE(help.text.find("collect"), std::string::npos);
  const Parsed one = parse_command_line({"verify", "--help"}, commands);
  EXPECT_NE(one.text.find("--max-steps NUMBER"), std::string::npos) << one.text;
  EXPECT_NE(one.text.find("(required)"), std::string::npos);
  EXPECT_NE(parse_command_line({"collect", "--help"}, commands).text.find("rationales"),
            std::string::npos);
  EXPECT_EQ(parse_command_line({"--version"}, commands).text.rfind("tripost ", 0), 0u);
  EXPECT_NE(parse_command_line({}, commands).text.find("verify"), std::string::npos);
}

}  // namespace
}  // namespace tripost
