// The commands that read questions and attempts, on the reference's files as they are and on files
// of a user's own.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "base/json.h"
#include "cli/executable.h"

namespace tripost {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kWeek =
    "Today is 3/5/2021. What is the date one week from today in MM/DD/YYYY?";
constexpr const char* kWeekOptions = "(A) 03/12/2021\n(B) 03/06/2021";

class TaskCommands : public Executable {
 protected:
  std::string write_lines(const char* name, const std::vector<Json>& lines) const {
    std::string text;
    for (const Json& line : lines) text += to_line(line) + "\n";
    write_file_atomically(in(name), text);
    return in(name);
  }

  std::vector<Json> lines_of(const fs::path& path) const {
    std::vector<Json> lines;
    for_each_json_line(path, [&](Json line, const std::string&) { lines.push_back(line); });
    return lines;
  }

  // A user's task with these problems, whose answers are read by a pattern.
  std::string write_task(const std::vector<Json>& problems) const {
    write_lines("problems.jsonl", problems);
    write_file_atomically(
        in("task.toml"),
        "name = \"mine\"\nproblems = \"problems.jsonl\"\n[answer]\npattern = 'the "
        "answer is (\\d+)\\.'\n");
    return in("task.toml");
  }

  static fs::path training(const std::string& task, const std::string& kind,
                           const std::string& levels) {
    return fs::path(TRIPOST_SHARED_DIR) / "reference-data/training" / task /
           (task + "_" + kind + "_" + levels + ".jsonl");
  }
};

struct ReferenceTask {
  const char* name;
  const char* levels;
  bool is_scripted;      // the reference's rationales: by its script, not by an LLM
  std::size_t unsolved;  // questions of dates none of whose options is the right date
};

const ReferenceTask kReferenceTasks[] = {{"multistep_arithmetic", "l3-4d2-22", true, 0},
                                         {"word_sorting", "1-7", true, 0},
                                         {"date_understanding", "1-2", false, 6},
                                         {"logical_deduction", "3-5", false, 0}};

// Reading the reference's files.

TEST_F(TaskCommands, VerifyReadsTheReferencesRecordsAsTheyAre) {
  for (const ReferenceTask& task : kReferenceTasks) {
    const fs::path file = training(task.name, "world_rationale", task.levels);
    if (!fs::exists(file)) GTEST_SKIP() << "no reference data here";
    const Finished verified =
        run({"verify", "--task", task.name, "--input", file, "--output", in("o")});
    ASSERT_EQ(verified.code, 0) << verified.messages;
    const auto lines = lines_of(in("o"));
    EXPECT_EQ(lines.size(), lines_of(file).size());
    for (const Json& line : lines) {
      if (task.is_scripted) {
        ASSERT_EQ(line["correct"], true) << line;
      }
    }
  }
}

TEST_F(TaskCommands, CheckTaskReadsTheReferencesFilesAsTheyAre) {
  for (const char* kind : {"world_rationale", "baseline_ao", "LMSI_rationale"}) {
    for (const ReferenceTask& task : kReferenceTasks) {
      const fs::path file = training(task.name, kind, task.levels);
      if (!fs::exists(file)) GTEST_SKIP() << "no reference data here";
      const Finished checked = run({"check-task", "--task", task.name, "--problems", file});
      EXPECT_THAT(checked.output, HasSubstr("gold verified")) << kind << checked.messages;
      if (task.unsolved == 0) {
        EXPECT_EQ(checked.code, 0) << checked.messages;
      }
    }
  }
}

TEST_F(TaskCommands, OptionsInAFieldOfTheirOwnArePartOfTheQuestion) {
  const std::string input = write_lines(
      "i", {{{"question", kWeek}, {"formatted_choices", kWeekOptions}},
            {{"question", std::string(kWeek) + "\nOptions:\n" + kWeekOptions}},
            {{"meta_data", {{"question", kWeek}, {"formatted_choices", kWeekOptions}}}}});
  const Finished collected = run({"collect", "rationales", "--task", "date_understanding",
                                  "--input", input, "--output", in("o")});
  ASSERT_EQ(collected.code, 0) << collected.messages;
  const auto lines = lines_of(in("o"));
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0]["meta_data"]["answer"], "A");
  EXPECT_EQ(lines[0], lines[1]);
  EXPECT_EQ(lines[0], lines[2]);
}

