// Runs that are stopped, edited and gone on with, and what they then say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "cli/executable.h"
#include "support/mock_endpoint.h"

namespace tripost {
namespace {

using ::testing::HasSubstr;

// As little of a run as there can be.
std::vector<std::string> smallest(std::vector<std::string> command) {
  for (const char* option :
       {"--model", TRIPOST_SOURCE_DIR "/models/base", "--problems", "4", "--max-new-tokens", "16",
        "--finetune-max-steps", "1", "--test-seen", "2", "--test-unseen", "2",
        "--test-max-new-tokens", "8", "--dtype", "float32", "--threads", "1"})
    command.push_back(option);
  return command;
}

class Resume : public Executable {
 protected:
  Finished improve(const std::string& task, const std::vector<std::string>& more = {}) {
    auto command =
        smallest({"improve", "--task", task, "--output", in("run"), "--iterations", "0"});
    command.insert(command.end(), more.begin(), more.end());
    return run(command);
  }
};

TEST_F(Resume, AComparisonStopsAtItsTimeLimitAndSaysWhichMethodsHaveNoResults) {
  auto command = smallest({"compare", "--output", in("run"), "--methods", "star", "--seeds", "1",
                           "--iterations", "1", "--min-records", "1000"});
  auto limited = command;
  limited.insert(limited.end(), {"--time-limit", "0.0000001"});
  const Finished stopped = run(limited);
  EXPECT_EQ(stopped.code, 75) << stopped.messages;
  EXPECT_THAT(stopped.messages, HasSubstr("the time limit of 1e-07 hours is reached"));
  const Finished finished = run(command);
  ASSERT_EQ(finished.code, 0) << finished.messages;
  EXPECT_THAT(finished.output,
              HasSubstr("Missing: multistep_arithmetic, TriPosT, iteration 1: seed 42: iteration 1 "
                        "gave "));
  EXPECT_THAT(
      finished.output,
      HasSubstr("Missing: multistep_arithmetic, STaR, iteration 1: seed 42: not run: TriPosT "
                "took no step to keep up with"));
  EXPECT_THAT(read_file(in("run") + "/report.html"), HasSubstr("STaR, iteration 1 is missing"));
}

TEST_F(Resume, AComparisonThatEndsEarlyHasTheTablesOfWhatIsDone) {
  fs::copy(TRIPOST_SOURCE_DIR "/examples/list_sum", folder.path() / "list_sum");
  std::ofstream problems(in("list_sum") + "/problems.jsonl");
  for (int i = 0; i < 30; ++i)  // without rationales: fine-tuning on them is not possible
    problems << R"({"question": "Add )" << i << R"(, 1.", "answer": )" << i + 1 << "}\n";
  problems.close();
  const Finished ended =
      run(smallest({"compare", "--output", in("run"), "--methods", "star", "--seeds", "1",
                    "--iterations", "1", "--min-records", "1000", "--tasks", "multistep_arithmetic",
                    "--tasks", in("list_sum") + "/task.toml"}));
  EXPECT_EQ(ended.code, 1) << ended.messages;
  EXPECT_THAT(ended.messages, HasSubstr("training problems has a rationale"));
  EXPECT_THAT(read_file(in("run") + "/table.md"), HasSubstr("**multistep_arithmetic: "));
  EXPECT_THAT(read_file(in("run") + "/report.html"), HasSubstr("STaR, iteration 1 is missing"));
}

// What two machines would do with a seed each, and one method later.
TEST_F(Resume, AComparisonIsPutTogetherFromStatesAndAnswersAlone) {
  const auto compare_in = [&](const char* output, const std::vector<std::string>& options) {
    auto command =
        smallest({"compare", "--output", in(output), "--iterations", "1", "--min-records", "1"});
    command.insert(command.end(), options.begin(), options.end());
    return run(command);
  };
  const Finished whole = compare_in("whole", {"--seeds", "2", "--methods", "answer-only"});
  ASSERT_EQ(whole.code, 0) << whole.messages;
  for (const fs::path& file : fs::recursive_directory_iterator(in("whole"))) {
    if (file.filename() != "state.json" && file.filename() != "answers.json") continue;
    const fs::path copy = fs::path(in("copied")) / fs::relative(file, in("whole"));
    fs::create_directories(copy.parent_path());
    fs::copy(file, copy);
  }
  fs::copy(in("whole") + "/config.toml", in("copied"));
  const Finished read = compare_in("copied", {"--seeds", "2", "--methods", "answer-only"});
  ASSERT_EQ(read.code, 0) << read.messages;
  EXPECT_EQ(read_file(in("copied") + "/table.csv"), read_file(in("whole") + "/table.csv"));
  EXPECT_FALSE(fs::exists(in("copied") + "/multistep_arithmetic/seed-42/ft/model"));
  const Finished other = compare_in("copied", {"--seeds", "2", "--test-seed", "7"});
  EXPECT_EQ(other.code, 2);
  fs::remove(in("copied") + "/config.toml");
  const Finished slipped = compare_in("copied", {"--seeds", "2", "--test-seed", "7"});
  EXPECT_NE(slipped.code, 0) << "results of other test questions were taken";
}

TEST_F(Resume, AComparisonWithAModelThatIsNotThereBindsNoLaterCall) {
  auto command = smallest({"compare", "--output", in("run"), "--seeds", "1", "--iterations", "1"});
  *(std::find(command.begin(), command.end(), "--model") + 1) = in("nowhere");
  EXPECT_NE(run(command).code, 0);
  EXPECT_FALSE(fs::exists(in("run") + "/config.toml"));
}

TEST_F(Resume, AnEditedFileOfTheUsersTaskIsNamed) {
  fs::copy(TRIPOST_SOURCE_DIR "/examples/list_sum", folder.path() / "list_sum");
  const std::string task = in("list_sum") + "/task.toml";
  const Finished first = improve(task);
  ASSERT_EQ(first.code, 0) << first.messages;
  EXPECT_EQ(improve(task).code, 0);
  std::ofstream(in("list_sum") + "/check.py", std::ios::app) << "# stricter\n";
  const Finished edited = improve(task);
  EXPECT_EQ(edited.code, 2);
  EXPECT_THAT(edited.messages, HasSubstr("inputs.json was saved with other files: check.py has "
                                         "changed; put them back"));
}

TEST_F(Resume, AnEditedFileOfWhatIsRehearsedIsNamed) {
  const std::string record = R"({"text": "a", "sections": [{"begin": 0, "end": 1, "weight": 1}]})";
  write_file_atomically(in("practice.jsonl"), record + "\n");
  const std::vector<std::string> rehearsal = {"--rehearsal", in("practice.jsonl")};
  const Finished first = improve("multistep_arithmetic", rehearsal);
  ASSERT_EQ(first.code, 0) << first.messages;
  write_file_atomically(in("practice.jsonl"), record + "\n" + record + "\n");
  const Finished edited = improve("multistep_arithmetic", rehearsal);
  EXPECT_EQ(edited.code, 2);
  EXPECT_THAT(edited.messages, HasSubstr("rehearsal has changed"));
}

TEST_F(Resume, AnEditedPromptOfAnLlmIsNamed) {
  fs::copy(TRIPOST_SOURCE_DIR "/prompts", folder.path() / "prompts", fs::copy_options::recursive);
  MockEndpoint mock([](const MockCall&, MockConnection& connection) {
    connection.status(200, answer_body("four, five, six"));
  });
  const std::vector<std::string> llm = {"--verifier",  "llm",  "--llm-url",     mock.url(),
                                        "--llm-model", "mock", "--llm-prompts", in("prompts")};
  const Finished first = improve("multistep_arithmetic", llm);
  ASSERT_EQ(first.code, 0) << first.messages;
  std::ofstream(in("prompts") + "/multistep_arithmetic/verify.txt", std::ios::app) << "Be kind.\n";
  const Finished edited = improve("multistep_arithmetic", llm);
  EXPECT_EQ(edited.code, 2);
  EXPECT_THAT(edited.messages, HasSubstr("verify.txt has changed"));
}

}  // namespace
}  // namespace tripost
