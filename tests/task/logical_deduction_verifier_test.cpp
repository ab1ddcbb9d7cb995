#include <gmock/gmock.h>

#include "task/task.h"

namespace tripost {
namespace {

const std::unique_ptr<Task> task = make_task("logical_deduction");

// reference-behaviour.md, 12.4.
const Problem golf = task->parse_problem(
    "The following paragraphs each describe a set of five objects arranged in a fixed order. The "
    "statements are logically consistent within each paragraph. In a golf tournament, there were "
    "five golfers: Rob, Amy, Joe, Eve, and Dan. Rob finished below Dan. Joe finished second. Joe "
    "finished above Eve. Eve finished above Dan.\nOptions:\n(A) Rob finished last.\n(B) Amy "
    "finished last.\n(C) Joe finished last.\n(D) Eve finished last.\n(E) Dan finished last.",
    "test");

const std::vector<std::string> kGold = {
    "(1) Rob finished below Dan: \"(above) ?? Dan ?? Rob ?? (below)\".",
    "(2) Joe finished second: \"(above) ? Joe ?? (below)\".",
    "(3) Joe finished above Eve: \"(above) ?? Joe ?? Eve ?? (below)\".",
    "(4) Eve finished above Dan: \"(above) ?? Eve ?? Dan ?? (below)\".",
    "(5) There are in total five golfers: Rob, Amy, Joe, Eve, and Dan.",
    "(6) Combining (1) and (4) we get the following ordering: \"(above) ?? Eve ?? Dan ?? Rob ?? "
    "(below)\".",
    "(7) Combining (3) and (6) we get the following ordering: \"(above) ?? Joe ?? Eve ?? Dan ?? "
    "Rob ?? (below)\".",
    "(8) Combining (2) and (7) we get the following ordering: \"(above) ? Joe ?? Eve ?? Dan ?? Rob "
    "?? (below)\".",
    "(9) Combining (5) and (8) we get the following ordering: \"(above) Amy Joe Eve Dan Rob "
    "(below)\".",
    "(10) According to this ordering, the golfer that finished last is Rob.",
    "(Final response) Rob finished last. So the answer is (A)."};

std::string joined(const std::vector<std::string>& steps) {
  std::string text;
  for (const auto& step : steps) text += (text.empty() ? "" : "\n") + step;
  return text;
}

Review verify(const std::string& attempt) { return task->verify(golf, attempt); }

// The gold steps with step `number` (counted from 1) in other words.
std::string with(std::size_t number, const std::string& line) {
  auto steps = kGold;
  steps[number - 1] = line;
  return joined(steps);
}
std::string with_part(std::size_t number, const std::string& from, const std::string& to) {
  std::string line = kGold[number - 1];
  const std::size_t found = line.find(from);
  EXPECT_NE(found, std::string::npos) << from;
  return with(number, line.replace(found, from.size(), to));
}

std::string feedback(const std::string& attempt) {
  const Review review = verify(attempt);
  return review.error.empty() ? review.feedback : "error: " + review.error;
}

TEST(DeductionVerifier, TheGoldRationaleIsCorrectInThePapersWords) {
  EXPECT_EQ(joined(kGold), golf.rationale);
  const Review review = verify(golf.rationale);
  EXPECT_TRUE(review.correct) << review.feedback << review.error;
  EXPECT_EQ(review.feedback,
            "Step (1) to step (10) are correct. The final response is also correct.");
  EXPECT_EQ(task->praise(golf.rationale), review.feedback);
}

// Defect 14: the letter is right, the reasoning is not.
TEST(DeductionVerifier, TheReferencesExampleWithTheRightLetterIsWrongAtItsFirstStep) {
  const std::string attempt = with_part(1, "?? Dan ?? Rob ??", "?? Rob ?? Dan ??");
  EXPECT_TRUE(task->grade(golf, attempt).correct);
  EXPECT_EQ(feedback(attempt),
            "In step (1) the part \" (above) ?? Rob ?? Dan ?? (below) \" is incorrect. This is "
            "because the statement says that Dan finished above Rob.");
}

TEST(DeductionVerifier, AMistranslatedPlaceIsNamed) {
  EXPECT_EQ(feedback(with_part(2, "? Joe ??", "? ? Joe ??")),
            "Step (1) is correct. In step (2) the part \" (above) ? ? Joe ?? (below) \" is "
            "incorrect. This is because the statement says that Joe finished second.");
  EXPECT_EQ(feedback(with_part(2, "? Joe ??", "?? Joe ??")),
            "Step (1) is correct. In step (2) the part \" (above) ?? Joe ?? (below) \" is "
            "incorrect. This is because it does not say that Joe finished second.");
}

TEST(DeductionVerifier, AStatementThatIsNotInTheQuestionIsNamed) {
  EXPECT_EQ(feedback(with(3, "(3) Joe finished below Eve: \"(above) ?? Eve ?? Joe ?? (below)\".")),
            "Step (1) to (2) are correct. In step (3) the part \" Joe finished below Eve \" is "
            "incorrect. This is because the question does not say that Joe finished below Eve.");
}

TEST(DeductionVerifier, EitherDirectionAndOtherLabelsOfTheAxisAreRight) {
  EXPECT_TRUE(
      verify(with(1, "(1) Rob finished below Dan: \"(below) ?? Rob ?? Dan ?? (above)\".")).correct);
  EXPECT_TRUE(
      verify(with(1, "(1) Rob finished below Dan: \"(first) ?? Dan ?? Rob ?? (last)\".")).correct);
  EXPECT_TRUE(
      verify(with(1, "(1) Dan finished above Rob: \"(best) ?? Dan ?? Rob ?? (worst)\".")).correct);
  EXPECT_EQ(
      feedback(with_part(1, "(above) ?? Dan ?? Rob ?? (below)", "(left) ?? Dan ?? Rob ?? (right)")),
      "In step (1) the part \" (left) ?? Dan ?? Rob ?? (right) \" is incorrect. This is "
      "because the ends of the ordering should be (above) and (below).");
}

TEST(DeductionVerifier, AWrongCountOrListIsNamed) {
  EXPECT_THAT(feedback(with_part(5, "five", "six")),
              testing::HasSubstr("In step (5) the part \" There are in total six golfers \" is "
                                 "incorrect. This is because the question lists five golfers."));
  EXPECT_THAT(feedback(with_part(5, "Amy, ", "")),
              testing::HasSubstr("the part \" Rob, Joe, Eve, and Dan \" is incorrect. This is "
                                 "because Amy is missing."));
  EXPECT_THAT(
      feedback(with_part(5, "Amy", "Zoe")),
      testing::HasSubstr(
          "the part \" Zoe \" is incorrect. This is because \"Zoe\" is not among the golfers."));
  EXPECT_THAT(feedback(with_part(5, "Amy", "Rob")),
              testing::HasSubstr("Rob appears more than once."));
}

TEST(DeductionVerifier, WhereNothingIsWrittenTheLineIsQuoted) {
  const Review review = verify(with(5, "(5) There are in total five golfers: ."));
  EXPECT_EQ(review.step, "5");
  EXPECT_EQ(review.segment, "There are in total five golfers: .");
  EXPECT_EQ(task->parse_feedback(review.feedback).segment, review.segment);
}

TEST(DeductionVerifier, BlankLinesAreNoStepsAndAreKeptByTheImprover) {
  std::string spaced, kept;
  for (const std::string& line : kGold) {
    if (line == kGold.back()) kept = spaced;
    spaced += line + "\n\n";
  }
  EXPECT_TRUE(verify(spaced).correct);
  const std::string attempt = kept + "(Final response) So the answer is (B).";
  std::string why;
  EXPECT_EQ(task->improve(golf, attempt, verify(attempt), why), kept + kGold.back()) << why;
}

TEST(DeductionVerifier, ACombinationThatDoesNotFollowIsNamedWithWhatIsWrong) {
  EXPECT_THAT(
      feedback(with_part(6, "Eve ?? Dan ?? Rob", "Dan ?? Eve ?? Rob")),
      testing::HasSubstr("In step (6) the part \" (above) ?? Dan ?? Eve ?? Rob ?? (below) \" "
                         "is incorrect. This is because steps (1) and (4) say that Eve "
                         "finished above Dan."));
  EXPECT_THAT(feedback(with_part(6, "Eve ?? Dan ?? Rob", "Joe ?? Eve ?? Dan ?? Rob")),
              testing::HasSubstr("because it does not follow from steps (1) and (4) that Joe "
                                 "finished above Eve."));
  EXPECT_THAT(
      feedback(with_part(6, "Eve ?? Dan", "Eve Dan")),
      testing::HasSubstr("because it does not follow from steps (1) and (4) that Eve and Dan "
                         "are next to each other."));
  EXPECT_THAT(feedback(with_part(6, "Eve ?? Dan", "Eve ? Dan")),
              testing::HasSubstr("that there is exactly one object between Eve and Dan."));
  EXPECT_THAT(feedback(with_part(6, "Eve ?? Dan", "Eve ? ?? Dan")),
              testing::HasSubstr("that there is at least one object between Eve and Dan."));
  EXPECT_THAT(feedback(with_part(6, "(above) ?? Eve", "(above) Eve")),
              testing::HasSubstr("steps (1) and (4) that Eve finished first."));
  EXPECT_THAT(feedback(with_part(8, "? Joe ??", "Joe ??")),
              testing::HasSubstr("because steps (2) and (7) say that Amy finished first."));
  EXPECT_THAT(feedback(with_part(8, "Dan ?? Rob ?? (below)", "Dan (below)")),
              testing::HasSubstr("because steps (2) and (7) say that Rob finished last."));
  EXPECT_THAT(feedback(with_part(9, "Amy Joe", "Joe")),
              testing::HasSubstr("because it has fewer than five places, but there are five "
                                 "golfers."));
  EXPECT_THAT(feedback(with_part(9, "Amy Joe", "Amy ? Joe")),
              testing::HasSubstr("because it has more than five places"));
  EXPECT_THAT(feedback(with_part(9, "Amy Joe", "Zoe Joe")),
              testing::HasSubstr("because \"Zoe\" is not among the golfers."));
  EXPECT_THAT(feedback(with_part(9, "Amy Joe", "Rob Joe")),
              testing::HasSubstr("because Rob appears more than once."));
}

TEST(DeductionVerifier, AStepThatIsNamedMustComeBeforeAndGiveAnOrdering) {
  EXPECT_EQ(feedback(with_part(6, "(1) and (4)", "(1) and (9)")),
            "Step (1) to (5) are correct. In step (6) the part \" Combining (1) and (9) \" is "
            "incorrect. This is because no step (9) before this one gives an ordering.");
  EXPECT_THAT(
      feedback(with_part(6, "(1) and (4)", "(1) and (3)")),
      testing::HasSubstr("it does not follow from steps (1) and (3) that Eve finished above "
                         "Dan."));
}

TEST(DeductionVerifier, AnyOfSeveralCountsMayBeNamed) {
  for (const char* count : {"(5)", "(9)"}) {
    const std::string attempt = with(
        9, "(9) There are in total five golfers: Rob, Amy, Joe, Eve, and Dan.\n(10) Combining " +
               std::string(count) +
               " and (8) we get the following ordering: \"(above) Amy Joe Eve Dan Rob (below)\".");
    const std::string old = "(10) According";
    std::string renumbered = attempt;
    renumbered.replace(renumbered.find(old), old.size(), "(11) According");
    EXPECT_TRUE(verify(renumbered).correct) << feedback(renumbered);
  }
}

TEST(DeductionVerifier, AnOrderingMaySayLessThanItCould) {
  EXPECT_TRUE(verify(with_part(8, "Joe ?? Eve ?? Dan ?? Rob ??", "Joe Eve Dan Rob")).correct);
  EXPECT_TRUE(verify(with(8,
                          "(8) Combining (2) and (7) we get the following: \"(above) ? Joe ?? "
                          "Eve ?? Dan ?? (below)\".\n(9) Combining (5), (6), and (8) we get the "
                          "following ordering: \"(above) Amy Joe Eve Dan Rob (below)\"."))
                  .error.empty());
}

TEST(DeductionVerifier, AWrongConclusionIsNamed) {
  EXPECT_EQ(
      feedback(with_part(10, "is Rob", "is Dan")),
      "Step (1) to (9) are correct. In step (10) the part \" the golfer that finished last is "
      "Dan \" is incorrect. This is because the ordering in step (9) says that Rob finished "
      "last.");
  for (const char* right :
       {"this ranking, Rob finished last.", "the ordering, the last golfer is Rob.",
        "this ordering, the person who finished last (the one at the bottom of this list is Rob."})
    EXPECT_TRUE(verify(with(10, std::string("(10) According to ") + right)).correct) << right;
}

TEST(DeductionVerifier, AWrongFinalLetterIsNamed) {
  EXPECT_EQ(
      feedback(with(11, "(Final response) Dan finished last. So the answer is (E).")),
      "Step (1) to (10) are correct. In step (Final response) the part \" the answer is (E) \" "
      "is incorrect. This is because the ordering in step (9) says that Rob finished last.");
  EXPECT_THAT(feedback(with(11, "(Final response) Dan finished last. So the answer is (A).")),
              testing::HasSubstr("In step (Final response) the part \" Dan finished last. \" is "
                                 "incorrect. This is because it is not what option (A) says."));
  EXPECT_THAT(feedback(with(11, "(Final response) So the answer is (Q).")),
              testing::HasSubstr("because there is no option (Q)."));
  EXPECT_THAT(feedback(kGold.back()),
              testing::HasSubstr("because there is no ordering in previous steps."));
  // Defect 18.
  EXPECT_TRUE(verify(with_part(11, "So the", "So The")).correct);
}

// Defect 27: one odd line hides no earlier error, and is reported with its place.
TEST(DeductionVerifier, OnlyWhatComesBeforeTheFirstWrongStepMatters) {
  const std::string odd = "(7) If the motorcycle is not the newest, then the minivan is.";
  EXPECT_THAT(
      feedback(with(7, odd)),
      testing::StartsWith("error: line 7 cannot be read: it is none of the known sentences"));
  auto steps = kGold;
  steps[6] = odd;
  steps[0] = "(1) Rob finished below Dan: \"(above) ?? Rob ?? Dan ?? (below)\".";
  EXPECT_EQ(verify(joined(steps)).step, "1");
}

TEST(DeductionVerifier, WordsThatCannotBeReadAreReportedWithTheirLine) {
  for (const char* line :
       {"[3] Joe finished above Eve: \"(above) ?? Joe ?? Eve ?? (below)\".",
        "Joe finished above Eve.", "(3) Joe beat Eve: \"(above) ?? Joe ?? Eve ?? (below)\".",
        "(3) Joe finished above Eve: \"x\".",
        "(3) Joe finished above Eve: \"(above) ?\?? Joe ?? Eve ?? (below)\".",
        "(3) Combining them we get the following ordering: \"(above) ?? Joe ?? Eve ?? (below)\".",
        "(3) According to this ordering, the winner is unknown.",
        "(3) There are in total golfers: Rob.", "(3) Joe finished above Eve"}) {
    EXPECT_THAT(verify(with(3, line)).error, testing::StartsWith("line 3 cannot be read: "))
        << line;
    EXPECT_TRUE(verify(with(3, line)).step.empty());
  }
  auto steps = kGold;
  steps.pop_back();
  EXPECT_EQ(verify(joined(steps)).error, "there is no final response after line 10");
  EXPECT_THAT(verify(golf.rationale + "\nmore").error,
              testing::StartsWith("line 12 cannot be read"));
}

TEST(DeductionVerifier, StepNumbersGoUp) {
  EXPECT_THAT(
      feedback(with_part(3, "(3)", "(2)")),
      testing::HasSubstr("In step (2) the part \" (2) \" is incorrect. This is because there "
                         "is already a step (2)."));
  EXPECT_THAT(feedback(with_part(3, "(3)", "(1)")), testing::HasSubstr("should be (3)."));
}

TEST(DeductionImprover, KeepsTheStepsBeforeTheWrongOneToTheByteAndEndsRight) {
  const std::string attempt =
      "(1)  Eve finished above Dan: \"(below) ?? Dan ?? Eve ?? (above)\".  \n"
      "(3) Joe finished above Eve: \"(first) ?? Joe ?? Eve ?? (last)\".\n"
      "(4) Combining (1) and (3) we get the following: \"(above) ?? Joe ?? Dan ?? Eve ?? "
      "(below)\".\n"
      "(Final response) So the answer is (E).";
  const std::string readable = "(1) " + attempt.substr(5);
  const Review review = verify(readable);
  EXPECT_EQ(review.step, "4");
  std::string why;
  const auto improved = task->improve(golf, readable, review, why);
  ASSERT_TRUE(improved) << why;
  const std::string kept = readable.substr(0, readable.find("(4)"));
  EXPECT_THAT(*improved, testing::StartsWith(kept + "(4) Rob finished below Dan: "));
  EXPECT_TRUE(verify(*improved).correct) << *improved << feedback(*improved);
  EXPECT_THAT(*improved, testing::Not(testing::HasSubstr("Joe ?? Dan ?? Eve")));
}

TEST(DeductionImprover, GoesOnFromCombinationsOfTheAttemptItself) {
  const std::string kept = joined({kGold.begin(), kGold.begin() + 5}) +
                           "\n(6) Combining (2), (3), and (4) we get the following ordering: "
                           "\"(above) ? Joe ?? Eve ?? Dan ?? (below)\".\n";
  const std::string attempt = kept +
                              "(7) Combining (1) and (6) we get the following ordering: "
                              "\"(above) Rob Joe Eve Dan Amy (below)\".\n(Final response) Amy "
                              "finished last. So the answer is (B).";
  std::string why;
  const auto improved = task->improve(golf, attempt, verify(attempt), why);
  ASSERT_TRUE(improved) << why;
  EXPECT_EQ(*improved,
            kept +
                "(7) Combining (1) and (6) we get the following ordering: \"(above) ? Joe ?? Eve "
                "?? Dan ?? Rob ?? (below)\".\n"
                "(8) Combining (5) and (7) we get the following ordering: \"(above) Amy Joe Eve "
                "Dan Rob (below)\".\n"
                "(9) According to this ordering, the golfer that finished last is Rob.\n" +
                kGold.back());
}

TEST(DeductionImprover, RefusesWithAReason) {
  std::string why;
  EXPECT_FALSE(task->improve(golf, golf.rationale, verify(golf.rationale), why));
  EXPECT_EQ(why, "the review says that the attempt is correct");
  Review review = task->parse_feedback(
      "In step (12) the part \" x \" is incorrect. This is because it is wrong.");
  EXPECT_FALSE(task->improve(golf, golf.rationale, review, why));
  EXPECT_EQ(why, "the attempt has no step (12)");
  EXPECT_FALSE(task->improve(golf, "words", verify("words"), why));
  EXPECT_THAT(why, testing::StartsWith("the review names no step: line 1 cannot be read"));
}

}  // namespace
}  // namespace tripost
