#include <gmock/gmock.h>

#include <filesystem>
#include <map>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "base/random.h"
#include "task/lines.h"
#include "task/word_sorting_question.h"
#include "task/word_sorting_steps.h"

namespace tripost {
namespace {

using testing::HasSubstr;

const std::unique_ptr<Task> task = make_task("word_sorting");

Problem parse(const std::string& question) { return task->parse_problem(question, "test"); }
Problem list(const std::string& words) { return parse("List: " + words); }

// The reference's own files are the oracle: every record is rebuilt from its question alone.
void expect_reproduced(const std::string& file, int expected_records) {
  const fs::path path = fs::path(TRIPOST_SHARED_DIR) / "reference-data" / file;
  if (!fs::exists(path)) GTEST_SKIP() << path << " is not there";
  int records = 0;
  for_each_json_line(path, [&](const Json& record, const std::string& where) {
    const Json& meta_data = record.at("meta_data");
    const Problem problem = parse(meta_data.at("question"));
    EXPECT_EQ("Q: " + problem.question + "\nAnswer: " + problem.lead_in + "\n" + problem.rationale,
              record.at("text").get<std::string>())
        << where;
    EXPECT_EQ(problem.rationale, meta_data.at("rationale").get<std::string>()) << where;
    EXPECT_EQ(task->answer_of(problem), meta_data.at("answer")) << where;
    EXPECT_EQ(problem.level, meta_data.at("answer").size() <= 3 ? "2-3" : "4-7") << where;
    EXPECT_TRUE(problem.seen) << where;
    EXPECT_TRUE(task->verify(problem, problem.rationale).correct) << where;
    EXPECT_TRUE(task->grade(problem, problem.rationale).correct) << where;
    ++records;
  });
  EXPECT_EQ(records, expected_records);
}

TEST(SortingRationale, ReproducesTheReferenceFilesByteForByte) {
  const std::string folder = "training/word_sorting/word_sorting_";
  expect_reproduced(folder + "world_rationale_1-7.jsonl", 433);
  expect_reproduced(folder + "baseline_rationale_1-7.jsonl", 433);
  expect_reproduced("validation/word_sorting/word_sorting_baseline_rationale_1-7_val.jsonl", 40);
}

TEST(SortingRationale, OfSelfGeneratedAttemptsIsGradedAsTheReferenceGradedThem) {
  const fs::path path =
      fs::path(TRIPOST_SHARED_DIR) /
      "reference-data/training/word_sorting/word_sorting_LMSI_rationale_1-7.jsonl";
  if (!fs::exists(path)) GTEST_SKIP() << path << " is not there";
  int attempts = 0, verified = 0;
  // All of these have a right answer: the reference kept no others.
  for_each_json_line(path, [&](const Json& record, const std::string& where) {
    const std::string text = record.at("text");
    const std::size_t answer = text.find("\nAnswer: ");
    const Problem problem = parse(text.substr(0, answer));
    const std::string attempt = text.substr(answer + 9);
    EXPECT_TRUE(task->grade(problem, attempt).correct) << where;
    if (!attempt.starts_with(problem.lead_in)) return;
    ++attempts;
    const Review review =
        task->verify(problem, attempt.substr(std::min(attempt.size(), problem.lead_in.size() + 1)));
    verified += review.correct ? 1 : 0;
  });
  EXPECT_EQ(attempts, 570);
  EXPECT_GT(verified, attempts / 2);
  RecordProperty("right for the right reasons", verified);
}

// reference-behaviour.md, section 12.2.
TEST(SortingRationale, SortsSubpartsLetterByLetter) {
  EXPECT_EQ(list("grip taxicab tattler ovary").rationale,
            "(1) The first letter: \"grip\"=\"g\" (7), \"taxicab\"=\"t\" (20), \"tattler\"=\"t\" "
            "(20), \"ovary\"=\"o\" (15).\n"
            "(2) We now have: (7) \"grip\" < (15) \"ovary\" < (20) [\"taxicab\" ? \"tattler\"].\n"
            "(3) Now sort this subpart [\"taxicab\" ? \"tattler\"] by looking at their second "
            "letters: \"taxicab\"=\"a\" (1), \"tattler\"=\"a\" (1).\n"
            "(3.1) We now have: (1) [\"taxicab\" ? \"tattler\"].\n"
            "(3.2) Now sort this subpart [\"taxicab\" ? \"tattler\"] by looking at their third "
            "letters: \"taxicab\"=\"x\" (24), \"tattler\"=\"t\" (20).\n"
            "(3.3) We now have: (20) \"tattler\" < (24) \"taxicab\".\n"
            "(3.4) Hence, we have \"tattler\" < \"taxicab\".\n"
            "(4) Hence, we have \"grip\" < \"ovary\" < \"tattler\" < \"taxicab\".\n"
            "(Final response) So the answer is: grip ovary tattler taxicab.");
}

// Defect 29 of the reference: there both subparts of the subpart would be (3.2).
TEST(SortingRationale, NumbersEverySubpartOfASubpartDifferently) {
  const std::string rationale = list("coal cab coat cat").rationale;
  std::vector<std::string> steps;
  for (const auto line : split_lines(rationale))
    steps.emplace_back(line.substr(0, line.find(')') + 1));
  EXPECT_THAT(steps, testing::ElementsAre("(1)", "(2)", "(3)", "(3.1)", "(3.2)", "(3.2.1)",
                                          "(3.2.2)", "(3.3)", "(3.3.1)", "(3.3.2)", "(3.3.3)",
                                          "(3.3.4)", "(3.4)", "(4)", "(Final response)"));
  EXPECT_TRUE(task->verify(list("coal cab coat cat"), rationale).correct);
}

TEST(SortingRationale, GoesOnBeyondTheTwentiethLetter) {
  const std::string same(20, 'a');
  const Problem problem = list(same + "zb " + same + "za");
  EXPECT_THAT(problem.rationale, HasSubstr("by looking at their twenty-first letters"));
  EXPECT_THAT(problem.rationale, HasSubstr("by looking at their twenty-second letters"));
  EXPECT_TRUE(task->verify(problem, problem.rationale).correct);
}

TEST(SortingRationale, CountsWhatComesBeforeTheLettersBackwards) {
  const Problem problem = list("who'll whoop at&t");
  EXPECT_THAT(problem.rationale, HasSubstr("\"who'll\"=\"'\" (-57)"));
  EXPECT_TRUE(task->verify(problem, problem.rationale).correct);
}

TEST(SortingOrdinals, AreWrittenAndReadBackUpToNinetyNine) {
  const std::map<std::size_t, std::string> names = {
      {0, "first"},           {11, "twelfth"},      {19, "twentieth"},   {20, "twenty-first"},
      {29, "thirtieth"},      {41, "forty-second"}, {49, "fiftieth"},    {62, "sixty-third"},
      {73, "seventy-fourth"}, {84, "eighty-fifth"}, {98, "ninety-ninth"}};
  for (const auto& [letter, name] : names) EXPECT_EQ(ordinal(letter), name);
  for (std::size_t letter = 0; letter < 99; ++letter)
    EXPECT_EQ(read_letter_ordinal(ordinal(letter)), letter);
  EXPECT_EQ(read_letter_ordinal("Second"), 1u);
  EXPECT_EQ(read_letter_ordinal("hundredth"), std::nullopt);
  EXPECT_EQ(read_letter_ordinal(""), std::nullopt);
}

TEST(SortingQuestions, AreReadInAnySpacingAndKeepOneIdentity) {
  const Problem problem = parse("Sort the following words alphabetically:\nList: oven costume");
  EXPECT_EQ(problem.question, "Sort the following words alphabetically:\nList: oven costume");
  EXPECT_EQ(problem.gold, "costume oven");
  EXPECT_EQ(problem.lead_in, "Let's think step by step.");
  EXPECT_TRUE(problem.id.starts_with("word_sorting:2-3:"));
  for (const char* same :
       {"Q: Sort the following words alphabetically:\nList:  oven   costume \n",
        "Sort the following words alphabetically: List: oven costume", "List: oven costume"}) {
    EXPECT_EQ(parse(same).id, problem.id);
    EXPECT_EQ(parse(same).question, problem.question);
  }
}

TEST(SortingQuestions, HaveTheLevelOfTheirNumberOfWords) {
  const std::map<int, std::string> levels = {
      {2, "2-3"},    {3, "2-3"},    {4, "4-7"},  {7, "4-7"},  {8, "8-10"}, {10, "8-10"},
      {11, "11-15"}, {15, "11-15"}, {16, "15+"}, {20, "15+"}, {26, "15+"}};
  for (const auto& [count, level] : levels) {
    std::string words;
    for (int i = 0; i < count; ++i) words += std::string(1, static_cast<char>('a' + i)) + " ";
    EXPECT_EQ(list(words).level, level) << count;
    EXPECT_EQ(list(words).seen, count <= 7) << count;
  }
}

TEST(SortingQuestions, ThatCannotBeReadAreErrorsNamingPlaceAndReason) {
  const std::map<std::string, std::string> reasons = {
      {"", "no \"List:\""},
      {"oven costume", "no \"List:\""},
      {"Sort these: List: oven costume", "\"Sort these:\" stands before"},
      {"List: oven", "fewer than two words"},
      {"List:", "fewer than two words"},
      {"List: oven Costume", "\"Costume\" has a character other than"},
      {"List: oven \"costume\"", "has a character other than"},
      {"List: oven caf\xc3\xa9", "has a character other than"},
      {"List: oven costume oven", "\"oven\" is listed twice"},
      {"List: oven " + std::string(100, 'a'), "more than 99 letters"}};
  for (const auto& [question, reason] : reasons) {
    try {
      task->parse_problem(question, "file.jsonl:7");
      ADD_FAILURE() << question;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), testing::StartsWith("file.jsonl:7: ")) << question;
      EXPECT_THAT(error.what(), HasSubstr(reason)) << question;
    }
  }
}

