#include <gmock/gmock.h>

#include <filesystem>
#include <map>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "base/random.h"
#include "task/arithmetic_question.h"
#include "task/arithmetic_rationale.h"
#include "task/task.h"

namespace tripost {
namespace {

const std::unique_ptr<Task> task = make_task("multistep_arithmetic");

Problem parse(const std::string& question) { return task->parse_problem(question, "test"); }

TEST(Registry, AnUnknownTaskIsAUsageErrorThatSuggestsTheNearest) {
  try {
    make_task("multistep_arithmetics");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("did you mean \"multistep_arithmetic\"?"));
  }
}

// The reference's own files are the oracle: every record is rebuilt from its question alone.
void expect_reproduced(const std::string& file, int expected_records) {
  const fs::path path = fs::path(TRIPOST_SHARED_DIR) / "reference-data" / file;
  if (!fs::exists(path)) GTEST_SKIP() << path << " is not there";
  int records = 0;
  for_each_json_line(path, [&](const Json& record, const std::string& where) {
    const std::string text = record.at("text");
    const Problem problem = parse(record.at("meta_data").at("question"));
    EXPECT_EQ("Q: " + problem.question + "\nAnswer: " + problem.lead_in + "\n" + problem.rationale,
              text)
        << where;
    EXPECT_EQ(problem.gold, record.at("meta_data").at("answer").get<std::string>()) << where;
    const int depth =
        static_cast<int>(record.at("meta_data").at("meta_data").at("depth_levels").size());
    EXPECT_EQ(problem.level, depth == 1 ? "l3-4d2" : "l3-4d22") << where;
    EXPECT_TRUE(task->verify(problem, problem.rationale).correct) << where;
    ++records;
  });
  EXPECT_EQ(records, expected_records);
}

TEST(Rationale, ReproducesTheReferenceTrainingFilesByteForByte) {
  const std::string folder = "training/multistep_arithmetic/multistep_arithmetic_";
  expect_reproduced(folder + "world_rationale_l3-4d2-22.jsonl", 550);
  expect_reproduced(folder + "baseline_rationale_l3-4d2-22.jsonl", 550);
}

TEST(Rationale, ReproducesTheReferenceValidationFileByteForByte) {
  expect_reproduced(
      "validation/multistep_arithmetic/multistep_arithmetic_baseline_rationale_l3-4d2-22_val.jsonl",
      50);
}

TEST(Rationale, WorksForShapesBeyondThePapers) {
  EXPECT_EQ(
      parse("((1 + 2) * 3 - (4 - 5)) =").rationale,
      "(1) This equation can be written as \"(A * 3 - B)\", where A = (1 + 2) and B = (4 - 5).\n"
      "(2) Let's calculate A = (1 + 2) = (1 + 2) = 3.\n"
      "(3) Let's calculate B = (4 - 5) = (4 - 5) = -1.\n"
      "(4) Then, the final equation is (A * 3 - B) = (3 * 3 - -1) = 10.\n"
      "(Final response) So the answer is 10.");
  for (const char* question :
       {"((1 + 2) - (3 * 4) * (5 - 6)) =", "(1 + 2) * (3 + 4) =", "(((1 + 2)) - ((3 - 4))) =",
        "(7) =", "(-(1 + 2) + (3 * 0)) =", "(1 + 2 - 3 * 4) =", "((2 * 3) - (2 * 3)) ="}) {
    const Problem problem = parse(question);
    EXPECT_TRUE(task->verify(problem, problem.rationale).correct)
        << problem.rationale << "\n"
        << task->verify(problem, problem.rationale).feedback;
  }
}

TEST(Questions, AreReadInAnySpacingAndKeepOneIdentity) {
  const Problem problem = parse("((7 - -1 + -1 + -4) - (-7 + 7 * 3 * -9)) =");
  EXPECT_EQ(problem.gold, "199");
  EXPECT_EQ(problem.level, "l3-4d2");
  EXPECT_TRUE(problem.seen);
  EXPECT_TRUE(problem.id.starts_with("multistep_arithmetic:l3-4d2:"));
  for (const char* same :
       {"Q: ((7 - -1 + -1 + -4) - (-7 + 7 * 3 * -9)) = ", "((7--1+-1+-4)-(-7+7*3*-9))"}) {
    EXPECT_EQ(parse(same).id, problem.id);
    EXPECT_EQ(parse(same).question, problem.question);
  }
}

TEST(Questions, ThatCannotBeReadAreErrorsNamingPlaceAndReason) {
  const std::map<std::string, std::string> reasons = {
      {"((1 + 2) - (3 - 4) =", "brackets do not match"},
      {"((1 + 2) / (3 - 4)) =", "not an expression"},
      {"what is 1 + 2?", "not an expression"},
      {"(A + 2) =", "not an expression"},
      {"", "not an expression"},
      {"(9999999999 * 9999999999) =", "number too large"}};
  for (const auto& [question, reason] : reasons) {
    try {
      task->parse_problem(question, "file.jsonl:7");
      ADD_FAILURE() << question;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), testing::StartsWith("file.jsonl:7: ")) << question;
      EXPECT_THAT(error.what(), testing::HasSubstr(reason)) << question;
    }
  }
}

