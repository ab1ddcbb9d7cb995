// generate, logprobs and evaluate with the bundled base.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <map>
#include <set>

#include "base/json.h"
#include "cli/executable.h"

namespace tripost {
namespace {

const std::string kBase = TRIPOST_SOURCE_DIR "/models/base";

class ModelCommands : public Executable {
 protected:
  void write(const char* name, const std::vector<Json>& lines) {
    LineWriter writer(in(name), LineWriter::Mode::kReplace);
    for (const Json& line : lines) writer.write(line);
  }

  std::vector<Json> read(const char* name) {
    std::vector<Json> lines;
    for_each_json_line(in(name),
                       [&](Json line, const std::string&) { lines.push_back(std::move(line)); });
    return lines;
  }

  // Runs a command from file "i" to file "o" and reads "o".
  std::vector<Json> run_lines(const char* command, const std::vector<Json>& input,
                              std::vector<std::string> options = {}) {
    write("i", input);
    options.insert(options.begin(), {command, "--model", kBase, "--input", in("i"), "--output",
                                     in("o"), "--dtype", "float32"});
    const Finished finished = run(options);
    EXPECT_EQ(finished.code, 0) << finished.messages;
    return finished.code == 0 ? read("o") : std::vector<Json>{};
  }
};

const std::vector<Json> kPrompts = {
    {{"prompt", "Q: ((1 + -2 - 3) * (4 - -5 + 6)) =\nAnswer: Let's think step by step."}},
    {{"prompt", "Q: ((7 - -1 + -1) - (-7 + 7 * 3)) =\nAnswer: Let's think step by step."}},
    {{"prompt", "(3 + 4) ="}},
    {{"prompt", "1"}},
    {{"prompt", "Let's calculate A = (7 - -1 + -1 + -4) ="}}};

TEST_F(ModelCommands, GreedyCompletionsDoNotDependOnTheBatch) {
  const std::vector<std::string> options = {"--max-new-tokens", "48", "--ignore-eos"};
  const std::vector<Json> together = run_lines("generate", kPrompts, options);
  ASSERT_EQ(together.size(), kPrompts.size());
  std::set<std::string> completions;
  for (std::size_t i = 0; i < kPrompts.size(); ++i) {
    EXPECT_EQ(run_lines("generate", {kPrompts[i]}, options), std::vector<Json>{together[i]});
    completions.insert(together[i]["completion"].get<std::string>());
  }
  EXPECT_EQ(completions.size(), kPrompts.size());  // the prompts were really read
}

TEST_F(ModelCommands, GenerateKeepsOrderAndUnknownKeys) {
  const std::vector<Json> lines =
      run_lines("generate", {{{"id", 7}, {"prompt", "(3 + 4) ="}}, {{"prompt", "1"}, {"tag", "x"}}},
                {"--max-new-tokens", "5", "--ignore-eos"});
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0]["id"], 7);
  EXPECT_EQ(lines[1]["tag"], "x");
  EXPECT_EQ(lines[1]["prompt"], "1");
  for (const Json& line : lines) {
    EXPECT_EQ(line["num_tokens"], 5);
    EXPECT_EQ(line["finish_reason"], "length");
    EXPECT_FALSE(line.contains("sample"));
  }
}

TEST_F(ModelCommands, AStopTextEndsACompletionBeforeIt) {
  const auto free =
      run_lines("generate", {kPrompts[0]}, {"--max-new-tokens", "32", "--ignore-eos"});
  ASSERT_EQ(free.size(), 1u);
  const auto text = free[0]["completion"].get<std::string>();
  const std::string stop = text.substr(text.size() / 2, 3);
  const auto stopped = run_lines("generate", {kPrompts[0]},
                                 {"--max-new-tokens", "32", "--ignore-eos", "--stop", stop});
  ASSERT_EQ(stopped.size(), 1u);
  EXPECT_EQ(stopped[0]["completion"], text.substr(0, text.find(stop)));
  EXPECT_EQ(stopped[0]["finish_reason"], "stop");
}

TEST_F(ModelCommands, SamplesDifferAndComeAgainWithTheSameSeed) {
  const std::vector<std::string> options = {"--n", "4", "--temperature", "1", "--max-new-tokens",
                                            "24"};
  const auto first = run_lines("generate", kPrompts, options);
  ASSERT_EQ(first.size(), 4 * kPrompts.size());
  std::set<std::string> of_first_prompt;
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i]["sample"], i % 4);
    EXPECT_EQ(first[i]["prompt"], kPrompts[i / 4]["prompt"]);
    if (i < 4) of_first_prompt.insert(first[i]["completion"].get<std::string>());
  }
  EXPECT_GT(of_first_prompt.size(), 1u);
  EXPECT_EQ(run_lines("generate", kPrompts, options), first);

  // Identity, not order: the first prompt alone draws what it drew among others.
  const auto alone = run_lines("generate", {kPrompts[0]}, options);
  EXPECT_EQ(alone, std::vector<Json>(first.begin(), first.begin() + 4));

  std::vector<std::string> other = options;
  other.insert(other.end(), {"--seed", "43"});
  EXPECT_NE(run_lines("generate", kPrompts, other), first);
}

