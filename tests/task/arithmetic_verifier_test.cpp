#include <gmock/gmock.h>

#include "base/random.h"
#include "task/arithmetic_errors.h"
#include "task/task.h"

namespace tripost {
namespace {

const std::unique_ptr<Task> task = make_task("multistep_arithmetic");
const Problem problem = task->parse_problem("((7 - -1 + -1 + -4) - (-7 + 7 * 3 * -9)) =", "test");

const std::string kStep1 =
    "(1) This equation can be written as \"(A - B)\", where A = (7 - -1 + -1 + -4) and B = (-7 + 7 "
    "* 3 * -9).";
const std::string kStep2 =
    "(2) Let's calculate A = (7 - -1 + -1 + -4) = (((7 - -1) + -1) + -4) = ((8 + -1) + -4) = (7 + "
    "-4) = 3.";
const std::string kStep3 =
    "(3) Let's calculate B = (-7 + 7 * 3 * -9) = (-7 + ((7 * 3) * -9)) = (-7 + (21 * -9)) = (-7 + "
    "-189) = -196.";
const std::string kStep4 = "(4) Then, the final equation is (A - B) = (3 - -196) = 199.";
const std::string kFinal = "(Final response) So the answer is 199.";

std::string lines(const std::vector<std::string>& steps) {
  std::string text;
  for (const auto& step : steps) text += (text.empty() ? "" : "\n") + step;
  return text;
}

Review verify(const std::vector<std::string>& steps) { return task->verify(problem, lines(steps)); }

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t found = text.find(from);
  EXPECT_NE(found, std::string::npos) << from;
  return found == std::string::npos ? text : text.replace(found, from.size(), to);
}

TEST(Verifier, TheGoldRationaleIsCorrectInThePapersWords) {
  const Review review = verify({kStep1, kStep2, kStep3, kStep4, kFinal});
  EXPECT_TRUE(review.correct);
  EXPECT_EQ(review.feedback,
            "Step (1) to step (4) are correct. The final response is also correct.");
  EXPECT_EQ(task->praise(problem.rationale), review.feedback);
  EXPECT_EQ(lines({kStep1, kStep2, kStep3, kStep4, kFinal}), problem.rationale);
}

// The test vectors of the reference implementation, executed: reference-behaviour.md, section 4.3.
TEST(Verifier, SaysWhatTheReferenceVerifierSays) {
  const auto feedback = [](const std::vector<std::string>& steps) {
    return verify(steps).feedback;
  };
  EXPECT_EQ(
      feedback({replaced(kStep1, "A = (7 - -1", "A = (7 - 1"), kStep2, kStep3, kStep4, kFinal}),
      "In step (1) the part \" This equation can be written as \"(A - B)\", where A = (7 - 1 + -1 "
      "+ -4) and B = "
      "(-7 + 7 * 3 * -9). \" is incorrect. This is because it is not consistent with the original "
      "equation: (7 - "
      "-1 + -1 + -4) - (-7 + 7 * 3 * -9).");
  EXPECT_EQ(feedback({kStep1, replaced(kStep2, "((8 + -1) + -4)", "((9 + -1) + -4)"), kStep3,
                      kStep4, kFinal}),
            "Step (1) is correct. In step (2) the part \" (((7 - -1) + -1) + -4) = ((9 + -1) + -4) "
            "\" is incorrect. "
            "This is because there is an calculation error, since (((7 - -1) + -1) + -4) is not "
            "equal to ((9 + -1) + "
            "-4).");
  EXPECT_EQ(feedback({kStep1, replaced(kStep2, "((8 + -1) + -4)", "((8 + -1 + -4)"), kStep3, kStep4,
                      kFinal}),
            "Step (1) is correct. In step (2) the part \" ((8 + -1 + -4) \" is incorrect. This is "
            "because it is an "
            "invalid equation as the number of left and right brackets do not match.");
  EXPECT_EQ(feedback({kStep1, kStep2, kStep3, replaced(kStep4, "(3 - -196)", "(3 - 196)"), kFinal}),
            "Step (1) to (3) are correct. In step (4) the part \" (A - B) = (3 - 196) \" is "
            "incorrect. This is because "
            "this substitution is incosistent with the results in the previous steps.");
  EXPECT_EQ(feedback({kStep1, kStep3, kStep4, kFinal}),
            "Step (1) to (3) are correct. In step (4) the part \" (A - B) = (3 - -196) \" is "
            "incorrect. This is "
            "because A has not been calculated in previous steps.");
  EXPECT_EQ(feedback({kStep1, kStep2, kStep3,
                      replaced(kStep4, "(A - B) = (3 - -196) = 199", "(A + B) = (3 + -196) = -193"),
                      "(Final response) So the answer is -193."}),
            "Step (1) to (3) are correct. In step (4) the part \" (A + B) \" is incorrect. This is "
            "because this "
            "equation is inconsistent with the question statement.");
  EXPECT_EQ(feedback({kStep1, kStep2, kStep3, kStep4, "(Final response) So the answer is 198."}),
            "Step (1) to (4) are correct. In step (Final response) the part \" the answer is 198. "
            "\" is incorrect. "
            "This is because this answer is inconsistent with the result in step (4).");
}

TEST(Verifier, WhatTheReferenceCannotReadIsReportedWithItsPosition) {
  const auto error = [](const std::vector<std::string>& steps) {
    const Review review = verify(steps);
    EXPECT_FALSE(review.correct);
    EXPECT_TRUE(review.step.empty() && review.feedback.empty());
    return review.error;
  };
  using testing::HasSubstr;
  EXPECT_THAT(error({"(1) This equation can be written as \"(A)\", where A = ((7 - -1 + -1 + -4) - "
                     "(-7 + 7 * 3 * -9)).",
                     kStep2, kStep3, kStep4, kFinal}),
              HasSubstr("line 1 cannot be read: it defines fewer than two letters"));
  EXPECT_THAT(error({replaced(kStep1, "\"(A - B)\"", "\"(A - 3)\""), kStep2}),
              HasSubstr("line 1 cannot be read"));
  EXPECT_THAT(error({kStep1, kStep2, kStep3, kStep4, "(Final response) So the answer is 199"}),
              HasSubstr("line 5"));
  EXPECT_THAT(error({kStep1, "(2) Let us now look at A.", kStep3, kStep4, kFinal}),
              HasSubstr("line 2"));
  EXPECT_THAT(error({kStep1, kStep2, kStep3, kStep4}), HasSubstr("no final response"));
  EXPECT_THAT(error({kStep1, kStep2, "", kStep3, "", "hello"}), HasSubstr("line 6"));
  EXPECT_THAT(error({kStep1, kStep2, kStep3, kStep4, kFinal, kFinal}),
              HasSubstr("after the final response"));
  EXPECT_THAT(error({}), HasSubstr("no final response"));
}

TEST(Verifier, AnOddLineDoesNotHideAnEarlierError) {
  const std::string wrong = replaced(kStep2, "= (7 + -4) = 3", "= (7 + -4) = 4");
  for (const char* odd :
       {"hello", "(3) Well, B is easy.", "(x) y", "(3) Let's calculate B = (-7"}) {
    const Review review = verify({kStep1, wrong, odd});
    EXPECT_EQ(review.step, "2") << odd;
    EXPECT_EQ(review.segment, "(7 + -4) = 4") << odd;
  }
}

TEST(Verifier, ACalculationMustBeOfItsDefinition) {
  const Review review =
      verify({kStep1,
              "(2) Let's calculate A = (7 - 1 + -1 + -4) = (((7 - 1) + -1) + -4) = ((6 + -1) + -4) "
              "= (5 + -4) = 1.",
              kStep3, "(4) Then, the final equation is (A - B) = (1 - -196) = 197.",
              "(Final response) So the answer is 197."});
  EXPECT_EQ(review.feedback,
            "Step (1) is correct. In step (2) the part \" (7 - 1 + -1 + -4) \" is incorrect. This "
            "is because it is not "
            "consistent with the definition of A in step (1).");
  EXPECT_EQ(verify({kStep1, replaced(kStep2, "calculate A", "calculate B")}).reason,
            "it is not consistent with the definition of B in step (1)");
  // Equal in value is not enough; the same expression with its brackets written, or the bare
  // result, is.
  EXPECT_EQ(verify({kStep1, "(2) Let's calculate A = (1 + 2) = 3."}).step, "2");
  EXPECT_TRUE(
      verify({kStep1, replaced(kStep2, "(7 - -1 + -1 + -4) = ", ""), kStep3, kStep4, kFinal})
          .correct);
  EXPECT_TRUE(verify({kStep1, "(2) Let's calculate A = 3.", kStep3, kStep4, kFinal}).correct);
  EXPECT_EQ(verify({kStep1, "(2) Let's calculate A = 4.", kStep3, kStep4, kFinal}).step, "2");
  EXPECT_EQ(verify({kStep1, replaced(kStep2, "A = ", "C = ")}).reason,
            "C has not been defined in previous steps");
}

TEST(Verifier, LettersAreCalculatedOnceAndStepsComeInOrder) {
  const auto review = verify({kStep1, kStep2, replaced(kStep2, "(2)", "(3)")});
  EXPECT_EQ(review.step, "3");
  EXPECT_EQ(review.reason, "A has already been calculated in step (2)");
  EXPECT_EQ(verify({kStep1, kStep2, replaced(kStep3, "(3)", "(2)")}).feedback,
            "Step (1) to (2) are correct. In step (2) the part \" (2) \" is incorrect. This is "
            "because there is "
            "already a step (2).");
  EXPECT_EQ(verify({kStep1, kStep3, kStep2}).reason,
            "it is out of order, the number of this step should be (4)");
  const std::string twice = replaced(kStep1, "and B =", "and A =");
  EXPECT_EQ(verify({twice}).reason, "A is defined more than once");
  EXPECT_EQ(verify({kStep1, kStep2, kStep3, kStep4, replaced(kStep4, "(4)", "(5)"), kFinal}).step,
            "5");
}

TEST(Verifier, ARightAnswerForAWrongReasonIsNotCorrect) {
  // 0 hides the wrong 8: both sides are 0.
  const Problem zero = task->parse_problem("((3 + 4) * (5 - 5)) =", "test");
  const std::string wrong = replaced(zero.rationale, "(7 * 0) = 0.", "(8 * 0) = 0.");
  EXPECT_TRUE(task->grade(zero, wrong).correct);
  const Review review = task->verify(zero, wrong);
  EXPECT_FALSE(review.correct);
  EXPECT_EQ(review.step, "4");
  EXPECT_EQ(review.segment, "(A * B) = (8 * 0)");
  const Problem inside = task->parse_problem("((3 + 4 * 0) + (5 - 5)) =", "test");
  EXPECT_EQ(
      task->verify(inside, replaced(inside.rationale, "(3 + (4 * 0)) =", "(3 + (5 * 0)) =")).step,
      "2");
  // Two errors that cancel, and an answer without the final equation.
  EXPECT_EQ(
      verify({kStep1, replaced(kStep2, "= 3.", "= 4."), replaced(kStep3, "= -196.", "= -195."),
              "(4) Then, the final equation is (A - B) = (4 - -195) = 199.", kFinal})
          .step,
      "2");
  EXPECT_EQ(verify({kStep1, kStep2, kStep3, kFinal}).step, "Final response");
}

TEST(Verifier, WrongNumbersThatCancelOutAreNotCorrect) {
  // A is 3 and B is -196: both numbers are one too large, their difference is right.
  const Review substitution =
      verify({kStep1, kStep2, kStep3, replaced(kStep4, "(3 - -196)", "(4 - -195)"), kFinal});
  EXPECT_EQ(substitution.step, "4");
  EXPECT_EQ(substitution.segment, "(A - B) = (4 - -195)");
  EXPECT_EQ(substitution.reason,
            "this substitution is incosistent with the results in the previous steps");
  EXPECT_EQ(
      verify({kStep1, kStep2, kStep3, replaced(kStep4, "(3 - -196)", "(4 + 195)"), kFinal}).segment,
      "(A - B) = (4 + 195)");
  // 7 + -4 is 3, and so is 9 + -6.
  const Review chain =
      verify({kStep1, replaced(kStep2, "= (7 + -4)", "= (9 + -6)"), kStep3, kStep4, kFinal});
  EXPECT_EQ(chain.segment, "((8 + -1) + -4) = (9 + -6)");
  EXPECT_EQ(chain.reason,
            "there is an calculation error, since (9 + -6) does not follow from ((8 + -1) + -4)");
  EXPECT_EQ(
      verify({kStep1, kStep2, replaced(kStep3, "= (-7 + (21 * -9))", "= (-7 + (27 * -7))")}).step,
      "3");
}

TEST(Verifier, SeveralBracketsMayBeCalculatedAtOnceAndBracketsSetAnotherWay) {
  EXPECT_TRUE(verify({kStep1, replaced(kStep2, "((8 + -1) + -4) = ", ""),
                      replaced(kStep3, "(-7 + (21 * -9)) = ", ""), kStep4, kFinal})
                  .correct);
  EXPECT_TRUE(verify({kStep1, replaced(kStep2, "((8 + -1) + -4) = (7 + -4) = ", ""), kStep3, kStep4,
                      kFinal})
                  .correct);
  EXPECT_TRUE(
      verify({kStep1, kStep2, replaced(kStep3, "((7 * 3) * -9)", "(7 * 3 * -9)"), kStep4, kFinal})
          .correct);
  const Problem nested =
      task->parse_problem("((1 + 2 + 3) + ((4 + 5 + 6) - (7 + 8 + 9))) =", "test");
  EXPECT_TRUE(task->verify(nested, replaced(nested.rationale, "(6 + (15 - 24)) =",
                                            "(6 + 15 - 24) = (6 + (15 - 24)) ="))
                  .correct);
}

TEST(Verifier, RightAlgebraInOtherWordsIsNotCalledWrong) {
  EXPECT_TRUE(verify({kStep1, replaced(kStep2, "((8 + -1) + -4)", "(8 - 1 - 4)"), kStep3,
                      replaced(kStep4, "(3 - -196)", "(3 + 196)"), kFinal})
                  .correct);
  EXPECT_TRUE(verify({"(1) This equation can be written as \"(B - A)\", where B = (7 - -1 + -1 + "
                      "-4) and A = (-7 + 7 * 3 "
                      "* -9).",
                      replaced(kStep3, "(3) Let's calculate B", "(2) Let's calculate A"),
                      replaced(kStep2, "(2) Let's calculate A", "(3) Let's calculate B"),
                      "(4) Then, the final equation is (B - A) = (3 - -196) = 199.", kFinal})
                  .correct);
}

TEST(Verifier, GroupingAProductWithAZeroAnotherWayIsRightButAWrongFactorIsNot) {
  // From the reference's self-generated attempts: both have the right answer, the second a wrong
  // product.
  const Problem zero = task->parse_problem("((9 - 8 + 8) * (0 * -1 * -8)) =", "test");
  EXPECT_TRUE(task->verify(zero, replaced(zero.rationale, "((0 * -1) * -8) = (0 * -8)",
                                          "(0 * (-1 * -8)) = (0 * 8)"))
                  .correct);
  const Review review = task->verify(
      zero, replaced(zero.rationale, "((0 * -1) * -8) = (0 * -8)", "(0 * (-1 * -8)) = (0 * -8)"));
  EXPECT_EQ(review.step, "3");
  EXPECT_EQ(review.reason,
            "there is an calculation error, since (0 * -8) does not follow from (0 * (-1 * -8))");
}

// A pair of leaves, of which the first is calculated as the reference's own attempts do: its
// verifier, which compares values, accepts them all.
Review review_of_first_leaf(const std::string& leaf, const std::string& chain) {
  const Problem asked = task->parse_problem("(" + leaf + " + (5 - 5)) =", "test");
  std::string attempt = asked.rationale;
  const std::size_t begin = attempt.find("\n(2) ") + 1;
  attempt.replace(begin, attempt.find('\n', begin) - begin,
                  "(2) Let's calculate A = " + leaf + " = " + chain + ".");
  return task->verify(asked, attempt);
}

TEST(Verifier, TermsAndFactorsMayBeRegroupedReorderedAndDroppedWhenNeutral) {
  for (const auto& [leaf, chain] : std::vector<std::pair<std::string, std::string>>{
           {"(-4 + 4 + 8)", "(-4 + 12) = 8"},
           {"(1 * -6 * 5 - 2)", "((1 * -6 * 5) - 2) = ((1 * -30) - 2) = (-30 - 2) = -32"},
           {"(-1 * 6 * 4 + -8)", "((-1 * 6 * 4) + -8) = ((-1 * 24) + -8) = (-24 + -8) = -32"},
           {"(-6 + 0 * 1 + 0)", "(-6 + (0 * 1)) = (-6 + 0) = -6"},
           {"(-7 + 7 - 0 + 2)", "(((-7 + 7) - 0) + 2) = ((-7 + 7) + 2) = (0 + 2) = 2"},
           {"(0 - 9 * -7)", "(0 - (-7 * 9)) = (0 - -63) = 63"},
           {"(7 - -1 + -1 + -4)", "((7 - 4) + (-1 + 1)) = (3 + 0) = 3"}}) {
    const Review review = review_of_first_leaf(leaf, chain);
    EXPECT_TRUE(review.correct) << leaf << " = " << chain << "\n"
                                << review.feedback << review.error;
  }
}

TEST(Verifier, NumbersThatOnlyHaveTheRightSumOrStandBesideAZeroAreNotARegrouping) {
  for (const auto& [leaf, chain] : std::vector<std::pair<std::string, std::string>>{
           {"(-4 + 4 + 8)", "(-3 + 11) = 8"},
           {"(3 * -4 * 6)", "(9 * -8) = -72"},
           {"(7 + 3 * 0)", "(7 + (4 * 0)) = (7 + 0) = 7"},
           {"(0 * -5 * -5 - -2)", "((0 * -25) - -2) = (0 - -2) = 2"},
           {"(0 + 0 * -3 * 0)", "((0 + (-3 * 0)) * 0) = (0 * 0) = 0"}}) {
    const Review review = review_of_first_leaf(leaf, chain);
    EXPECT_EQ(review.step, "2") << leaf << " = " << chain << "\n" << review.error;
  }
}

// The reference leaves out every piece that has a capital letter.
TEST(Verifier, APieceThatIsNoNumberPastTheLettersIsAnInvalidEquation) {
  const Review letters = verify(
      {kStep1, kStep2, kStep3, replaced(kStep4, "(3 - -196) =", "(3 - -196) = (B + 4) ="), kFinal});
  EXPECT_EQ(letters.step, "4");
  EXPECT_EQ(letters.segment, "(B + 4)");
  EXPECT_EQ(letters.reason, "it is an invalid equation");
  EXPECT_EQ(verify({kStep1, replaced(kStep2, "(7 + -4) =", "(7 + -4) = Banana ="), kStep3, kStep4,
                    kFinal})
                .segment,
            "Banana");
}

// From the reference's self-generated attempts.
TEST(Verifier, ALineThatGoesOnAfterItsResultIsNotReadButItsResultIs) {
  const auto with_result = [](const std::string& result) {
    return verify({kStep1, replaced(kStep2, "= 3.", "= " + result + ". This means that A = 3."),
                   kStep3, kStep4, kFinal});
  };
  EXPECT_EQ(with_result("3").step, "");
  EXPECT_NE(with_result("3").error.find("line 2 cannot be read: it goes on after its result"),
            std::string::npos);
  EXPECT_EQ(with_result("4").segment, "(7 + -4) = 4");
}

TEST(Verifier, WhereNothingIsWrittenTheLineIsQuoted) {
  const Review review = verify({kStep1, "(2) Let's calculate A = = -1.", kStep3});
  EXPECT_EQ(review.segment, "Let's calculate A = = -1.");
  EXPECT_EQ(task->parse_feedback(review.feedback).segment, review.segment);
}

TEST(Verifier, BlankLinesAreNoStepsAndAreKeptByTheImprover) {
  const std::string blank = "\n  \n\n";
  EXPECT_TRUE(task->verify(problem, kStep1 + blank + kStep2 + blank + kStep3 + "\n" + kStep4 +
                                        blank + kFinal)
                  .correct);
  const std::string kept = kStep1 + blank + kStep2 + blank;
  const std::string attempt = kept + replaced(kStep3, "= -196", "= -195") + "\n" + kFinal;
  const Review review = task->verify(problem, attempt);
  EXPECT_EQ(review.step, "3");
  EXPECT_EQ(review.line, 6u);
  std::string why;
  EXPECT_EQ(task->improve(problem, attempt, review, why),
            kept + kStep3 + "\n" + kStep4 + "\n" + kFinal);
  EXPECT_EQ(task->grade(problem, kFinal + "\n\nFeedback: Step (1) is correct.").answer, "199");
}

TEST(Verifier, ResultsMayStandInBracketsButMustBeCalculatedToTheEnd) {
  EXPECT_TRUE(verify({kStep1, replaced(kStep2, "= 3.", "= (3)."), kStep3, kStep4, kFinal}).correct);
  const Review review = verify({kStep1, replaced(kStep2, " = 3.", "."), kStep3, kStep4, kFinal});
  EXPECT_EQ(review.segment, "(7 + -4)");
  EXPECT_EQ(review.reason, "it has not been calculated to a single number");
}

TEST(Verifier, NumbersThatAreTooLargeAreAnAnswerNotACrash) {
  const Review review = verify({kStep1, replaced(kStep2, "(7 + -4)", "(9999999999 * 9999999999)")});
  EXPECT_EQ(review.segment, "(9999999999 * 9999999999)");
  EXPECT_EQ(review.reason,
            "it is an invalid equation as it has a number too large to be calculated");
  EXPECT_EQ(verify({kStep1, kStep2, kStep3, kStep4,
                    "(Final response) So the answer is 99999999999999999999999."})
                .step,
            "Final response");
}

TEST(Verifier, EveryReviewIsReadBackFromItsFeedback) {
  for (const auto& steps : std::vector<std::vector<std::string>>{
           {kStep1, kStep2, kStep3, kStep4, kFinal},
           {replaced(kStep1, "(A - B)", "(B - A)"), kStep2},
           {kStep1, replaced(kStep2, "= 3.", "= 4.")},
           {kStep1, kStep2, kStep3, kStep4, "(Final response) So the answer is 198."}}) {
    const Review review = verify(steps);
    const Review read = task->parse_feedback(review.feedback);
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.correct, review.correct);
    EXPECT_EQ(read.step, review.step);
    EXPECT_EQ(read.segment, review.segment);
    EXPECT_EQ(read.reason, review.reason);
    EXPECT_EQ(read.feedback, review.feedback);
  }
}