TEST(Questions, WithoutARationaleInThisFormStillHaveTheirAnswer) {
  std::string chain = "(1";
  for (int i = 0; i < 3000; ++i) chain += " + 1";
  for (const std::string& question : {std::string("1 + 2 * 3 ="), chain + ") ="}) {
    const Problem problem = parse(question);
    EXPECT_TRUE(problem.rationale.empty());
    EXPECT_FALSE(problem.gold.empty());
  }
}

TEST(Generator, SpreadsEvenlyOverTheLevelsOfASplitAndRepeatsNothing) {
  std::map<std::string, int> counts;
  std::set<std::string> ids;
  for (const Problem& problem : task->problems(Split::kTest, {}, 600, 1)) {
    ++counts[problem.level];
    ids.insert(problem.id);
    EXPECT_EQ(problem.seen, problem.level == "l3-4d2" || problem.level == "l3-4d22");
  }
  EXPECT_EQ(ids.size(), 600u);
  EXPECT_EQ(counts.size(), 6u);
  for (const auto& [level, count] : counts) EXPECT_EQ(count, 100) << level;
  for (const Problem& problem : task->problems(Split::kTrain, {}, 100, 1))
    EXPECT_TRUE(problem.seen);
  for (const Problem& problem : task->problems(Split::kValidation, {}, 100, 1))
    EXPECT_TRUE(problem.seen);
}

TEST(Generator, NoQuestionIsInTwoSplitsWhateverTheSeeds) {
  std::map<std::string, Split> split_of_question;
  // The level with the fewest questions: here two splits would meet first.
  const std::vector<std::string> smallest = {"l2d2"};
  for (const Split split : {Split::kTrain, Split::kValidation, Split::kTest}) {
    for (uint64_t seed = 0; seed < 3; ++seed) {
      for (const Problem& problem : task->problems(split, smallest, 3000, seed)) {
        const auto [entry, is_new] = split_of_question.emplace(problem.question, split);
        EXPECT_EQ(entry->second, split) << problem.question;
      }
    }
  }
}

TEST(Generator, TheSameSeedGivesTheSameProblemsAndAnotherSeedOthers) {
  const auto ids = [](int count, uint64_t seed) {
    std::vector<std::string> result;
    for (const Problem& problem : task->problems(Split::kTrain, {}, count, seed))
      result.push_back(problem.id);
    return result;
  };
  const auto first = ids(50, 7);
  EXPECT_EQ(first, ids(50, 7));
  EXPECT_NE(first, ids(50, 8));
  const auto longer = ids(80, 7);
  EXPECT_TRUE(std::equal(first.begin(), first.end(), longer.begin()))
      << "asking for more changed the first ones";
}