TEST_F(TaskCommands, AQuestionUnderAnotherNameIsRefusedWithTheNearest) {
  const std::string input = write_lines("i", {{{"questoin", kWeek}, {"attempt", "(1) x"}}});
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"verify", "--input", input, "--output", in("o")},
        {"collect", "rationales", "--input", input, "--output", in("o")},
        {"check-task", "--problems", input}}) {
    auto arguments = command;
    arguments.insert(arguments.end(), {"--task", "date_understanding"});
    const Finished refused = run(arguments);
    EXPECT_EQ(refused.code, 1);
    EXPECT_EQ(refused.messages, "tripost: error: " + input +
                                    ":1: the field \"questoin\" is unknown; did you mean "
                                    "\"question\"?\n");
  }
}

// Writing what the reference reads.

TEST_F(TaskCommands, RecordsHaveTheKeysOfTheReferencesOwn) {
  for (const ReferenceTask& task : kReferenceTasks) {
    const fs::path file = training(task.name, "world_rationale", task.levels);
    if (!fs::exists(file)) GTEST_SKIP() << "no reference data here";
    const auto wanted = lines_of(file);
    ASSERT_EQ(
        run({"collect", "rationales", "--task", task.name, "--input", file, "--output", in("o")})
            .code,
        0);
    const auto made = lines_of(in("o"));
    ASSERT_EQ(made.size(), wanted.size() - task.unsolved);
    std::map<std::string, Json> wanted_of;  // by question
    for (const Json& line : wanted)
      wanted_of[line["text"].get<std::string>().substr(
          0, line["text"].get<std::string>().find("\nAnswer:"))] = line;
    for (const Json& line : made) {
      const std::string text = line["text"];
      const Json& other = wanted_of.at(text.substr(0, text.find("\nAnswer:")));
      ASSERT_EQ(line["meta_data"].size(), other["meta_data"].size());
      for (const auto& [key, value] : other["meta_data"].items()) {
        ASSERT_TRUE(line["meta_data"].contains(key)) << key;
        if (key == "question" || key == "formatted_choices" || key == "meta_data") {
          EXPECT_EQ(line["meta_data"][key], value);
        }
      }
    }
  }
}

TEST_F(TaskCommands, RationalesOfWordSortingAreTheReferencesByteForByte) {
  const fs::path file = training("word_sorting", "world_rationale", "1-7");
  if (!fs::exists(file)) GTEST_SKIP() << "no reference data here";
  const auto wanted = lines_of(file);
  std::vector<Json> questions;
  for (const Json& line : wanted)
    questions.push_back({{"question", "Q: " + line["meta_data"]["question"].get<std::string>()}});
  ASSERT_EQ(run({"collect", "rationales", "--task", "word_sorting", "--input",
                 write_lines("i", questions), "--output", in("o")})
                .code,
            0);
  const auto made = lines_of(in("o"));
  ASSERT_EQ(made.size(), wanted.size());
  for (std::size_t i = 0; i < made.size(); ++i) {
    EXPECT_EQ(made[i]["text"], wanted[i]["text"]);
    for (const char* key : {"question", "answer", "rationale"})
      EXPECT_EQ(made[i]["meta_data"][key], wanted[i]["meta_data"][key]) << i;
  }
}

// Questions that cannot be solved.

TEST_F(TaskCommands, QuestionsWithoutStepsAreNamedAndTheOthersCollected) {
  std::vector<Json> lines(
      15, Json{{"question", kWeek}, {"formatted_choices", "(A) 01/01/2000\n(B) 01/02/2000"}});
  lines[3]["formatted_choices"] = kWeekOptions;
  const std::string input = write_lines("i", lines);
  const std::vector<std::string> collect = {
      "collect", "rationales", "--task",   "date_understanding",
      "--input", input,        "--output", in("o")};
  const Finished collected = run(collect);
  EXPECT_EQ(collected.code, 0);
  EXPECT_EQ(lines_of(in("o")).size(), 1u);
  EXPECT_THAT(collected.messages,
              AllOf(HasSubstr(input + ":1: no steps, since none of the options is 03/12/2021"),
                    HasSubstr(input + ":11: no steps"), Not(HasSubstr(input + ":12:")),
                    Not(HasSubstr(input + ":4:")), HasSubstr("and 4 more without steps"),
                    HasSubstr("1 records written"), HasSubstr("14 of 15 questions left out")));
  lines.erase(lines.begin() + 3);
  write_lines("i", lines);
  const Finished none = run(collect);
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.messages, HasSubstr("no question of " + input + " has steps"));
}

// check-task.

