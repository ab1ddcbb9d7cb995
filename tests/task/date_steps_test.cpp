// What a step of an attempt at a date question may take for given, and what it may say.
#include <gtest/gtest.h>

#include "base/random.h"
#include "task/date_claims.h"
#include "task/date_premise.h"
#include "task/task.h"

namespace tripost {
namespace {

const std::unique_ptr<Task> task = make_task("date_understanding");

constexpr const char* kContext = "Yesterday, Jan 21, 2011, Jane ate 2 pizzas and 5 wings.";

std::string ask(const std::string& context, const std::string& asked, const std::string& answer) {
  return context + " What is the date " + asked + " in MM/DD/YYYY?\nOptions:\n(A) " + answer +
         "\n(B) 01/02/1903";
}

Review review_of(const std::string& question, const std::string& steps) {
  return task->verify(task->parse_problem(question, "test"),
                      steps + "\n(Final response) So the answer is (A).");
}

Review review_of_premise(const std::string& premise, const std::string& context = kContext,
                         const std::string& today = "Jan 22, 2011") {
  return task->verify(task->parse_problem(ask(context, "today", "01/22/2011"), "test"),
                      "(1) If " + premise + ", then today's date is " + today + ".");
}

// ---- Premises --------------------------------------------------------------------------------

TEST(DatePremise, WithoutADateOrANumberOfTheQuestionNothingFollows) {
  for (const char* premise : {"Jane ate pizzas", "Jane ate pizzas yesterday", "yesterday was it"}) {
    const Review review = review_of_premise(premise);
    EXPECT_EQ(review.step, "1") << premise;
    EXPECT_EQ(review.segment, premise);
    EXPECT_EQ(review.reason, "it has no date or number of the question or the steps before");
  }
  EXPECT_EQ(review_of_premise("Jane ate 2 pizzas yesterday, Jan 21, 2011").step, "");
}

TEST(DatePremise, ASentenceOfTheQuestionMayStandForIt) {
  const std::string opinions =
      "Jane thinks today is 1/22/2011, but John thinks today is 1/23/2011. Jane is correct.";
  EXPECT_EQ(review_of_premise("Jane is correct", opinions).step, "");
  EXPECT_EQ(review_of_premise("Jane is right", opinions).step, "1");
}

TEST(DatePremise, WhatTheQuestionDoesNotDenyMayNotBeDenied) {
  for (const char* premise : {"today is not Jan 21, 2011", "Jane did not eat 2 pizzas yesterday",
                              "Jane didn't eat 2 pizzas", "Jane never ate 2 pizzas"}) {
    const Review review = review_of_premise(premise);
    EXPECT_EQ(review.step, "1") << premise;
    EXPECT_TRUE(review.reason.starts_with("the question does not say")) << review.reason;
  }
  const std::string denies =
      "Yesterday was 12/31/1929. Today could not be 12/32/1929 because December has only 31 days.";
  EXPECT_EQ(review_of_premise("yesterday was 12/31/1929 and today could not be 12/32/1929", denies,
                              "Jan 1, 1930")
                .step,
            "");
  EXPECT_EQ(review_of_premise("yesterday was not 12/31/1929", denies, "Jan 1, 1930").step, "1");
}

// Every date of a line is read with what stands before it: from the line's beginning, a line of ten
// thousand characters would take a tenth of a second.
TEST(DatePremise, EachDateIsReadWithTheTextSinceTheDateBefore) {
  std::string premise = "yesterday was Jan 21, 2011 and ";
  for (int i = 0; i < 770; ++i) premise += "1/21/2011 is ";
  std::size_t size = 0;
  for (const std::string_view before : texts_before_dates(premise)) size += before.size();
  EXPECT_LE(size, premise.size());
  EXPECT_EQ(texts_before_dates(premise).size(), 771u);
}

// Nothing further back matters: a date there would be part of what the date is said of.
TEST(DatePremise, WhatADateIsSaidOfIsTheSameFromTheDateBeforeAsFromTheBeginning) {
  static const std::vector<std::string> kPieces = {
      "today",      "yesterday",   " is ",         " was ", " will be ",
      ", ",         ". ",          " and ",        " but ", "Jan 21, 2011,",
      "1/21/2011 ", "10 days ago", "Jane thinks ", " ",     "'s date"};
  Random random(3);
  int num_subjects = 0;
  for (int repeat = 0; repeat < 20000; ++repeat) {
    std::string premise;
    for (uint64_t pieces = 3 + random.below(12); pieces > 0; --pieces)
      premise += random.pick(kPieces);
    for (const std::string_view before : texts_before_dates(premise)) {
      const std::string_view whole(premise.data(), before.data() + before.size());
      const auto near = read_date_subject(subject_of_date(before));
      const auto far = read_date_subject(subject_of_date(whole));
      ASSERT_EQ(near.has_value(), far.has_value()) << premise << "\n" << before;
      if (!near) continue;
      ++num_subjects;
      ASSERT_EQ(near->offset, far->offset) << premise;
    }
  }
  EXPECT_GT(num_subjects, 200);
}

// ---- What follows ----------------------------------------------------------------------------

TEST(DateSteps, TheAskedDateMayFollowFromAnyDayThatTheContextFixes) {
  const std::string today = ask(kContext, "today", "01/22/2011");
  EXPECT_TRUE(review_of(today,
                        "(1) If yesterday, Jan 21, 2011, Jane ate 2 pizzas and 5 wings, then "
                        "yesterday's date is Jan 21, 2011.\n"
                        "(2) The date today is Jan 22, 2011, that is 01/22/2011.")
                  .correct);
  const Review wrong = review_of(today,
                                 "(1) If yesterday, Jan 21, 2011, Jane ate 2 pizzas and 5 wings, "
                                 "then yesterday's date is Jan 21, 2011.\n"
                                 "(2) The date today is Jan 23, 2011.");
  EXPECT_EQ(wrong.step, "2");
  // Nothing was said of any day.
  EXPECT_EQ(review_of(today, "(1) The date today is Jan 22, 2011, that is 01/22/2011.").step, "1");
  EXPECT_TRUE(review_of(ask("The deadline is Jun 1, 2021, which is 2 days away from now.",
                            "tomorrow", "05/31/2021"),
                        "(1) The deadline is Jun 1, 2021, which is 2 days away from now.\n"
                        "(2) Tomorrow is May 31, 2021, that is 05/31/2021.")
                  .correct);
}

TEST(DateSteps, WhatIsSaidAgainIsOnlyWrongWhenItIsAnotherDate) {
  const std::string question = ask("Today is Sep 9, 1909.", "yesterday", "09/08/1909");
  const std::string first = "(1) If today is Sep 9, 1909, then yesterday's date is Sep 8, 1909.\n";
  EXPECT_TRUE(
      review_of(question, first + "(2) The date yesterday is Sep 8, 1909, that is 09/08/1909.")
          .correct);
  EXPECT_EQ(review_of(question, first + "(2) The date yesterday is Sep 7, 1909.").step, "2");
  const std::string today = "If today is Sep 9, 1909, then today's date is Sep 9, 1909.";
  EXPECT_TRUE(review_of(question, "(1) " + today + "\n(2) " + today +
                                      "\n(3) The date yesterday is Sep 8, 1909.")
                  .correct);
}

// Each from a rationale of the reference.
TEST(DateSteps, MoreFreeWordingsOfTheReferenceAreRead) {
  struct Case {
    const char* context;
    const char* asked;
    const char* answer;
    const char* steps;
  };
  for (const Case& one : std::vector<Case>{
           {"This is the last day of 1899.", "24 hours later", "01/01/1900",
            "(1) If this is the last day of 1899, today's date is December 31, 1899.\n(2) 24 hours "
            "later is January 1, 1900, that is 01/01/1900."},
           {"The day before yesterday was 11/23/1933.", "today", "11/25/1933",
            "(1) If the day before yesterday was 11/23/1933, then yesterday was 11/24/1933.\n(2) "
            "Since today is the day after yesterday, today's date is 11/25/1933."},
           {"Jane thinks today is 6/18/2019, but John thinks today is 6/19/2019. Jane is correct.",
            "one week from today", "06/25/2019",
            "(1) If Jane thinks today is 6/18/2019, but John thinks today is 6/19/2019. Jane is "
            "correct. Then today is 6/18/2019.\n(2) One week from today is 6/25/2019, that is "
            "06/25/2019."},
           {"Today is the palindrome day of 2020, because the MMDDYYYY format of the date is the "
            "same backwards as forwards.",
            "tomorrow", "02/03/2020",
            "(1) The palindrome day of 2020 is Feb 2, 2020, that is 02/02/2020.\n(2) The date "
            "tomorrow is Feb 3, 2020, that is 02/03/2020."},
           {"Today is Apr 10, 1985. Jane's appointment will be 3 days later.", "tomorrow",
            "04/11/1985",
            "(1) If today is Apr 10, 1985 and Jane's appointment will be 3 days later, then Jane's "
            "appointment is on Apr 13, 1985.\n(2) The date tomorrow is Apr 11, 1985, that is "
            "04/11/1985."},
           {"Today's meeting is rescheduled to 11 am tomorrow, 10/16/1924.", "24 hours later",
            "10/16/1924",
            "(1) If today's meeting is rescheduled to 11 am tomorrow, 10/16/1924, then it is now "
            "10/15/1924.\n(2) 24 hours later from now is 10/16/1924."},
           {"The current local time is 3:02 pm of 5/4/2004.", "24 hours later", "05/05/2004",
            "(1) If the local time is 3:02 pm of 5/4/2004, then the date is May 4, 2004.\n(2) 24 "
            "hours later of 5/4/2004 is 5/5/2004."},
           {"Jane thought today is 3/11/2002, but today is in fact Mar 12, which is 1 day later.",
            "a month ago", "02/12/2002",
            "(1) If today is Mar 12, 2002 and Jane thought today is Mar 11, 2002, then today's "
            "date is March 12, 2002.\n(2) A month ago from today is Feb 12, 2002, that is "
            "02/12/2002."}}) {
    const Review review = review_of(ask(one.context, one.asked, one.answer), one.steps);
    EXPECT_TRUE(review.correct) << one.steps << "\n" << review.feedback << review.error;
  }
}

TEST(DateSteps, APremiseThatSaysWhatTheQuestionSaysOfTodayEstablishesIt) {
  const std::string context = "Today is Apr 10, 1985. Jane's appointment will be 3 days later.";
  const std::string step =
      "(1) If today is Apr 10, 1985 and Jane's appointment will be 3 days later, then Jane's "
      "appointment date is Apr 13, 1985.";
  EXPECT_TRUE(review_of(ask(context, "today", "04/10/1985"), step).correct);
  EXPECT_EQ(review_of(ask(context, "tomorrow", "04/11/1985"), step).step, "Final response");
}

// Of the reference's self-generated attempts: "the date" is the one that is asked for.
TEST(DateSteps, TheDateIsNotTakenForTodaysBehindAPremiseThatDoesNotHold) {
  const Review review =
      review_of(ask("This is the last day of 1899.", "24 hours later", "01/01/1900"),
                "(1) If this is the last day of 1899 and 24 hours later is Jan 1, 1900, then the "
                "date is Jan 1, 1900.");
  EXPECT_EQ(review.step, "");
  EXPECT_FALSE(review.error.empty());
}

// The reference's question is wrong about its Tuesday, which was a Sunday.
TEST(DateSteps, WeekdaysFollowTheQuestion) {
  const std::string question =
      ask("Jane scheduled 3 appointments with 5 people for tomorrow (Tue, 7/9/1972).", "today",
          "07/08/1972");
  const std::string premise =
      "(1) If Jane scheduled 3 appointments with 5 people for tomorrow (Tuesday, 7/9/1972), then "
      "today's date is ";
  EXPECT_TRUE(review_of(question, premise + "Mon, 7/8/1972.").correct);
  EXPECT_TRUE(review_of(question, premise + "Monday, 7/8/1972.").correct);
  const Review wrong = review_of(question, premise + "Sat, 7/8/1972.");
  EXPECT_EQ(wrong.segment, "Sat, 7/8/1972");
  EXPECT_EQ(wrong.reason, "Jul 8, 1972 should be a Monday");
}

TEST(DateSteps, WhereNothingIsWrittenTheLineIsQuoted) {
  const Review review = review_of(ask(kContext, "today", "01/22/2011"),
                                  "(1) If , then today's date is Jan 22, 2011.");
  EXPECT_EQ(review.step, "1");
  EXPECT_EQ(review.segment, "If , then today's date is Jan 22, 2011.");
  EXPECT_EQ(task->parse_feedback(review.feedback).segment, review.segment);
}

// ---- Questions with numbers that are out of bounds --------------------------------------------

TEST(DateErrors, AreInjectedIntoQuestionsWithNumbersOfAnyLength) {
  const Problem problem =
      task->parse_problem(ask("Yesterday, Jan 21, 2011, Jane ate 9999999999990 pizzas and 5 wings.",
                              "today", "01/22/2011"),
                          "test");
  ASSERT_FALSE(problem.rationale.empty());
  Random random(5);
  for (int i = 0; i < 2000; ++i) {
    const auto injected = task->inject_error(problem, random);
    ASSERT_TRUE(injected);
    const Review review = task->verify(problem, injected->attempt);
    ASSERT_EQ(review.step, injected->step) << injected->attempt << "\n" << review.feedback;
  }
}

TEST(DateQuestions, TheTwoHundredAndSeventySecondOfEachMonthIsNotTheSixteenth) {
  const auto visits = [](const std::string& day) {
    return task
        ->parse_problem(ask("Jane visits the bookstore on the " + day +
                                " of each month starting from the October of 2009. It is her 5th "
                                "visit to the bookstore today.",
                            "today", "02/16/2010"),
                        "test")
        .gold;
  };
  EXPECT_EQ(visits("16th"), "A");
  EXPECT_EQ(visits("272th"), "");
}

}  // namespace
}  // namespace tripost