TEST(Generator, AGeneratedProblemIsWhatParsingItsQuestionGives) {
  for (const Problem& problem : task->problems(Split::kTest, {}, 120, 3)) {
    const Problem parsed = parse(problem.question);
    EXPECT_EQ(parsed.id, problem.id);
    EXPECT_EQ(parsed.level, problem.level);
    EXPECT_EQ(parsed.gold, problem.gold);
    EXPECT_EQ(parsed.rationale, problem.rationale);
  }
}

TEST(Generator, DrawsEveryNumberOperationAndLengthAboutEquallyOften) {
  std::map<char, int> operations;
  std::map<std::size_t, int> lengths;
  for (const Problem& problem : task->problems(Split::kTrain, {"l3-4d2"}, 2000, 5)) {
    std::size_t count = 0;
    for (std::size_t i = 0; i + 2 < problem.question.size(); ++i) {
      const char c = problem.question[i + 1];
      const bool is_operation = std::string("+-*").find(c) != std::string::npos;
      if (is_operation && problem.question[i] == ' ' && problem.question[i + 2] == ' ')
        ++operations[c], ++count;
    }
    ++lengths[count];
  }
  EXPECT_THAT(lengths, testing::ElementsAre(testing::Pair(5, 1000), testing::Pair(7, 1000)));
  for (const char operation : {'+', '-', '*'})
    EXPECT_NEAR(operations[operation], 4000, 300) << operation;
}

TEST(Generator, MakesLevelsBeyondThePapersAndRefusesNamesThatAreNone) {
  const auto problems = task->problems(Split::kTrain, {"l7-9d23"}, 30, 1);
  ASSERT_EQ(problems.size(), 30u);
  for (const Problem& problem : problems)
    EXPECT_TRUE(task->verify(problem, problem.rationale).correct);
  for (const char* name : {"l3-4", "d22", "l4-3d2", "l3-4d1", "l3-4d999", "l3-4dx", "", "l-d",
                           "l99999999999d2", "l2-d2"})
    EXPECT_THROW(task->problems(Split::kTrain, {name}, 1, 1), UsageError) << name;
  try {
    task->problems(Split::kTrain, {"l3-4-d22"}, 1, 1);
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("did you mean \"l3-4d22\"?"));
  }
}

TEST(Grading, OnlyTheFinalAnswerCountsAndItMustBeAnInteger) {
  const Problem problem = parse("((7 - -1 + -1 + -4) - (-7 + 7 * 3 * -9)) =");
  const auto grade = [&](const std::string& attempt) { return task->grade(problem, attempt); };
  EXPECT_TRUE(grade(problem.rationale).correct);
  EXPECT_EQ(grade(problem.rationale).answer, "199");
  EXPECT_TRUE(grade("(1) nonsense\n(Final response) So the answer is 199.").correct);
  EXPECT_TRUE(grade("So the answer is 199").correct);
  EXPECT_TRUE(grade("So the answer is 199.\nFeedback: Step (1) is correct.").correct);
  EXPECT_FALSE(grade("So the answer is 199.\nsomething else").correct);
  EXPECT_FALSE(grade("So the answer is 198.").correct);
  EXPECT_EQ(grade("So the answer is 198.").answer, "198");
  for (const char* answer : {"199.0", "+199", "1e2", "inf", "nan", "one", "199 or 200", "",
                             "9999999999999999999999", "199. Good", "5. So the answer is 199"}) {
    const Verdict verdict = grade("(Final response) So the answer is " + std::string(answer) + ".");
    EXPECT_FALSE(verdict.correct) << answer;
    EXPECT_FALSE(verdict.error.empty()) << answer;
    EXPECT_TRUE(verdict.answer.empty()) << answer;
  }
  EXPECT_FALSE(grade("").error.empty());
  EXPECT_FALSE(grade("Feedback").error.empty());
}

}  // namespace
}  // namespace tripost
