#include <gmock/gmock.h>

#include "task/task.h"

namespace tripost {
namespace {

using testing::HasSubstr;

const std::unique_ptr<Task> task = make_task("word_sorting");
const Problem problem =
    task->parse_problem("List: sioux fortescue purloin percept helmsman purcell forest", "test");

using Steps = std::vector<std::string>;

Steps gold_steps() {
  Steps steps;
  std::size_t begin = 0;
  while (begin <= problem.rationale.size()) {
    const std::size_t end = std::min(problem.rationale.find('\n', begin), problem.rationale.size());
    steps.push_back(problem.rationale.substr(begin, end - begin));
    begin = end + 1;
  }
  return steps;
}

std::string lines(const Steps& steps) {
  std::string text;
  for (const auto& step : steps) text += (text.empty() ? "" : "\n") + step;
  return text;
}

Review verify(const Steps& steps) { return task->verify(problem, lines(steps)); }

// The gold steps with one part of one of them changed.
Steps changed(const std::string& step, const std::string& from, const std::string& to) {
  Steps steps = gold_steps();
  for (std::string& line : steps) {
    if (!line.starts_with("(" + step + ")")) continue;
    const std::size_t found = line.find(from);
    EXPECT_NE(found, std::string::npos) << from;
    if (found != std::string::npos) line.replace(found, from.size(), to);
    return steps;
  }
  ADD_FAILURE() << step;
  return steps;
}

Steps without(const std::vector<std::string>& dropped) {
  Steps kept;
  for (const std::string& line : gold_steps()) {
    bool is_dropped = false;
    for (const std::string& step : dropped) is_dropped |= line.starts_with("(" + step + ")");
    if (!is_dropped) kept.push_back(line);
  }
  return kept;
}

Steps until(const std::string& step, const std::vector<std::string>& more) {
  Steps kept;
  for (const std::string& line : gold_steps()) {
    kept.push_back(line);
    if (line.starts_with("(" + step + ")")) break;
  }
  kept.insert(kept.end(), more.begin(), more.end());
  return kept;
}

TEST(SortingVerifier, TheGoldRationaleIsCorrectInThePapersWords) {
  const Review review = verify(gold_steps());
  EXPECT_TRUE(review.correct);
  EXPECT_EQ(review.feedback,
            "Step (1) to step (5) are correct. The final response is also correct.");
  EXPECT_EQ(task->praise(problem.rationale), review.feedback);
}

// The test vectors of the reference implementation, executed: reference-behaviour.md, section 4.5.
TEST(SortingVerifier, SaysOfLettersWhatTheReferenceVerifierSays) {
  EXPECT_EQ(verify(changed("1", "\"sioux\"=\"s\" (19)", "\"sioux\"=\"x\" (24)")).feedback,
            "In step (1) the part \" \"sioux\"=\"x\" (24) \" is incorrect. This is because the "
            "first letter of \"sioux\" should be \"s\".");
  EXPECT_EQ(verify(changed("1", "\"sioux\"=\"s\" (19)", "\"sioux\"=\"s\" (18)")).feedback,
            "In step (1) the part \" \"sioux\"=\"s\" (18) \" is incorrect. This is because the "
            "alphabetical order for the character \"s\" should be 19.");
  EXPECT_EQ(
      verify(changed("3", "second", "third")).feedback,
      "Step (1) to (2) are correct. In step (3) the part \" now sort this subpart "
      "[\"fortescue\" ? \"forest\"] by looking at their third letters \" is incorrect. This "
      "is because the second letter of [\"fortescue\" ? \"forest\"] has not been sorted yet.");
  EXPECT_EQ(verify(changed("3.2", "third", "second")).feedback,
            "Step (1) to (3.1) are correct. In step (3.2) the part \" now sort this subpart "
            "[\"fortescue\" ? \"forest\"] by looking at their second letters \" is incorrect. This "
            "is because the second letter of [\"fortescue\" ? \"forest\"] has already been checked "
            "in step (3).");
}

TEST(SortingVerifier, SaysOfOrdersWhatTheReferenceVerifierSays) {
  EXPECT_EQ(verify(changed("2", "(8) \"helmsman\" < ", "")).feedback,
            "Step (1) is correct. In step (2) the part \" (6) [\"fortescue\" ? \"forest\"] < (16) "
            "[\"purloin\" ? \"percept\" ? \"purcell\"] < (19) \"sioux\" \" is incorrect. This is "
            "because according to step (1), this ordering does not have words with the numbers (8) "
            "sorted correctly.");
  EXPECT_EQ(
      verify(changed("3.6", "\"forest\" < \"fortescue\"", "\"fortescue\" < \"forest\"")).feedback,
      "Step (1) to (3.5) are correct. In step (3.6) the part \" \"fortescue\" < \"forest\" \" is "
      "incorrect. This is because the order of \"forest\" and \"fortescue\" is inconsistent with "
      "the result in step (3.5) that: (5) \"forest\" < (20) \"fortescue\".");
  EXPECT_THAT(
      verify(changed("5", "\"helmsman\" < ", "")).feedback,
      testing::EndsWith(
          " is incorrect. This is because the order of the word \"helmsman\" is already "
          "established in step (2) that: (6) [\"fortescue\" ? \"forest\"] < (8) \"helmsman\" < "
          "(16) [\"purloin\" ? \"percept\" ? \"purcell\"] < (19) \"sioux\"."));
  EXPECT_EQ(verify(changed("Final response", "forest fortescue", "fortescue forest")).feedback,
            "Step (1) to (5) are correct. In step (Final response) the part \" fortescue forest "
            "helmsman percept purcell purloin sioux \" is incorrect. This is because in step (5) "
            "it is established that: \"forest\" < \"fortescue\" < \"helmsman\" < \"percept\" < "
            "\"purcell\" < \"purloin\" < \"sioux\".");
}

TEST(SortingVerifier, SaysTheReasonsOfTheReferenceForEveryCheck) {
  const std::string listed =
      "in the list of words provided by the question statement: sioux fortescue purloin percept "
      "helmsman purcell forest";
  const std::vector<std::pair<std::string, Steps>> attempts = {
      {"you should start sorting from the first letter of the words",
       changed("1", "first letter", "letters")},
      {"\"siux\" is not " + listed, changed("1", "\"sioux\"", "\"siux\"")},
      {"\"forest\" is duplicated", changed("1", "\"fortescue\"", "\"forest\"")},
      {"this subpart is not amongst the unknown subparts in step (2)",
       changed("3", "\"forest\"]", "\"sioux\"]")},
      {"this subpart is not amongst the unknown subparts in step (4.1)",
       changed("4.2", "[\"purloin\"", "[\"percept\"")},
      {"\"sioux\" is not in the list of words you wanted to sort: [\"fortescue\" ? \"forest\"]",
       changed("3", "\"forest\"=\"o\"", "\"sioux\"=\"i\"")},
      {"\"[\"sioux\"]\" has only a single word, so it is not a subpart that needs further sorting",
       changed("2", "\"sioux\"", "[\"sioux\"]")},
      {"it is not a valid sorted list", until("1", {"(2) We now have: (6) \"forest\"."})},
      {"words with the numbers (20) does not exist in the result from previous step (1)",
       changed("2", "(19) \"sioux\"", "(19) \"sioux\" < (20) \"forest\"")},
      {"the word \"siux\" is not " + listed, changed("2", "\"sioux\"", "\"siux\"")},
      {"the word \"forest\" inside is duplicated", changed("2", "\"fortescue\"", "\"forest\"")},
      {"words are not sorted in ascending order. Using results from step (1), the first and "
       "smallest number should be 6",
       changed("2", "(6)", "(5)")},
      {"words are not sorted in ascending order. Using results from step (1), those words with (8) "
       "should come after words with (6)",
       changed("2", "(8)", "(9)")},
      {"according to step (1), words with (8) should be: helmsman",
       changed("2", "\"helmsman\"", "\"sioux\"")},
      {"this subpart has not yet been sorted completely (contains \"?\"), so it should not be a "
       "conclusion step",
       changed("3.6", "<", "?")},
      {"you should always sort in ascending order, from smallest to largest",
       changed("3.6", "<", ">")},
      {"\"siux\" is not " + listed, changed("5", "\"sioux\"", "\"siux\"")},
      {"you have not yet sorted all the words in the question statement in step (4.3)",
       without({"5"})}};
  for (const auto& [reason, steps] : attempts) EXPECT_EQ(verify(steps).reason, reason);
}

TEST(SortingVerifier, AcceptsTheWordingsOfThePapersPrompts) {
  const Review review = verify(
      {gold_steps()[0], gold_steps()[1],
       "(3) Now let's sort this subpart [\"fortescue\" ? \"forest\"] by looking at their second "
       "letters: \"fortescue\"=\"o\" (15), \"forest\"=\"o\" (15).",
       "(3.1) We now have: (15) [\"fortescue\" ? \"forest\" ].",
       "(3.2) Sort [\"fortescue\" ? \"forest\"] again by looking at their third letters: "
       "\"fortescue\"=\"r\" (18), \"forest\"=\"r\" (18).",
       "(3.3) We now have: (18) [\"fortescue\" ? \"forest\"].",
       "(3.4) Sort [\"fortescue\" ? \"forest\"] again by looking at their fourth letters: "
       "\"fortescue\"=\"t\" (20), \"forest\"=\"e\" (5).",
       "(3.5) We now have: (5) \"forest\" < (20) \"fortescue\".",
       "(3.6) Hence, we have \"forest\" < \"fortescue\".",
       "(4) Now let's sort this subpart [\"purloin\" ? \"percept\" ? \"purcell\"] by looking at "
       "their second letters: \"purloin\"=\"u\" (21), \"percept\"=\"e\" (5), \"purcell\"=\"u\" "
       "(21).",
       "(4.1) We now have: (5) \"percept\" < (21) [\"purloin\" ? \"purcell\"].",
       "(4.2) Now let's sort this subpart [\"purloin\" ? \"purcell\"] by looking at their third "
       "letters: \"purloin\"=\"r\" (18), \"purcell\"=\"r\" (18).",
       "(4.2.1) We now have: (18) [\"purloin\" ? \"purcell\"].",
       "(4.2.2) Sort [\"purloin\" ? \"purcell\"] again by looking at their fourth letters: "
       "\"purloin\"=\"l\" (12), \"purcell\"=\"c\" (3).",
       "(4.2.3) We now have: (3) \"purcell\" < (12) \"purloin\".",
       "(4.2.4) Hence, we have \"purcell\" < \"purloin\".",
       "(4.3) Hence, we have \"percept\" < \"purcell\" < \"purloin\".",
       "(5) Hence, we have [\"forest\" < \"fortescue\"] < \"helmsman\" < [\"percept\" < "
       "\"purcell\" < \"purloin\"] < \"sioux\".",
       gold_steps().back()});
  EXPECT_TRUE(review.correct) << review.feedback << review.error;
}

// Defects of the reference, reference-behaviour.md, section 11, number by number.

TEST(SortingVerifier, Defect27AnOddLineDoesNotHideAnEarlierError) {
  for (const char* odd : {"hello", "(3) Well, the rest is easy.", "(x) y", "(3) We now have: (6"}) {
    Steps steps = changed("2", "(8)", "(9)");
    steps.resize(2);
    steps.push_back(odd);
    EXPECT_EQ(verify(steps).step, "2") << odd;
  }
}

TEST(SortingVerifier, Defect28WordsAreNamedInTheQuestionsOrder) {
  Steps steps = gold_steps();
  steps[0] = "(1) The first letter: \"percept\"=\"p\" (16), \"helmsman\"=\"h\" (8).";
  EXPECT_EQ(
      verify(steps).reason,
      "you missed the words \"sioux fortescue purloin purcell forest\", which are in the list "
      "of words provided by the question statement: sioux fortescue purloin percept helmsman "
      "purcell forest");
  EXPECT_EQ(verify(until("3.6", {"(4) Now sort this subpart [\"purloin\" ? \"percept\" ? "
                                 "\"purcell\"] by looking at their second letters: "
                                 "\"percept\"=\"e\" (5)."}))
                .reason,
            "you miss the words \"purloin purcell\", which were in the subpart you wanted to sort: "
            "[\"purloin\" ? \"percept\" ? \"purcell\"]");
}

TEST(SortingVerifier, Defect28TheQuotedPartIsNeverEmptyNorABareNumber) {
  const Review foreign = verify(changed("3", "\"forest\"=\"o\" (15)", "\"sioux\"=\"i\" (9)"));
  EXPECT_EQ(foreign.segment, "\"sioux\"=\"i\" (9)");
  const Review unsorted = verify(without({"5"}));
  EXPECT_EQ(unsorted.feedback,
            "Step (1) to (4.3) are correct. In step (Final response) the part \" forest fortescue "
            "helmsman percept purcell purloin sioux \" is incorrect. This is because you have not "
            "yet sorted all the words in the question statement in step (4.3).");
}

TEST(SortingVerifier, Defect28WhereNothingIsWrittenTheLineIsQuoted) {
  for (const std::string line :
       {"(2) We now have: .", "(6) Hence, we have .", "(Final response) So the answer is: ."}) {
    const std::string step = line.starts_with("(2)") ? "1" : "5";
    const Review review = verify(until(step, {line}));
    EXPECT_EQ("(" + review.step + ") " + review.segment, line) << review.error;
    EXPECT_EQ(task->parse_feedback(review.feedback).segment, review.segment);
  }
}

TEST(SortingVerifier, BlankLinesAreNoStepsAndAreKeptByTheImprover) {
  std::string spaced, kept;
  for (const std::string& line : gold_steps()) {
    if (line.starts_with("(Final")) kept = spaced;
    spaced += line + "\n \n";
  }
  EXPECT_TRUE(task->verify(problem, spaced).correct);
  const std::string attempt = kept + "(Final response) So the answer is: sioux.";
  const Review review = task->verify(problem, attempt);
  EXPECT_EQ(review.step, "Final response");
  std::string why;
  EXPECT_EQ(task->improve(problem, attempt, review, why), kept + gold_steps().back()) << why;
}

TEST(SortingVerifier, Defect28NegativeNumbersAreRead) {
  const Problem apostrophe = task->parse_problem("List: who'll whoop whom", "test");
  std::string attempt = apostrophe.rationale;
  const std::string rank = "(-57) \"who'll\" < ";
  attempt.erase(attempt.find(rank), rank.size());
  EXPECT_THAT(task->verify(apostrophe, attempt).reason, HasSubstr("with the numbers (-57) sorted"));
}

TEST(SortingVerifier, Defect29NumbersThatTheReferenceGivesTwiceAreUnderstood) {
  const Problem twice = task->parse_problem("List: coal cab coat cat", "test");
  std::string attempt = twice.rationale;
  for (std::size_t at = attempt.find("\n(3.3"); at != std::string::npos;
       at = attempt.find("\n(3.3", at + 1))
    attempt[at + 4] = '2';
  EXPECT_THAT(attempt, HasSubstr("\n(3.2.2) Hence, we have \"cab\" < \"cat\".\n(3.2) Now sort"));
  const Review review = task->verify(twice, attempt);
  EXPECT_TRUE(review.correct) << review.feedback << review.error;
}

TEST(SortingVerifier, Defect22TheTenthStepComesAfterTheNinth) {
  const Problem many =
      task->parse_problem("List: aa ab ba bb ca cb da db ea eb fa fb ga gb ha hb", "test");
  EXPECT_THAT(many.rationale, HasSubstr("\n(10) Now sort"));
  EXPECT_TRUE(task->verify(many, many.rationale).correct);
  EXPECT_EQ(verify(until("3", {"(3.10) We now have: (15) [\"fortescue\" ? \"forest\"].",
                               "(3.9) Now sort this subpart [\"fortescue\" ? \"forest\"] by "
                               "looking at their third letters: \"fortescue\"=\"r\" (18), "
                               "\"forest\"=\"r\" (18)."}))
                .reason,
            "it is out of order, the number of this step should be (3.11)");
}

// The reference notices neither of these, or stops with an error.
TEST(SortingVerifier, AnOrderThatNoStepEstablishedIsWrongEvenIfItIsRight) {
  const Review skipped =
      verify(without({"4", "4.1", "4.2", "4.2.1", "4.2.2", "4.2.3", "4.2.4", "4.3"}));
  EXPECT_EQ(skipped.step, "5");
  EXPECT_EQ(skipped.reason,
            "the order of \"purloin\" and \"percept\" has not been established in previous steps");
  EXPECT_EQ(verify(without({"4.2", "4.2.1", "4.2.2", "4.2.3", "4.2.4"})).step, "4.3");
  EXPECT_EQ(verify(until("1", {"(2) Hence, we have \"forest\" < \"fortescue\"."})).step, "2");
  const Review early = verify(until("3.5", {"(Final response) So the answer is: forest."}));
  EXPECT_EQ(early.step, "Final response");
  EXPECT_THAT(early.reason, HasSubstr("not yet sorted all the words"));
}

TEST(SortingVerifier, ConclusionsAreOfTheirWordsOnceEach) {
  EXPECT_EQ(verify(changed("3.6", "\"fortescue\"", "\"fortescue\" < \"sioux\"")).reason,
            "\"sioux\" is not in the list of words you wanted to sort: [\"fortescue\" ? "
            "\"forest\"]");
  EXPECT_EQ(verify(changed("3.6", "\"fortescue\"", "\"fortescue\" < \"fortescue\"")).reason,
            "\"fortescue\" is duplicated");
  EXPECT_EQ(verify(changed("3.6", "\" < \"", "\" \"")).reason, "it is not a valid sorted list");
}

TEST(SortingVerifier, WhatFollowsFromLettersComesRightAfterThem) {
  EXPECT_EQ(verify(until("3.1", {"(3.2) We now have: (15) [\"fortescue\" ? \"forest\"]."})).reason,
            "the previous step (3.1) does not look at letters");
  EXPECT_EQ(verify(without({"3.1"})).reason,
            "the second letter of [\"fortescue\" ? \"forest\"] has not been sorted yet");
  EXPECT_EQ(verify(without({"2"})).reason, "no previous step says which subparts are unknown");
}

TEST(SortingVerifier, StepsHaveAscendingNumbersAndAnOuterStep) {
  EXPECT_EQ(verify(without({"1"})).reason,
            "it is out of order, the number of this step should be (1)");
  EXPECT_EQ(verify(changed("3.1", "(3.1)", "(3)")).feedback,
            "Step (1) to (3) are correct. In step (3) the part \" (3) \" is incorrect. This is "
            "because there is already a step (3).");
  EXPECT_EQ(verify(changed("3", "(3)", "(4.1)")).reason,
            "there is no step (4) for it to belong to");
  EXPECT_EQ(verify(changed("4", "(4)", "(2)")).reason,
            "it is out of order, the number of this step should be (4)");
}

TEST(SortingVerifier, WhatCannotBeReadIsReportedWithItsPosition) {
  const auto error = [](const Steps& steps) {
    const Review review = verify(steps);
    EXPECT_FALSE(review.correct);
    EXPECT_TRUE(review.step.empty() && review.feedback.empty()) << review.feedback;
    return review.error;
  };
  EXPECT_THAT(error({"(1) The first letter \"sioux\"."}), HasSubstr("line 1 cannot be read"));
  EXPECT_THAT(error(changed("1", "\"sioux\"=\"s\"", "sioux is s")),
              HasSubstr("line 1 cannot be read: \"sioux is s (19)\" is not like"));
  EXPECT_THAT(error(until("2", {"(3) Let us see."})),
              HasSubstr("line 3 cannot be read: it is none of the known sentences"));
  EXPECT_THAT(error(changed("3", "second letters", "other ends")), HasSubstr("line 3"));
  EXPECT_THAT(error(changed("3", "[\"fortescue\" ? ", "")), HasSubstr("line 3"));
  EXPECT_THAT(error(until("2", {"", "(3) Let us see."})), HasSubstr("line 4"));
  EXPECT_THAT(error(until("2", {})), HasSubstr("no final response after line 2"));
  EXPECT_THAT(error(changed("2", "\"sioux\".", "\"sioux\"")),
              HasSubstr("line 2 cannot be read: it does not end with a full stop"));
  EXPECT_THAT(error(changed("Final response", "is:", "is")), HasSubstr("So the answer is:"));
  EXPECT_THAT(error(until("Final response", {"(6) Hence, we have \"sioux\"."})),
              HasSubstr("after the final response"));
  EXPECT_THAT(error({}), HasSubstr("no final response"));
}

TEST(SortingVerifier, StepsInOneLineAreNotTakenForOne) {
  Steps steps = gold_steps();
  steps[1] += steps[2];
  steps.erase(steps.begin() + 2);
  EXPECT_FALSE(verify(steps).correct);
  EXPECT_NE(verify(steps).step, "3");
}

std::string improved(const Problem& of, const std::string& attempt) {
  std::string why;
  const auto text = task->improve(of, attempt, task->verify(of, attempt), why);
  EXPECT_TRUE(text) << why;
  return text.value_or("");
}

TEST(SortingImprover, KeepsTheStepsBeforeTheWrongOneAndWritesTheRestAsGoldDoes) {
  for (const Steps& steps :
       {changed("1", "\"sioux\"=\"s\"", "\"sioux\"=\"x\""), changed("2", "(8)", "(9)"),
        changed("3", "second", "third"), changed("3.4", "(20)", "(21)"), changed("3.6", "<", "?"),
        changed("4.2.1", "(18)", "(19)"), changed("4.3", "<", ">"),
        changed("5", "\"helmsman\" < ", ""), without({"5"}),
        changed("Final response", "forest fortescue", "fortescue forest")})
    EXPECT_EQ(improved(problem, lines(steps)), problem.rationale);
}

TEST(SortingImprover, ContinuesWithTheNumbersAndTheNestingOfTheKeptSteps) {
  const Problem small = task->parse_problem("List: abc abd b", "test");
  const std::string kept =
      "(1) The first letter: \"b\"=\"b\" (2), \"abd\"=\"a\" (1), \"abc\"=\"a\" (1).  \n"
      "(4) We now have: (1) [\"abc\" ? \"abd\"] < (2) \"b\".\n"
      "(7) Sort [\"abc\" ? \"abd\"] again by looking at their second letters: \"abc\"=\"b\" (2), "
      "\"abd\"=\"b\" (2).\n";
  EXPECT_EQ(
      improved(small, kept + "(7.1) We now have: (3) [\"abc\" ? \"abd\"]."),
      kept +
          "(7.1) We now have: (2) [\"abc\" ? \"abd\"].\n"
          "(7.2) Now sort this subpart [\"abc\" ? \"abd\"] by looking at their third letters: "
          "\"abc\"=\"c\" (3), \"abd\"=\"d\" (4).\n"
          "(7.3) We now have: (3) \"abc\" < (4) \"abd\".\n"
          "(7.4) Hence, we have \"abc\" < \"abd\".\n"
          "(8) Hence, we have \"abc\" < \"abd\" < \"b\".\n"
          "(Final response) So the answer is: abc abd b.");
}

TEST(SortingImprover, SaysWhyWhenItCannotContinue) {
  const auto why_not = [](const Steps& steps, const Review& review) {
    std::string why;
    EXPECT_EQ(task->improve(problem, lines(steps), review, why), std::nullopt);
    return why;
  };
  const Steps wrong = changed("3.1", "(15)", "(16)");
  EXPECT_THAT(why_not(wrong, Review{.correct = true}), HasSubstr("correct"));
  EXPECT_THAT(why_not(wrong, Review{.error = "line 3"}), HasSubstr("line 3"));
  EXPECT_THAT(why_not(wrong, Review{}), HasSubstr("names no step"));
  EXPECT_THAT(why_not(wrong, Review{.step = "9"}), HasSubstr("no step (9)"));
  EXPECT_THAT(why_not(wrong, Review{.step = "4"}), HasSubstr("a step before (4) is wrong"));
}

TEST(SortingImprover, AFalseAlarmIsRewrittenFromWhereItPoints) {
  std::string why;
  EXPECT_EQ(task->improve(problem, problem.rationale, Review{.step = "3.2"}, why),
            problem.rationale);
}

}  // namespace
}  // namespace tripost