TEST(Feedback, IsReadInTheWordingsOfThePaperAndNoOther) {
  for (const char* praise :
       {"Step (1) to (4) are correct. The final response is also correct.",
        "Step (1) to step (3.2) are correct. The final response is also correct.",
        "Step (1) is correct. The final response is also correct."})
    EXPECT_TRUE(task->parse_feedback(praise).correct) << praise;
  const Review review = task->parse_feedback(
      "Step (1) to step (2) are correct. In step (3.1) the part \"a \"b\" c\" is incorrect. This "
      "is because it is.");
  EXPECT_EQ(review.step, "3.1");
  EXPECT_EQ(review.segment, "a \"b\" c");
  EXPECT_EQ(review.reason, "it is");
  for (const char* other :
       {"", "Step", "Step (1)", "Good.", "Step (1) to (4) are correct.",
        "The final response is also correct.",
        "Step (1) to (4) are correct. The final response is also correct. Yes.",
        "Step (a) is correct. The final response is also correct.",
        "In step 2 the part \"a\" is incorrect.",
        "In step (2) the part \" a \" is incorrect. This is because .",
        "Step (1) is right. In step (2) the part \" a \" is incorrect. This is because b.",
        "In step (2) the part \" a \" is incorrect.\nThis is because b."}) {
    const Review read = task->parse_feedback(other);
    EXPECT_FALSE(read.error.empty()) << other;
    EXPECT_FALSE(read.correct) << other;
  }
}