TEST_F(TaskCommands, CheckTaskCountsInjectedErrorsByKind) {
  const Finished checked =
      run({"check-task", "--task", "multistep_arithmetic", "--count", "60", "--output", in("o")});
  EXPECT_EQ(checked.code, 0) << checked.messages;
  EXPECT_THAT(checked.output, AllOf(HasSubstr("kind of error"), HasSubstr("wrong sign"),
                                    HasSubstr("dropped bracket in a definition")));
  EXPECT_EQ(read_file(in("o")), "");  // nothing failed
}

TEST_F(TaskCommands, CheckTaskWritesEveryFailedCaseNotOnlyThoseShown) {
  std::vector<Json> problems;
  for (int i = 0; i < 25; ++i)  // the pattern does not find what the gold steps say
    problems.push_back({{"question", fmt::format("Add {}, 1.", i)},
                        {"answer", i + 1},
                        {"rationale", fmt::format("(1) {} + 1.\nIt is {}.", i, i + 1)}});
  const std::string task = write_task(problems);
  const Finished told = run({"check-task", "--task", task});
  EXPECT_EQ(told.code, 1);
  EXPECT_THAT(told.messages, HasSubstr("more cases failed or were missed; --output F.jsonl"));
  const Finished written = run({"check-task", "--task", task, "--output", in("o")});
  EXPECT_EQ(written.code, 1);
  std::set<std::string> ids;
  for (const Json& line : lines_of(in("o"))) {
    EXPECT_EQ(line["case"], "failed");
    if (line.contains("id")) ids.insert(line["id"]);
  }
  EXPECT_EQ(ids.size(), 25u);
}

TEST_F(TaskCommands, AnAttemptThatIsNotAsItsLineSaysIsShownWithBoth) {
  const std::string question = "((7 - -1 + -1 + -4) - (-7 + 7 * 3 * -9)) =";
  const std::string attempts = write_lines(
      "a", {{{"question", question}, {"attempt", "no"}, {"correct", true}, {"step", "2"}}});
  const Finished checked =
      run({"check-task", "--task", "multistep_arithmetic", "--count", "2", "--attempts", attempts});
  EXPECT_EQ(checked.code, 1);
  EXPECT_THAT(checked.messages,
              HasSubstr(attempts + ":1: expected \"correct\": true, found false, expected "
                                   "\"step\": \"2\", found null; no review: "));
}

TEST_F(TaskCommands, ATaskWithoutStepsIsToldThatNothingWasTried) {
  std::vector<Json> problems;
  for (int i = 0; i < 40; ++i)
    problems.push_back({{"question", fmt::format("Add {}, 1.", i)}, {"answer", i + 1}});
  const Finished checked = run({"check-task", "--task", write_task(problems)});
  EXPECT_EQ(checked.code, 0) << checked.messages;
  EXPECT_THAT(checked.messages,
              AllOf(HasSubstr("40 of 40 problems have no gold steps"), HasSubstr("not tried"),
                    HasSubstr("\"rationale\""), HasSubstr("--attempts")));
  problems = {{{"question", "Add 1, 1."}, {"answer", 2}, {"rationale", "(1) x\nthe answer is 2."}}};
  EXPECT_THAT(run({"check-task", "--task", write_task(problems)}).messages,
              Not(HasSubstr("not tried")));
}

// The worked example of docs/writing_a_task.md.

const fs::path kExample = TRIPOST_SOURCE_DIR "/examples/list_sum";

TEST_F(TaskCommands, TheExampleIsAtMostSixtyLinesOfItsAuthorsAndMakesItsProblems) {
  int64_t lines = 0;
  for (const auto& file : fs::directory_iterator(kExample)) {
    if (!file.is_regular_file() || file.path().filename() == "problems.jsonl") continue;
    const std::string text = read_file(file.path());
    lines += std::count(text.begin(), text.end(), '\n');
  }
  EXPECT_LE(lines, 60);
  const std::string make =
      "python3 " + (kExample / "check.py").string() + " problems > " + in("made.jsonl");
  ASSERT_EQ(std::system(make.c_str()), 0);
  EXPECT_TRUE(read_file(in("made.jsonl")) == read_file(kExample / "problems.jsonl"));
}

TEST_F(TaskCommands, TheExampleProvesItself) {
  const Finished checked = run({"check-task", "--task", kExample / "task.toml", "--count", "60"});
  EXPECT_EQ(checked.code, 0) << checked.messages;
  EXPECT_THAT(checked.messages, Not(HasSubstr("not tried")));
}

}  // namespace
}  // namespace tripost
