#include "task/conclusion.h"

#include <gtest/gtest.h>

#include "base/file.h"

namespace tripost {
namespace {

constexpr const char* kDates =
    "Tomorrow is 11/12/2019. What is the date 10 days ago in MM/DD/YYYY?\nOptions:\n"
    "(A) 11/03/2019\n(B) 11/01/2019";

bool names(const std::string& gold, const std::string& question, const std::string& attempt) {
  return conclusion_names_answer({.question = question, .gold = gold}, attempt);
}

TEST(Conclusion, AStepThatNamesTheDateOfTheOptionLeadsToIt) {
  const std::string end = "\n(Final response) So the answer is (B).";
  EXPECT_TRUE(names("B", kDates, "(1) The date is Nov 1, 2019." + end));
  EXPECT_TRUE(names("B", kDates, "(1) That is 11/01/2019." + end));
  EXPECT_FALSE(names("B", kDates, "(1) That is 11/03/2019." + end));
  EXPECT_FALSE(names("B", kDates, "(1) It is the second." + end));
  EXPECT_FALSE(names("B", kDates, "(Final response) So the answer is (B)."));
}

TEST(Conclusion, TheWordsOfASentenceStandInTheLastTwoSteps) {
  const std::string question =
      "Three birds.\nOptions:\n(A) The quails are the leftmost.\n(B) The wren is.";
  const std::string said = "(5) According to this ordering, the leftmost is quail.\n";
  EXPECT_TRUE(names("A", question,
                    said + "(Final response) The quails are the leftmost. So the answer is (A)."));
  EXPECT_FALSE(names("A", question, said + "(Final response) So the answer is (A)."));
  EXPECT_FALSE(names("A", question,
                     "(5) The wren is the leftmost.\n(Final response) The quails are the "
                     "leftmost. So the answer is (A)."));
}

TEST(Conclusion, QuestionsWithoutOptionsAreNotFiltered) {
  EXPECT_TRUE(names("7", "(3 + 4) =", "(Final response) So the answer is 7."));
}

// The paper's files were made with the filter; one record of logical deduction does not pass it
// (reference-behaviour.md section 3.4).
TEST(Conclusion, OfTheReferencesTrainingRecordsAsManyPassAsItsOwnFilterLetsPass) {
  const auto passing = [](const char* file) {
    int all = 0, passed = 0;
    for_each_json_line(fs::path(TRIPOST_SHARED_DIR) / "reference-data/training" / file,
                       [&](const Json& line, const std::string&) {
                         const Json& data = line["meta_data"];
                         const std::string question = data["question"].get<std::string>() +
                                                      "\nOptions:\n" +
                                                      data["formatted_choices"].get<std::string>();
                         passed += names(data["answer"], question, data["rationale"]);
                         ++all;
                       });
    return std::pair(passed, all);
  };
  EXPECT_EQ(passing("logical_deduction/logical_deduction_world_rationale_3-5.jsonl"),
            std::pair(359, 360));
  EXPECT_EQ(passing("date_understanding/date_understanding_world_rationale_1-2.jsonl"),
            std::pair(191, 191));
}

}  // namespace
}  // namespace tripost