std::string improved(const std::vector<std::string>& steps) {
  std::string why;
  const auto text = task->improve(problem, lines(steps), verify(steps), why);
  EXPECT_TRUE(text) << why;
  return text.value_or("");
}

TEST(Improver, KeepsTheStepsBeforeTheWrongOneAndWritesTheRestAsGoldDoes) {
  EXPECT_EQ(improved({kStep1, replaced(kStep2, "= 3.", "= 5."), kStep3,
                      "(4) Then, the final equation is (A - B) = (5 - -196) = 201.",
                      "(Final response) So the answer is 7."}),
            problem.rationale);
  EXPECT_EQ(improved({replaced(kStep1, "(A - B)", "(B - A)"), kStep2, kStep3, kStep4, kFinal}),
            problem.rationale);
  EXPECT_EQ(improved({kStep1, kStep2, kStep3, kStep4, "(Final response) So the answer is 7."}),
            problem.rationale);
  EXPECT_EQ(improved({kStep1, kStep2, kStep3, kFinal}), problem.rationale);
}

TEST(Improver, ContinuesWithTheLettersOrderNumbersAndWordingOfTheKeptSteps) {
  const std::string other_names =
      "(1) This equation can be written as \"((D) - C)\", where C = (-7 + 7 * 3 * -9) and D = (7 - "
      "-1 + -1 + -4).";
  const std::string short_step = "(3) Let's calculate D = (7 - -1 + -1 + -4) = 3.  ";
  EXPECT_EQ(
      improved({other_names, short_step, "(7) Let's calculate C = (-7 + 7 * 3 * -8) = -175."}),
      lines({other_names, short_step,
             "(4) Let's calculate C = (-7 + 7 * 3 * -9) = (-7 + ((7 * 3) * -9)) = (-7 + (21 * -9)) "
             "= (-7 + -189) "
             "= -196.",
             "(5) Then, the final equation is ((D) - C) = ((3) - -196) = (3 - -196) = 199.",
             kFinal}));
}

