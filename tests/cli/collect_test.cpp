// The commands that make training records: what they refuse to train on or to leave out in silence,
// and what a collection that goes on is bound to.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "cli/executable.h"
#include "support/mock_endpoint.h"
#include "task/task.h"

namespace tripost {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::string kBase = TRIPOST_SOURCE_DIR "/models/base";
constexpr const char* kQuestion = "(((1 + 2) - 3)) =";  // 0

class Collect : public Executable {
 protected:
  std::string write(const char* name, const std::string& text) const {
    write_file_atomically(in(name), text);
    return in(name);
  }

  std::string write_lines(const char* name, const std::vector<Json>& lines) const {
    std::string text;
    for (const Json& line : lines) text += to_line(line) + "\n";
    return write(name, text);
  }

  // A file of questions; the seed says which.
  std::string write_questions(const char* name, uint64_t seed) const {
    std::vector<Json> lines;
    for (const Problem& problem :
         make_task("multistep_arithmetic")->problems(Split::kTrain, {}, 3, seed))
      lines.push_back({{"question", problem.question}});
    return write_lines(name, lines);
  }

  static std::vector<std::string> with(std::vector<std::string> arguments,
                                       const std::vector<std::string>& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  void expect_done(const std::vector<std::string>& arguments) {
    const Finished finished = run(arguments);
    EXPECT_EQ(finished.code, 0) << finished.messages;
  }

  template <class Matcher>
  void expect_refusal(const std::vector<std::string>& arguments, int code, Matcher says) {
    const Finished refused = run(arguments);
    EXPECT_EQ(refused.code, code) << refused.messages;
    EXPECT_THAT(refused.messages, says);
  }

  const std::vector<std::string> arithmetic_{"--task", "multistep_arithmetic", "--output", in("o")};
  const std::vector<std::string> demonstrations_ = with({"collect", "demonstrations"}, arithmetic_);
  const std::vector<std::string> attempts_ =
      with({"collect", "attempts", "--max-new-tokens", "4", "--samples", "1"}, arithmetic_);
};

// Test problems.

TEST_F(Collect, AProblemWhoseLineSaysThatItIsForTestingIsNotTrainedOn) {
  const std::string file = write_lines("p.jsonl", {{{"question", kQuestion}, {"split", "train"}},
                                                   {{"question", kQuestion}, {"split", "test"}}});
  const auto says =
      AllOf(HasSubstr("p.jsonl:2: the field \"split\" is \"test\""), HasSubstr("remove the line"));
  expect_refusal(with(demonstrations_, {"--problems", file}), 1, says);
  expect_refusal(with(attempts_, {"--problems", file, "--model", kBase}), 1, says);
  EXPECT_FALSE(fs::exists(in("o")));
}

// The reference's files have splits of their own: what our hash says of their questions is no
// matter.
TEST_F(Collect, QuestionsOfABuiltInTaskAreReadAsTheyAre) {
  std::vector<Json> lines;
  for (const Problem& problem : make_task("multistep_arithmetic")->problems(Split::kTest, {}, 3, 1))
    lines.push_back({{"question", problem.question}});
  expect_done(with(demonstrations_, {"--problems", write_lines("p.jsonl", lines)}));
}

TEST_F(Collect, ATestProblemOfTheUsersTaskIsNotTrainedOn) {
  std::vector<Json> lines;
  for (int i = 0; i < 60; ++i)
    lines.push_back({{"question", fmt::format("Add {}, 1.", i)},
                     {"answer", i + 1},
                     {"rationale", fmt::format("(1) {0} + 1 = {1}.\n(Final response) So the "
                                               "answer is {1}.",
                                               i, i + 1)}});
  write_lines("problems.jsonl", lines);
  const std::string toml = write("task.toml",
                                 "name = \"sums\"\nproblems = \"problems.jsonl\"\n[answer]\n"
                                 "pattern = 'the answer is (\\d+)'\n");
  const auto task = make_task(toml);
  const std::string train = task->problems(Split::kTrain, {}, 1, 1).at(0).question;
  const std::string test = task->problems(Split::kTest, {}, 1, 1).at(0).question;
  const std::vector<std::string> command = {"collect",  "demonstrations", "--task",    toml,
                                            "--output", in("o"),          "--problems"};
  const std::string mixed =
      write_lines("mixed.jsonl", {{{"question", train}}, {{"question", test}}});
  expect_refusal(with(command, {mixed}), 1,
                 AllOf(HasSubstr("mixed.jsonl:2: the question \"" + test + "\""),
                       HasSubstr("test problem"), HasSubstr("remove the line")));
  expect_done(with(command, {write_lines("mixed.jsonl", {{{"question", train}}})}));
  write_lines("mixed.jsonl", {{{"question", train}}, {{"question", test}}});
  expect_done({"evaluate", "--task", toml, "--model", kBase, "--max-new-tokens", "4", "--problems",
               mixed, "--output", in("scores")});
}

TEST_F(Collect, ASplitBesideAFileOfProblemsIsRefused) {
  const std::string file = write_lines("p.jsonl", {{{"question", kQuestion}}});
  expect_refusal(
      with({"evaluate", "--model", kBase, "--problems", file, "--split", "test"}, arithmetic_), 2,
      AllOf(HasSubstr("--split \"test\""), HasSubstr("--problems names a file")));
}

// What a collection that goes on is bound to.

TEST_F(Collect, AttemptsGoOnWithTheSameProblemsAndTheSameWeightsOnly) {
  for (const char* name : {"config.json", "model.safetensors", "tokenizer.json"}) {
    fs::create_directories(in("model"));
    fs::copy_file(fs::path(kBase) / name, fs::path(in("model")) / name);
  }
  const std::string weights = in("model") + "/model.safetensors";
  const auto command =
      with(attempts_, {"--problems", write_questions("p.jsonl", 1), "--model", in("model")});
  expect_done(command);
  write_questions("p.jsonl", 2);
  expect_refusal(command, 2, AllOf(HasSubstr("--problems has changed"), HasSubstr("--output")));
  write_questions("p.jsonl", 1);
  expect_done(command);
  const auto written = fs::last_write_time(weights);
  std::string bytes = read_file(weights);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  write_file_atomically(weights, bytes);
  fs::last_write_time(weights, written);
  expect_refusal(command, 2, HasSubstr("--model model.safetensors has changed"));
}

TEST_F(Collect, AModelThatCannotBeLoadedDoesNotBindTheNextCall) {
  fs::create_directories(in("model"));
  fs::copy_file(kBase + "/config.json", in("model") + "/config.json");
  const auto command =
      with(attempts_, {"--problems", write_questions("p.jsonl", 1), "--model", in("model")});
  expect_refusal(command, 1, HasSubstr("model.safetensors"));
  for (const char* name : {"model.safetensors", "tokenizer.json"})
    fs::copy_file(fs::path(kBase) / name, fs::path(in("model")) / name);
  expect_done(command);
}

TEST_F(Collect, ScriptedDemonstrationsGoOnWithTheSameProblemsOnly) {
  const auto command = with(demonstrations_, {"--problems", write_questions("p.jsonl", 1)});
  expect_done(command);
  const std::string records = read_file(in("o"));
  write_questions("p.jsonl", 2);
  expect_refusal(command, 2, HasSubstr("--problems has changed"));
  EXPECT_EQ(read_file(in("o")), records);
}

TEST_F(Collect, DemonstrationsOfAnLlmGoOnWithTheSamePromptsOnly) {
  MockEndpoint mock([](const MockCall&, MockConnection& connection) {
    connection.status(200, answer_body("four"));
  });
  fs::copy(TRIPOST_SOURCE_DIR "/prompts", in("prompts"), fs::copy_options::recursive);
  const auto command =
      with(demonstrations_, {"--from", "llm", "--llm-url", mock.url(), "--llm-model", "mock",
                             "--llm-prompts", in("prompts"), "--problems", "2"});
  expect_done(command);
  for (const char* name : {"attempt.txt", "verify.txt", "improve.txt"}) {
    const fs::path prompt = fs::path(in("prompts")) / "multistep_arithmetic" / name;
    const std::string text = read_file(prompt);
    write_file_atomically(prompt, "Take care.\n" + text);
    expect_refusal(command, 2, HasSubstr(fmt::format("--llm-prompts {} has changed", name)));
    write_file_atomically(prompt, text);
  }
  expect_done(command);
}

// What would be ignored.

TEST_F(Collect, OptionsOfAnLlmThatIsNotAskedAreRefused) {
  const std::string file = write_lines("p.jsonl", {{{"question", kQuestion}}});
  const auto rationales = with({"collect", "rationales", "--input", file}, arithmetic_);
  for (const std::vector<std::string>& option :
       std::vector<std::vector<std::string>>{{"--samples", "2"},
                                             {"--temperature", "0.5"},
                                             {"--llm-url", "http://127.0.0.1:1/v1"},
                                             {"--llm-budget", "3"},
                                             {"--llm-json"},
                                             {"--offline"}}) {
    const auto says = AllOf(HasSubstr(option[0] + " "), HasSubstr("--from llm"));
    expect_refusal(with(demonstrations_, option), 2, says);
    expect_refusal(with(rationales, option), 2, says);
  }
  expect_refusal(with(rationales, {"--seed", "7"}), 2, HasSubstr("--seed 7"));
  EXPECT_FALSE(fs::exists(in("o")));
  expect_done(rationales);
}

// Answers in a file that is filtered.

TEST_F(Collect, AnAnswerThatIsANumberGoesBeforeTheTasks) {
  const Json line = {{"question", kQuestion},
                     {"rationale", "(1) Let's see.\n(Final response) So the answer is 7."},
                     {"answer", 7}};
  const std::string file = write_lines("i", {line});
  expect_done(with({"collect", "filter", "--input", file}, arithmetic_));
  EXPECT_EQ(read_file(in("o")), to_line(line) + "\n");
}

TEST_F(Collect, AnAnswerOfAnotherTypeIsRefusedWithItsPlace) {
  for (const Json& answer : {Json::array({7}), Json(true), Json(nullptr), Json::object()}) {
    Json line = {{"question", kQuestion},
                 {"rationale", "(1) Let's see.\n(Final response) So the answer is 0."}};
    Json wrong = line;
    wrong["answer"] = answer;
    const std::string file = write_lines("i", {line, wrong});
    expect_refusal(with({"collect", "filter", "--input", file}, arithmetic_), 1,
                   AllOf(HasSubstr("i:2: the field \"answer\" should be a string or a number"),
                         HasSubstr("found " + to_line(answer))));
  }
}

// Word sorting's records hold the answer as a list of words.
TEST_F(Collect, AnAnswerInTheTasksOwnFormIsReadAndMustBeTheTasks) {
  const auto task = make_task("word_sorting");
  const Problem problem = task->problems(Split::kTrain, {}, 1, 1).at(0);
  Json line = {{"question", problem.question},
               {"rationale", problem.rationale},
               {"answer", task->answer_of(problem)}};
  const std::vector<std::string> command = {"collect", "filter", "--task",   "word_sorting",
                                            "--input", in("i"),  "--output", in("o")};
  write_lines("i", {line});
  expect_done(command);
  EXPECT_EQ(read_file(in("o")), to_line(line) + "\n");
  line["answer"].push_back("another");
  write_lines("i", {line});
  expect_refusal(command, 1, HasSubstr("i:1: the field \"answer\""));
}

}  // namespace
}  // namespace tripost
