// A comparison whose methods really train and are tested, on the example of a user's task. Nothing
// is right there yet, so that those who keep right attempts only (LMSI, STaR) have no records.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <numeric>

#include "base/json.h"
#include "cli/executable.h"

namespace tripost {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Compare : public Executable {
 protected:
  Finished compare(const char* output, const std::vector<std::string>& more = {}) {
    std::vector<std::string> command = {"compare", "--output", in(output)};
    for (const char* option : {"--model",
                               TRIPOST_SOURCE_DIR "/models/base",
                               "--tasks",
                               TRIPOST_SOURCE_DIR "/examples/list_sum/task.toml",
                               "--seeds",
                               "1",
                               "--iterations",
                               "2",
                               "--problems",
                               "12",
                               "--fresh-problems",
                               "--max-new-tokens",
                               "100",
                               "--min-records",
                               "1",
                               "--finetune-max-steps",
                               "24",
                               "--finetune-batch-tokens",
                               "256",
                               "--finetune-learning-rate",
                               "0.0015",
                               "--train-batch-tokens",
                               "256",
                               "--train-epochs",
                               "1",
                               "--train-learning-rate",
                               "0.0005",
                               "--test-seen",
                               "4",
                               "--test-unseen",
                               "1",
                               "--test-max-updates",
                               "1",
                               "--test-max-new-tokens",
                               "100",
                               "--threads",
                               "1"})
      command.push_back(option);
    command.insert(command.end(), more.begin(), more.end());
    return run(command);
  }

  std::vector<int64_t> steps_of(const std::string& output, const std::string& method) {
    const std::string path = output + "/list_sum/seed-42/" + method + "/state.json";
    return parse_json(read_file(path), path).at("steps").get<std::vector<int64_t>>();
  }
};

int64_t sum(const std::vector<int64_t>& steps) {
  return std::accumulate(steps.begin(), steps.end(), int64_t{0});
}

TEST_F(Compare, EveryMethodTakesAsManyStepsAsTriPosT) {
  const Finished finished = compare("run", {"--methods", "ft-continued", "--methods",
                                            "demonstrations", "--methods", "answer-only"});
  ASSERT_EQ(finished.code, 0) << finished.messages;
  EXPECT_THAT(finished.output, Not(HasSubstr("Missing"))) << finished.messages;
  const std::vector<int64_t> finetuned = steps_of(in("run"), "ft");
  const std::vector<int64_t> tripost = steps_of(in("run"), "tripost");
  ASSERT_EQ(tripost.size(), 3u);
  EXPECT_EQ(finetuned, std::vector<int64_t>{24});
  EXPECT_EQ(tripost[0], 0);  // it starts from the fine-tuned model
  EXPECT_GT(tripost[1], 0);
  EXPECT_GT(tripost[2], 0);
  const std::vector<int64_t> wanted = {0, tripost[1], tripost[2]};
  for (const char* method : {"ft-continued", "demonstrations"})
    EXPECT_EQ(steps_of(in("run"), method), wanted) << method;
  EXPECT_EQ(steps_of(in("run"), "answer-only"), (std::vector<int64_t>{24 + sum(tripost)}));
}

TEST_F(Compare, PromptingIsTestedWithoutAStepOfTraining) {
  std::filesystem::create_directories(in("prompts") + "/list_sum");
  const auto write = [&](const std::string& name, const std::string& question) {
    write_file_atomically(in("prompts") + "/list_sum/" + name,
                          "=== instructions\nAdd.\n=== question\n" + question);
  };
  write("attempt.txt", "Q: {question}\n{lead_in}\n");
  write("judge.txt", "Q: {question}\n{lead_in}\n{attempt}\n");
  write("improve.txt", "Q: {question}\n{lead_in}\n{attempt}\n{feedback}\n{kept}\n");
  const Finished finished =
      compare("run", {"--methods", "prompting", "--llm-prompts", in("prompts")});
  ASSERT_EQ(finished.code, 0) << finished.messages;
  EXPECT_THAT(finished.output, HasSubstr("SI prompting"));
  EXPECT_EQ(steps_of(in("run"), "prompting"), (std::vector<int64_t>{0}));
}

TEST_F(Compare, PromptingWithoutPromptsIsRefusedBeforeAnyWork) {
  const Finished finished = compare("run", {"--methods", "prompting"});
  EXPECT_EQ(finished.code, 1);
  EXPECT_THAT(finished.messages, HasSubstr("list_sum/attempt.txt, which is not there"));
  EXPECT_FALSE(std::filesystem::exists(in("run") + "/list_sum"));
}

TEST_F(Compare, OneThatIsStoppedAgainAndAgainEndsWithTheSameTable) {
  const std::vector<std::string> methods = {"--methods", "ft-continued"};
  const Finished whole = compare("whole", methods);
  ASSERT_EQ(whole.code, 0) << whole.messages;
  int stops = 0;
  const auto a_little_further = [&] {  // each time longer: what is in progress at a stop is lost
    auto limited = methods;
    limited.insert(limited.end(), {"--time-limit", std::to_string(0.0001 * (stops + 1))});
    return compare("cut", limited);
  };
  Finished cut = a_little_further();
  for (; cut.code == 75; cut = a_little_further()) ++stops;
  ASSERT_EQ(cut.code, 0) << cut.messages;
  EXPECT_GT(stops, 0);
  EXPECT_EQ(read_file(in("cut") + "/table.csv"), read_file(in("whole") + "/table.csv"));
}

}  // namespace
}  // namespace tripost