TEST(SortingQuestions, WhereOneWordBeginsAnotherHaveAnAnswerButNoRationale) {
  const Problem problem = list("artist zoo art arc");
  EXPECT_EQ(problem.gold, "arc art artist zoo");
  EXPECT_EQ(problem.rationale, "");
  EXPECT_TRUE(task->grade(problem, "So the answer is: arc art artist zoo.").correct);
  const Review review = task->verify(
      list("art artist"),
      "(1) The first letter: \"art\"=\"a\" (1), \"artist\"=\"a\" (1).\n"
      "(2) We now have: (1) [\"art\" ? \"artist\"].\n"
      "(3) Now sort this subpart [\"art\" ? \"artist\"] by looking at their second letters: "
      "\"art\"=\"r\" (18), \"artist\"=\"r\" (18).\n"
      "(3.1) We now have: (18) [\"art\" ? \"artist\"].\n"
      "(3.2) Now sort this subpart [\"art\" ? \"artist\"] by looking at their third letters: "
      "\"art\"=\"t\" (20), \"artist\"=\"t\" (20).\n"
      "(3.3) We now have: (20) [\"art\" ? \"artist\"].\n"
      "(3.4) Now sort this subpart [\"art\" ? \"artist\"] by looking at their fourth letters: "
      "\"art\"=\"\" (0), \"artist\"=\"i\" (9).");
  EXPECT_EQ(review.step, "3.4");
  EXPECT_EQ(review.reason, "\"art\" has no fourth letter");
  std::string why;
  EXPECT_EQ(task->improve(list("art artist"), "(1) x", Review{.step = "1"}, why), std::nullopt);
  EXPECT_THAT(why, HasSubstr("\"art\" and \"artist\""));
}