TEST_F(ModelCommands, TheSamePromptOnTwoLinesIsDrawnTwice) {
  const auto lines = run_lines("generate", {kPrompts[3], kPrompts[3]},
                               {"--temperature", "1", "--max-new-tokens", "24"});
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_NE(lines[0]["completion"], lines[1]["completion"]);
}

TEST_F(ModelCommands, APromptThatCannotRunDoesNotCostTheOthers) {
  std::string longer_than_context;
  for (int i = 0; i < 5000; ++i) longer_than_context += "1 + ";
  const auto lines =
      run_lines("generate", {{{"prompt", longer_than_context}}, kPrompts[2], {{"prompt", ""}}},
                {"--max-new-tokens", "4"});
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0]["finish_reason"], "error");
  EXPECT_THAT(lines[0]["error"].get<std::string>(), testing::HasSubstr("context is 4096"));
  EXPECT_NE(lines[1]["completion"], "");
  EXPECT_FALSE(lines[1].contains("error"));
  EXPECT_EQ(lines[2]["finish_reason"], "error");
}

TEST_F(ModelCommands, LogprobsAreOnePerTokenAfterTheFirst) {
  const auto lines = run_lines(
      "logprobs", {{{"text", kPrompts[0]["prompt"]}, {"id", 1}}, {{"text", "1"}}, {{"text", ""}}});
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0]["id"], 1);
  EXPECT_FALSE(lines[0].contains("text"));
  EXPECT_EQ(lines[0]["logprobs"].size() + 1, lines[0]["ids"].size());
  for (const Json& value : lines[0]["logprobs"]) EXPECT_LE(value.get<double>(), 0.0);
  EXPECT_EQ(lines[1]["ids"].size(), 1u);
  EXPECT_EQ(lines[1]["logprobs"], Json::array());
  EXPECT_EQ(lines[2]["logprobs"], Json::array());
}

// The greedy token is the likeliest: putting any other in its place makes the text less likely.
TEST_F(ModelCommands, LogprobsAgreeWithWhatGenerateChooses) {
  const auto prompt = kPrompts[0]["prompt"].get<std::string>();
  const auto greedy =
      run_lines("generate", {kPrompts[0]}, {"--max-new-tokens", "1", "--ignore-eos"});
  ASSERT_EQ(greedy.size(), 1u);
  const auto chosen = greedy[0]["completion"].get<std::string>();
  std::vector<Json> texts = {{{"text", prompt + chosen}}};
  for (const char* other : {"7", "Q", "(", " the", "="}) {
    if (chosen != other) texts.push_back({{"text", prompt + other}});
  }
  const auto lines = run_lines("logprobs", texts);
  const auto length = run_lines("logprobs", {{{"text", prompt}}})[0]["ids"].size();
  for (std::size_t i = 1; i < lines.size(); ++i) {
    EXPECT_GT(lines[0]["logprobs"][length - 1].get<double>(),
              lines[i]["logprobs"][length - 1].get<double>())
        << texts[i];
  }
}

TEST_F(ModelCommands, TheLogProbabilitiesOfATextDoNotDependOnTheTextsBesideIt) {
  const std::vector<Json> texts = {{{"text", "(1 + 2) = 3"}},
                                   {{"text", "A"}},
                                   {{"text", ""}},
                                   {{"text", "B = (7 * -8) = -56."}}};
  const auto together = run_lines("logprobs", texts);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Json alone = run_lines("logprobs", {texts[i]})[0];
    EXPECT_EQ(together[i]["ids"], alone["ids"]);
    ASSERT_EQ(together[i]["logprobs"].size(), alone["logprobs"].size());
    for (std::size_t k = 0; k < alone["logprobs"].size(); ++k) {
      EXPECT_NEAR(together[i]["logprobs"][k].get<double>(), alone["logprobs"][k].get<double>(),
                  1e-4);
    }
  }
}

TEST_F(ModelCommands, TokenizeKeepsUnknownKeysToo) {
  std::ofstream(in("i")) << R"({"id": 5, "text": "So"})"
                         << "\n";
  ASSERT_EQ(run({"tokenize", "--model", kBase, "--input", in("i"), "--output", in("o")}).code, 0);
  EXPECT_EQ(read("o")[0]["id"], 5);
  EXPECT_FALSE(read("o")[0].contains("text"));
}