TEST(Improver, SaysWhyWhenItCannotContinue) {
  const auto why_not = [](const std::vector<std::string>& steps, const Review& review) {
    std::string why;
    EXPECT_EQ(task->improve(problem, lines(steps), review, why), std::nullopt);
    return why;
  };
  using testing::HasSubstr;
  const std::vector<std::string> wrong = {kStep1, replaced(kStep2, "= 3.", "= 4."), kStep3, kStep4,
                                          kFinal};
  EXPECT_THAT(why_not(wrong, Review{.correct = true}), HasSubstr("correct"));
  EXPECT_THAT(why_not(wrong, Review{.error = "line 3"}), HasSubstr("line 3"));
  EXPECT_THAT(why_not(wrong, Review{}), HasSubstr("names no step"));
  EXPECT_THAT(why_not(wrong, Review{.step = "9"}), HasSubstr("no step (9)"));
  EXPECT_THAT(why_not(wrong, Review{.step = "3"}), HasSubstr("a step before (3) is wrong"));
}

TEST(Improver, AFalseAlarmIsRewrittenFromWhereItPoints) {
  std::string why;
  EXPECT_EQ(task->improve(problem, problem.rationale, Review{.step = "3"}, why), problem.rationale);
}

}  // namespace
}  // namespace tripost