TEST(SortingProblems, AreDrawnOfTheirLevelsAndTheSameForTheSameSeed) {
  for (const auto& [split, names] : std::map<Split, std::set<std::string>>{
           {Split::kTrain, {"2-3", "4-7"}},
           {Split::kValidation, {"2-3", "4-7"}},
           {Split::kTest, {"2-3", "4-7", "8-10", "11-15", "15+"}}}) {
    std::map<std::string, int> counts;
    const auto problems = task->problems(split, {}, 500, 3);
    const auto again = task->problems(split, {}, 500, 3);
    const auto other = task->problems(split, {}, 500, 4);
    std::set<std::string> ids;
    for (std::size_t i = 0; i < problems.size(); ++i) {
      EXPECT_EQ(problems[i].id, again[i].id);
      EXPECT_NE(problems[i].id, other[i].id);
      EXPECT_EQ(parse(problems[i].question).id, problems[i].id);
      EXPECT_FALSE(problems[i].rationale.empty());
      ids.insert(problems[i].id);
      ++counts[problems[i].level];
    }
    EXPECT_EQ(ids.size(), problems.size());
    EXPECT_EQ(counts.size(), names.size());
    for (const std::string& name : names)
      EXPECT_EQ(counts[name], 500 / static_cast<int>(names.size())) << name;
  }
}