TEST_F(ModelCommands, AnInputThatCanBeReadOnlyOnceIsReadWhole) {
  ASSERT_EQ(::mkfifo(in("i").c_str(), 0666), 0);
  const pid_t child =
      start({"tokenize", "--model", kBase, "--input", in("i"), "--output", in("o")});
  std::ofstream(in("i")) << R"({"text": "So"})"
                         << "\n"
                         << R"({"text": "it is"})"
                         << "\n";
  ASSERT_EQ(finish(child).code, 0);
  EXPECT_EQ(read("o").size(), 2u);
}

TEST_F(ModelCommands, ConvertThereAndBackGivesTheSameBytes) {
  const auto convert = [&](const std::string& source, const std::string& target,
                           const std::string& dtype) {
    const Finished finished = run({"convert", source, target, "--dtype", dtype});
    EXPECT_EQ(finished.code, 0) << finished.messages;
  };
  convert(kBase, in("wide"), "float32");
  convert(in("wide"), in("narrow"), "bfloat16");
  for (const std::string file : {"/model.safetensors", "/tokenizer.json"}) {
    EXPECT_TRUE(read_file(in("narrow") + file) == read_file(fs::path(kBase).string() + file))
        << file;
  }
}

TEST_F(ModelCommands, EvaluateWritesRowsThatAddUp) {
  const Finished finished =
      run({"evaluate", "--task", "multistep_arithmetic", "--model", kBase, "--problems", "4",
           "--self-improve", "--max-new-tokens", "64", "--output", in("scores.json")});
  ASSERT_EQ(finished.code, 0) << finished.messages;
  EXPECT_THAT(finished.output, testing::HasSubstr("4+4"));  // the table
  const Json rows = parse_json(read_file(in("scores.json")), "scores.json")["rows"];
  std::map<std::string, int> n;
  int levels = 0;
  for (const Json& row : rows) {
    const auto subset = row["subset"].get<std::string>();
    n[subset] = row["n"];
    if (subset != "seen" && subset != "unseen" && subset != "total") levels += row["n"].get<int>();
    EXPECT_EQ(row["task"], "multistep_arithmetic");
    const double first = row["accuracy_first"], final = row["accuracy_final"];
    EXPECT_NEAR(final - first,
                row["wrong_to_right"].get<double>() - row["right_to_wrong"].get<double>(), 1e-12);
    EXPECT_LE(row["ci95"][0].get<double>(), final);
    EXPECT_GE(row["ci95"][1].get<double>(), final);
  }
  EXPECT_EQ(n["seen"], 4);
  EXPECT_EQ(n["unseen"], 4);
  EXPECT_EQ(n["total"], 8);
  EXPECT_EQ(levels, 8);
}

TEST_F(ModelCommands, EvaluateTakesProblemsFromAFile) {
  write("problems", {{{"question", "((1 + 2 + 3) - (4 - 5 - 6)) ="}},
                     {{"question", "Q: ((7 - -1 + -1) - (-7 + 7 * 3)) = "}}});
  const Finished finished =
      run({"evaluate", "--task", "multistep_arithmetic", "--model", kBase, "--problems",
           in("problems"), "--max-new-tokens", "16", "--output", in("scores.json")});
  ASSERT_EQ(finished.code, 0) << finished.messages;
  const Json rows = parse_json(read_file(in("scores.json")), "scores.json")["rows"];
  EXPECT_EQ(rows.back()["subset"], "total");
  EXPECT_EQ(rows.back()["n"], 2);
}

TEST_F(ModelCommands, EvaluateWritesWhatWasSaidOnEveryQuestionWhereAsked) {
  const Finished finished =
      run({"evaluate", "--task", "multistep_arithmetic", "--model", kBase, "--problems", "3",
           "--max-new-tokens", "16", "--output", in("scores.json"), "--exchanges", in("said")});
  ASSERT_EQ(finished.code, 0) << finished.messages;
  const std::vector<Json> exchanges = read("said");
  ASSERT_EQ(exchanges.size(), 6u);
  for (const Json& exchange : exchanges) {
    EXPECT_NE(exchange["problem"]["question"], "");
    ASSERT_EQ(exchange["steps"].size(), 1u);
    EXPECT_NE(exchange["steps"][0]["attempt"]["text"], "");
  }
}

TEST_F(ModelCommands, AnInterruptedGenerationLeavesNoHalfFile) {
  write("i", std::vector<Json>(2000, kPrompts[0]));
  const pid_t child = start({"generate", "--model", kBase, "--input", in("i"), "--output", in("o"),
                             "--max-new-tokens", "2000", "--ignore-eos"});
  while (!catches(child, SIGTERM)) ::usleep(1000);
  ::kill(child, SIGTERM);
  const Finished stopped = finish(child);
  EXPECT_EQ(stopped.code, 75) << stopped.messages;
  EXPECT_FALSE(fs::exists(in("o")));
}

}  // namespace
}  // namespace tripost
