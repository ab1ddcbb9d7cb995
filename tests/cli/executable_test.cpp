// The executable as a user meets it: exit codes, one-line errors, files.
#include "cli/executable.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <vector>

#include "base/file.h"

namespace tripost {
namespace {

TEST_F(Executable, HelpGoesToStandardOutputAndSucceeds) {
  const Finished help = run({"--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_NE(help.output.find("check-task"), std::string::npos);
  EXPECT_EQ(help.messages, "");
}

TEST_F(Executable, WrongUsageIsTwoAndOneLine) {
  const Finished unknown = run({"imporve"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_EQ(unknown.output, "");
  EXPECT_EQ(unknown.messages.rfind("tripost: error: unknown command \"imporve\"", 0), 0u);
  const Finished typo =
      run({"verify", "--task", "multistep_aritmetic", "--input", in("i"), "--output", in("o")});
  EXPECT_EQ(typo.code, 2);
  EXPECT_EQ(typo.messages.find('\n'), typo.messages.size() - 1) << typo.messages;
}

TEST_F(Executable, ABadFileIsOneAndNamedByLine) {
  std::ofstream(in("i")) << "{\"question\": \"(((1 + 2 + 3) - (4 - 5 - 6))) =\"}\n";
  const Finished bad =
      run({"verify", "--task", "multistep_arithmetic", "--input", in("i"), "--output", in("o")});
  EXPECT_EQ(bad.code, 1);
  EXPECT_EQ(bad.messages.rfind("tripost: error: " + in("i") + ":1: ", 0), 0u) << bad.messages;
  EXPECT_FALSE(fs::exists(in("o")));
}

TEST_F(Executable, VerifyFindsTheWrongStepAndKeepsUnknownKeys) {
  const std::string question = "((7 - -1 + -1 + -4) - (-7 + 7 * 3 * -9)) =";
  const std::string wrong =
      "(1) This equation can be written as \"(A - B)\", where A = (7 - -1 + -1 + -4) and B = (-7 + "
      "7 * 3 * -9).\n"
      "(2) Let's calculate A = (7 - -1 + -1 + -4) = (((7 - -1) + -1) + -4) = ((9 + -1) + -4) = (8 "
      "+ -4) = 4.\n"
      "(3) Let's calculate B = (-7 + 7 * 3 * -9) = (-7 + ((7 * 3) * -9)) = (-7 + (21 * -9)) = (-7 "
      "+ -189) = -196.\n"
      "(4) Then, the final equation is (A - B) = (4 - -196) = 200.\n"
      "(Final response) So the answer is 200.";
  {
    LineWriter lines(in("i"), LineWriter::Mode::kReplace);
    lines.write({{"question", question}, {"attempt", wrong}, {"mine", 7}});
    lines.write({{"question", question}, {"attempt", "I do not know."}});
  }
  ASSERT_EQ(
      run({"verify", "--task", "multistep_arithmetic", "--input", in("i"), "--output", in("o")})
          .code,
      0);
  std::vector<Json> out;
  for_each_json_line(in("o"),
                     [&](Json line, const std::string&) { out.push_back(std::move(line)); });
  ASSERT_EQ(out.size(), 2u);
  EXPECT_EQ(out[0]["correct"], false);
  EXPECT_EQ(out[0]["step"], "2");
  EXPECT_EQ(out[0]["mine"], 7);
  EXPECT_TRUE(out[0]["error"].is_null());
  // reference-behaviour.md 12.6, from the paper's own code
  EXPECT_EQ(out[0]["feedback"],
            "Step (1) is correct. In step (2) the part \" (((7 - -1) + -1) + -4) = ((9 + -1) + -4) "
            "\" is incorrect. This is "
            "because there is an calculation error, since (((7 - -1) + -1) + -4) is not equal to "
            "((9 + -1) + -4).");
  EXPECT_EQ(out[1]["correct"], false);
  EXPECT_TRUE(out[1]["step"].is_null());
  EXPECT_TRUE(out[1]["error"].is_string());
}

TEST_F(Executable, CollectRationalesMakesTheReferenceRecordsByteForByte) {
  const fs::path reference = fs::path(TRIPOST_SHARED_DIR) /
                             "reference-data/training/multistep_arithmetic/"
                             "multistep_arithmetic_world_rationale_l3-4d2-22.jsonl";
  if (!fs::exists(reference)) GTEST_SKIP() << "no reference data here";
  std::vector<Json> wanted;
  {
    LineWriter questions(in("i"), LineWriter::Mode::kReplace);
    for_each_json_line(reference, [&](Json line, const std::string&) {
      questions.write(
          {{"question", "Q: " + line["meta_data"]["question"].get<std::string>() + " "}});
      wanted.push_back(std::move(line));
    });
  }
  ASSERT_EQ(run({"collect", "rationales", "--task", "multistep_arithmetic", "--input", in("i"),
                 "--output", in("o")})
                .code,
            0);
  std::size_t at = 0;
  for_each_json_line(in("o"), [&](const Json& line, const std::string& where) {
    ASSERT_LT(at, wanted.size());
    EXPECT_EQ(line["text"], wanted[at]["text"]) << where;
    EXPECT_EQ(line["text_att_start_text"], wanted[at]["text_att_start_text"]);
    for (const char* key : {"question", "answer", "rationale"}) {
      EXPECT_EQ(line["meta_data"][key], wanted[at]["meta_data"][key]) << where;
    }
    ++at;
  });
  EXPECT_EQ(at, wanted.size());
}

// The reference's authors filtered their own LLM's rationales: all 191 of dates pass, and of 360 of
// logical deduction one does not (reference-behaviour.md 2.4 and 3.4). Four more do not end in a
// line that opens with "(Final response)".
TEST_F(Executable, TheReferencesRationalesPassTheFilterAsItsAuthorsFound) {
  const fs::path training = fs::path(TRIPOST_SOURCE_DIR) / "../shared/reference-data/training";
  if (!fs::exists(training)) GTEST_SKIP() << "no reference data here";
  const auto table_of = [&](const std::string& task, const std::string& levels) {
    const Finished finished = run(
        {"collect", "filter", "--task", task, "--input",
         training / task / (task + "_world_rationale_" + levels + ".jsonl"), "--output", in("o")});
    EXPECT_EQ(finished.code, 0) << finished.messages;
    return finished.output;
  };
  EXPECT_EQ(table_of("date_understanding", "1-2"),
            "attempts                     191       %\n"
            "kept                         189    99.0\n"
            "not in the format              2     1.0\n");
  EXPECT_EQ(table_of("logical_deduction", "3-5"),
            "attempts                     360       %\n"
            "kept                         357    99.2\n"
            "not in the format              2     0.6\n"
            "inconsistent                   1     0.3\n");
}

TEST_F(Executable, FilteredRationalesAreKeptAsTheyAreAndTheOthersNamedByLine) {
  const std::string question = "(((1 + 2) - 3)) =";
  const std::string steps = "(1) Let's see.\n(Final response) So the answer is ";
  const std::vector<Json> lines = {
      {{"question", question}, {"rationale", steps + "0."}, {"by", "Ada"}},
      {{"question", question}, {"rationale", steps + "1."}},
      {{"question", question}, {"rationale", "So the answer is 0."}},
      {{"question", question}, {"rationale", steps + "0."}},
  };
  {
    LineWriter input(in("i"), LineWriter::Mode::kReplace);
    for (const Json& line : lines) input.write(line);
  }
  const Finished finished = run({"collect", "filter", "--task", "multistep_arithmetic", "--input",
                                 in("i"), "--output", in("o")});
  ASSERT_EQ(finished.code, 0) << finished.messages;
  EXPECT_EQ(read_file(in("o")), to_line(lines[0]) + "\n");
  EXPECT_NE(finished.messages.find(":2: wrong answer"), std::string::npos) << finished.messages;
  EXPECT_NE(finished.messages.find(":3: not in the format"), std::string::npos);
  EXPECT_NE(finished.messages.find(":4: kept already"), std::string::npos);
}

TEST_F(Executable, ATaskProvesItself) {
  const Finished checked = run({"check-task", "--task", "multistep_arithmetic", "--count", "50"});
  EXPECT_EQ(checked.code, 0) << checked.messages;
  EXPECT_NE(checked.output.find("gold verified"), std::string::npos);
}

TEST_F(Executable, ATrainedTokenizerIsOneThatTokenizeReads) {
  std::ofstream(in("corpus.txt"))
      << "So the answer is 12. So the answer is 7. So the answer is -3.\n";
  const Finished trained = run({"tokenizer", "train", "--input", in("corpus.txt"), "--vocab-size",
                                "280", "--output", in("made")});
  ASSERT_EQ(trained.code, 0) << trained.messages;
  std::ofstream(in("i")) << "{\"text\": \"So the answer is 7.\"}\n{\"text\": \"\"}\n";
  ASSERT_EQ(run({"tokenize", "--model", in("made"), "--input", in("i"), "--output", in("o")}).code,
            0);
  std::vector<Json> out;
  for_each_json_line(in("o"),
                     [&](Json line, const std::string&) { out.push_back(std::move(line)); });
  ASSERT_EQ(out.size(), 2u);
  EXPECT_GT(out[0]["ids"].size(), 0u);
  EXPECT_LT(out[0]["ids"].size(), 19u);  // fewer than bytes: merges were learnt
  EXPECT_EQ(out[1]["ids"], Json::array());
}

TEST_F(Executable, AReportOfNoRunIsRefused) {
  const Finished refused = run({"report", folder.path().string()});
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.messages.find("is not a run directory"), std::string::npos);
}

TEST_F(Executable, DoctorSaysWhatIsThere) {
  const Finished doctor = run({"doctor"});
  EXPECT_EQ(doctor.code, 0);
  EXPECT_NE(doctor.output.find("torch"), std::string::npos);
}

TEST_F(Executable, TheFirstSignalStopsWithEverythingSavedAndCode75) {
  const std::string line = R"({"question": "((1 + 2 + 3) - (4 - 5 - 6)) =", "attempt": "(1) no."})";
  {
    std::ofstream input(in("i"));
    for (int i = 0; i < 200'000; ++i) input << line << '\n';
  }
  const pid_t child =
      start({"verify", "--task", "multistep_arithmetic", "--input", in("i"), "--output", in("o")});
  while (!catches(child, SIGTERM)) ::usleep(1000);
  ::kill(child, SIGTERM);
  const Finished stopped = finish(child);
  EXPECT_EQ(stopped.code, 75) << stopped.messages;
  EXPECT_NE(stopped.messages.find("interrupted"), std::string::npos);
  EXPECT_FALSE(fs::exists(in("o")));
}

}  // namespace
}  // namespace tripost