TEST(SortingProblems, OfDifferentSplitsAreNoReorderingsOfEachOther) {
  std::map<std::vector<std::string>, Split> split_of_words;
  for (const uint64_t seed : {1u, 2u, 3u}) {
    for (const Split split : {Split::kTrain, Split::kValidation, Split::kTest}) {
      for (const Problem& problem : task->problems(split, {"2-3"}, 500, seed)) {
        const auto [entry, is_new] = split_of_words.emplace(split_words(problem.gold), split);
        EXPECT_EQ(entry->second, split) << problem.question;
      }
    }
  }
  std::string why;
  EXPECT_EQ(split_of(*read_sorting_question("List: oven costume", why)),
            split_of(*read_sorting_question("List: costume oven", why)));
}

TEST(SortingProblems, OfAnUnknownLevelAreAUsageErrorThatNamesTheLevels) {
  try {
    task->problems(Split::kTest, {"4-8"}, 1, 1);
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("2-3, 4-7, 8-10, 11-15, 15+"));
  }
}

TEST(SortingProblems, DrawWordsOfWhichNoneBeginsAnother) {
  Random random(5);
  std::set<std::string> seen;
  for (int i = 0; i < 2000; ++i) {
    auto words = draw_words(20, random);
    std::sort(words.begin(), words.end());
    for (std::size_t k = 0; k + 1 < words.size(); ++k)
      ASSERT_FALSE(words[k + 1].starts_with(words[k])) << words[k];
    seen.insert(words.begin(), words.end());
  }
  EXPECT_GT(seen.size(), 4900u);
}

TEST(SortingGrade, ComparesTheFinalListWordByWord) {
  const Problem problem = list("grip taxicab tattler ovary");
  const std::string right = "(Final response) So the answer is: grip ovary tattler taxicab.";
  EXPECT_TRUE(task->grade(problem, right).correct);
  EXPECT_TRUE(task->grade(problem, "(1) whatever\n" + right).correct);
  EXPECT_TRUE(task->grade(problem, right + "\nFeedback: Step (1) is correct.").correct);
  EXPECT_TRUE(task->grade(problem, "the answer is:  grip ovary  tattler taxicab .").correct);
  for (const char* wrong : {"(Final response) So the answer is: grip ovary taxicab tattler.",
                            "(Final response) So the answer is: grip, ovary, tattler, taxicab.",
                            "(Final response) So the answer is: grip ovary tattler.",
                            "(Final response) So the answer is:."}) {
    const Verdict verdict = task->grade(problem, wrong);
    EXPECT_FALSE(verdict.correct) << wrong;
    EXPECT_EQ(verdict.error, "") << wrong;
  }
  for (const char* unreadable : {"", "(4) Hence, we have \"grip\".",
                                 "(Final response) So the answer is grip ovary tattler taxicab.",
                                 "(Final response) So the answer is: grip ovary tattler taxicab"}) {
    const Verdict verdict = task->grade(problem, unreadable);
    EXPECT_FALSE(verdict.correct) << unreadable;
    EXPECT_NE(verdict.error, "") << unreadable;
    EXPECT_EQ(verdict.answer, "") << unreadable;
  }
}

TEST(SortingPraise, NamesTheLastStepBeforeTheFinalResponse) {
  EXPECT_EQ(task->praise(list("grip taxicab tattler ovary").rationale),
            "Step (1) to step (4) are correct. The final response is also correct.");
  EXPECT_EQ(task->praise("(1) Hm.\n(3.2) Well.\nso"),
            "Step (1) to step (3.2) are correct. The final response is also correct.");
}

}  // namespace
}  // namespace tripost
