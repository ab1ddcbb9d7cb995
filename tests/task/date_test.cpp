#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/error.h"
#include "base/random.h"
#include "task/date_contexts.h"
#include "task/task.h"

namespace tripost {
namespace {

const std::unique_ptr<Task> task = make_task("date_understanding");

constexpr const char* kQuestion =
    "Yesterday, Jan 21, 2011, Jane ate 2 pizzas and 5 wings. What is the date 24 hours later in "
    "MM/DD/YYYY?\nOptions:\n(A) 01/23/2072\n(B) 01/23/2011\n(C) 12/26/2010\n(D) 02/20/2011\n(E) "
    "01/24/2011";
constexpr const char* kFirst =
    "(1) If yesterday, Jan 21, 2011, Jane ate 2 pizzas and 5 wings, then today's date is Jan 22, "
    "2011.\n";
constexpr const char* kSecond =
    "(2) The date 24 hours later is Jan 23, 2011, that is 01/23/2011.\n";
constexpr const char* kLast = "(Final response) So the answer is (B).";

Problem parse(const std::string& question) { return task->parse_problem(question, "test"); }

// A context with the date asked for and options that hold whatever is named.
std::string ask(const std::string& context, const std::string& asked,
                const std::string& option = "01/01/2000") {
  return context + " What is the date " + asked + " in MM/DD/YYYY?\nOptions:\n(A) " + option +
         "\n(B) 01/02/1903";
}

// ---- Questions -------------------------------------------------------------------------------

TEST(DateQuestions, TheExampleOfTheReferenceIsReadAndSolvedStepByStep) {
  const Problem problem = parse(std::string("Q: ") + kQuestion);
  EXPECT_EQ(problem.question, kQuestion);
  EXPECT_EQ(problem.gold, "B");
  EXPECT_EQ(problem.level, "1-2");
  EXPECT_TRUE(problem.seen);
  EXPECT_TRUE(problem.id.starts_with("date_understanding:1-2:"));
  EXPECT_EQ(problem.rationale, std::string(kFirst) + kSecond + kLast);
}

TEST(DateQuestions, ContextsLeadToTodayAcrossMonthsYearsAndLeapDays) {
  // By hand, or from the reference's answers.
  const std::map<std::string, const char*> todays = {
      {"Yesterday was 12/31/1929. Today could not be 12/32/1929 because December has only 31 days.",
       "01/01/1930"},
      {"The day before yesterday was 2/28/2000.", "03/01/2000"},
      {"The day before yesterday was 2/28/1900.", "03/02/1900"},
      {"Jane was born on the last day of Feburary in 2000. Today is her 16-year-old birthday.",
       "02/29/2016"},
      {"Today is the palindrome day of 2020, because the MMDDYYYY format of the date is the same "
       "backwards as forwards.",
       "02/02/2020"},
      {"In the UK, people usually put the day before the month when formatting the date. "
       "Therefore, today is 13/01/1987 to them.",
       "01/13/1987"},
      {"The first day of 2019 is a Tuesday, and today is the first Monday of 2019.", "01/07/2019"},
      {"Jane visits the bookstore on the 16th of each month starting from the October of 2009. It "
       "is her 5th visit to the bookstore today.",
       "02/16/2010"},
      {"Today is the 60th day of 2000.", "02/29/2000"},
      {"Today is the 21st day of 1999.", "01/21/1999"},
      {"2015 is coming in 24 hours.", "12/31/2014"},
      {"2015 is coming in 25 hours.", "12/30/2014"},
      {"Jane and John married on Jan 2, 1958. Today is their golden wedding anniversary.",
       "01/02/2008"}};
  for (const auto& [context, date] : todays)
    EXPECT_EQ(parse(ask(context, "today", date)).gold, "A") << context;
}

TEST(DateQuestions, MonthsAndYearsEndAtTheLastDayThatThereIs) {
  EXPECT_EQ(parse(ask("Today is 3/31/2021.", "a month ago", "02/28/2021")).gold, "A");
  EXPECT_EQ(parse(ask("Today is 2/29/2016.", "one year ago from today", "02/28/2015")).gold, "A");
  EXPECT_EQ(parse(ask("Today is 3/1/2016.", "yesterday", "02/29/2016")).gold, "A");
  EXPECT_EQ(parse(ask("Today is 3/1/1900.", "24 hours later", "03/02/1900")).gold, "A");
}

TEST(DateQuestions, WhatIsNotUnderstoodHasNoGoldAndSaysSo) {
  for (const char* context : {"Jane likes pizza.",
                              "Today is the palindrome day of 2019, because the MMDDYYYY format of "
                              "the date is the same backwards as forwards.",
                              "Yesterday was Feb 30, 2011.", "Today is the leap day of 2019.", "",
                              "Yesterday, Jan 21, 2011, Jane slept because tomorrow is Sunday."}) {
    const Problem problem = parse(ask(context, "today"));
    EXPECT_TRUE(problem.gold.empty()) << context;
    EXPECT_TRUE(problem.rationale.empty()) << context;
    EXPECT_EQ(problem.level, "other");
    EXPECT_FALSE(
        task->verify(problem, "(1) If it is, then today's date is Jan 1, 2000.").error.empty());
    std::string why;
    EXPECT_FALSE(task->improve(problem, "x", {.step = "1"}, why));
    EXPECT_FALSE(why.empty());
  }
  EXPECT_TRUE(parse("Today is 3/1/2016. Who am I?\nOptions:\n(A) Bob\n(B) Jane").gold.empty());
  EXPECT_TRUE(parse(ask(std::string(5000, 'a'), "today")).gold.empty());
}

TEST(DateQuestions, ThatCannotBeReadAreErrorsNamingPlaceAndReason) {
  const std::map<std::string, std::string> reasons = {
      {"", "Options:"},
      {"Today is 3/1/2016. What is the date today in MM/DD/YYYY?", "Options:"},
      {"Today is 3/1/2016.\nOptions:\n(A) 1\n(C) 2", "not the option (B)"},
      {"Today is 3/1/2016.\nOptions:\n(A) 1", "fewer than two"}};
  for (const auto& [question, reason] : reasons) {
    try {
      task->parse_problem(question, "file.jsonl:7");
      ADD_FAILURE() << question;
    } catch (const Error& error) {
      const std::string message = error.what();
      EXPECT_TRUE(message.starts_with("file.jsonl:7: ")) << message;
      EXPECT_NE(message.find(reason), std::string::npos) << message;
    }
  }
}

// ---- Generator -------------------------------------------------------------------------------

TEST(DateGenerator, SpreadsEvenlyOverTheLevelsOfASplitAndRepeatsNothing) {
  std::map<std::string, int> counts, kinds;
  std::set<std::string> sentences;
  for (const Problem& problem : task->problems(Split::kTest, {}, 400, 1)) {
    ++counts[problem.level];
    const std::string sentence = problem.question.substr(0, problem.question.find('\n'));
    sentences.insert(sentence);
    ++kinds[sentence.substr(sentence.rfind("What is"))];
    EXPECT_EQ(problem.seen, problem.level == "1-2");
    const auto lines = std::count(problem.rationale.begin(), problem.rationale.end(), '\n');
    EXPECT_EQ(lines, problem.level == "1-2" ? 2 : 3) << problem.rationale;
  }
  EXPECT_EQ(counts, (std::map<std::string, int>{{"1-2", 200}, {"3+", 200}}));
  EXPECT_EQ(sentences.size(), 400u);
  EXPECT_EQ(kinds.size(), 9u);
  for (const Split split : {Split::kTrain, Split::kValidation})
    for (const Problem& problem : task->problems(split, {}, 50, 1)) EXPECT_TRUE(problem.seen);
  EXPECT_GE(context_families().size(), 20u);
  EXPECT_THROW(task->problems(Split::kTrain, {"3-5"}, 1, 1), UsageError);
}

TEST(DateGenerator, TheSameSeedGivesTheSameProblemsAndAnotherSeedOthers) {
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
  EXPECT_TRUE(std::equal(first.begin(), first.end(), longer.begin()));
}

TEST(DateGenerator, OptionsAreDistinctDatesAmongThemTheGold) {
  std::map<std::string, int> letters, counts;
  for (const Problem& problem : task->problems(Split::kTrain, {}, 2000, 5)) {
    std::set<std::string> options;
    std::size_t begin = problem.question.find("\n(");
    for (; begin != std::string::npos; begin = problem.question.find("\n(", begin + 1))
      options.insert(problem.question.substr(begin + 5, 10));
    ++counts[std::to_string(options.size())];
    ++letters[problem.gold];
  }
  EXPECT_EQ(counts.size(), 2u);  // five or six, as in the reference
  EXPECT_NEAR(counts["5"], 2000 / 7, 100);
  for (const char* letter : {"A", "B", "C", "D", "E"}) EXPECT_NEAR(letters[letter], 340, 100);
}

// ---- Grading ---------------------------------------------------------------------------------

TEST(DateGrading, ReadsTheFirstLetterOfTheLastLineOrABareOne) {
  const Problem problem = parse(kQuestion);
  const auto answer = [&](const std::string& attempt) {
    const Verdict verdict = task->grade(problem, attempt);
    EXPECT_EQ(verdict.correct, verdict.answer == "B");
    EXPECT_EQ(verdict.answer.empty(), !verdict.error.empty());
    return verdict.answer;
  };
  EXPECT_EQ(answer(problem.rationale), "B");
  EXPECT_EQ(answer("So the answer is (b)."), "B");
  // Answer-only attempts: the reference reads them back as nothing at all.
  EXPECT_EQ(answer(" B"), "B");
  EXPECT_EQ(answer("e"), "E");
  EXPECT_EQ(answer("(Final response) The answer is (D)."), "D");
  EXPECT_EQ(answer("So the answer is (C). So the answer is (B)."), "C");
  EXPECT_EQ(answer("So the answer is (B).\nFeedback: Step (1) is correct."), "B");
  for (const char* none : {"", "So the answer is B.", "the answer is (BC).", "the answer is (",
                           "So the answer is (B).\nmore text", "7", "Feedback"})
    EXPECT_EQ(answer(none), "") << none;
}

// ---- Verifier --------------------------------------------------------------------------------

std::string feedback_of(const std::string& attempt, const std::string& question = kQuestion) {
  const Review review = task->verify(parse(question), attempt);
  return review.feedback + review.error;
}

TEST(DateVerifier, NamesTheFirstWrongStepItsPartAndTheReason) {
  const std::string first = kFirst, second = kSecond, last = kLast;
  const std::string right = "Step (1) is correct. ";
  EXPECT_EQ(feedback_of(first + second + last),
            "Step (1) to step (2) are correct. The final response is also correct.");
  EXPECT_EQ(
      feedback_of("(1) If yesterday, Jan 21, 2011, Jane ate 2 pizzas and 5 wings, then "
                  "today's date is Jan 20, 2011.\n" +
                  second + last),
      "In step (1) the part \" today's date is Jan 20, 2011 \" is incorrect. This is because "
      "if yesterday, Jan 21, 2011, Jane ate 2 pizzas and 5 wings, then today's date should be "
      "Jan 22, 2011.");
  EXPECT_EQ(
      feedback_of("(1) If tomorrow, Jan 21, 2011, Jane ate 2 pizzas and 5 wings, then today's "
                  "date is Jan 20, 2011.\n" +
                  second + last),
      "In step (1) the part \" tomorrow \" is incorrect. This is because the condition should "
      "be \"yesterday, Jan 21, 2011, Jane ate 2 pizzas and 5 wings\".");
  EXPECT_EQ(
      feedback_of(first + "(2) The date 24 hours later is Jan 24, 2011, that is 01/24/2011.\n" +
                  last),
      right +
          "In step (2) the part \" The date 24 hours later is Jan 24, 2011 \" is "
          "incorrect. This is because as today's date is Jan 22, 2011, the date 24 hours "
          "later should be Jan 23, 2011.");
  EXPECT_EQ(
      feedback_of(first + "(2) The date 24 hours later is Jan 23, 2011, that is 23/01/2011.\n" +
                  last),
      right +
          "In step (2) the part \" 23/01/2011 \" is incorrect. This is because there is "
          "no month 23.");
  EXPECT_EQ(
      feedback_of(first + "(2) The date 24 hours later is Jan 23, 2011, that is 01/24/2011.\n" +
                  last),
      right +
          "In step (2) the part \" 01/24/2011 \" is incorrect. This is because Jan 23, "
          "2011 should be written as 01/23/2011.");
  EXPECT_EQ(
      feedback_of(first + "(2) The date yesterday is Jan 21, 2011, that is 01/21/2011.\n" + last),
      right +
          "In step (2) the part \" The date yesterday \" is incorrect. This is because the "
          "question asks for the date 24 hours later.");
  EXPECT_EQ(
      feedback_of("(1) The date 24 hours later is Jan 23, 2011, that is 01/23/2011.\n" + last),
      "In step (1) the part \" The date 24 hours later is Jan 23, 2011 \" is incorrect. This "
      "is because today's date has not been calculated in previous steps.");
  EXPECT_EQ(feedback_of(first + second + "(Final response) So the answer is (E)."),
            "Step (1) to (2) are correct. In step (Final response) the part \" the answer is (E). "
            "\" is incorrect. This is because this answer is inconsistent with the result in step "
            "(2), option (E) is 01/24/2011.");
  EXPECT_EQ(feedback_of(first + second + "(Final response) So the answer is (F)."),
            "Step (1) to (2) are correct. In step (Final response) the part \" the answer is (F). "
            "\" is incorrect. This is because there is no option (F).");
  EXPECT_EQ(feedback_of(first + last),
            right +
                "In step (Final response) the part \" the answer is (B). \" is incorrect. This "
                "is because the date 24 hours later has not been calculated in previous steps.");
}

// The reference parses all steps before it checks any (section 11, defect 27).
TEST(DateVerifier, AnOddLineDoesNotHideAnEarlierError) {
  const std::string wrong =
      "(1) If yesterday, Jan 21, 2011, Jane ate 2 pizzas and 5 wings, then today's date is Jan 23, "
      "2011.\nwhat is this?";
  EXPECT_EQ(task->verify(parse(kQuestion), wrong).step, "1");
  const Review odd = task->verify(parse(kQuestion), std::string(kFirst) + "what is this?");
  EXPECT_EQ(odd.error,
            "line 2 cannot be read: it does not open with a step number like \"(1) If\": \"what is "
            "this?\"");
}

// A right letter reached by wrong steps is never judged by the reference (defects 12 and 14).
TEST(DateVerifier, ARightLetterDoesNotExcuseAWrongStep) {
  const std::string attempt =
      "(1) If yesterday, Jan 21, 2011, Jane ate 2 pizzas and 5 wings, then today's date is Jan 20, "
      "2011.\n(2) The date 24 hours later is Jan 21, 2011, that is 01/21/2011.\n(Final response) "
      "So the answer is (B).";
  const Problem problem = parse(kQuestion);
  EXPECT_TRUE(task->grade(problem, attempt).correct);
  EXPECT_EQ(task->verify(problem, attempt).step, "1");
}

// Section 11, defect 18: a capital "The answer" is as good.
TEST(DateVerifier, ACapitalInTheFinalResponseIsNoError) {
  const std::string attempt =
      std::string(kFirst) + kSecond + "(Final response) So The answer is (B).";
  EXPECT_TRUE(task->verify(parse(kQuestion), attempt).correct);
}

// Section 11, defect 22: steps compared as text put (10) before (9).
TEST(DateVerifier, StepNumbersAreNumbers) {
  const std::string attempt =
      "(9) If yesterday, Jan 21, 2011, Jane ate 2 pizzas and 5 wings, then today's date is Jan 22, "
      "2011.\n(10) The date 24 hours later is Jan 23, 2011, that is 01/23/2011.\n" +
      std::string(kLast);
  EXPECT_TRUE(task->verify(parse(kQuestion), attempt).correct);
}

TEST(DateVerifier, FreeWordingsOfTheReferenceAreCheckedToo) {
  const std::string question =
      ask("Jane and John married on Jan 2, 1958. Today is their golden wedding anniversary.",
          "one week from today", "01/09/2008");
  const std::string last = "(Final response) So the answer is (A).";
  for (const char* steps :
       {"(1) If Jane and John married on Jan 2, 1958 and today is their golden anniversary, then "
        "today is January 2nd, 2008.\n(2) A week from today is 1/9/2008.\n",
        "(1) If Jane married on Jan 2, 1958, then today's date is 01/02/2008, that is Jan 2, "
        "2008.\n(2) 7 days after Jan 2, 2008 is Jan 9, 2008.\n",
        "(1) If Jane and John married on Jan 2, 1958, then one week from today is Jan 9, 2008, "
        "which is 01/09/2008.\n"})
    EXPECT_EQ(feedback_of(steps + last, question), task->praise(steps + last)) << steps;
  EXPECT_EQ(task->verify(parse(question),
                         "(1) If Jane and John married on Jan 3, 1958, then today's date is Jan 2, "
                         "2008.\n" +
                             last)
                .segment,
            "Jan 3, 1958");
}

TEST(DateVerifier, ADateOfTheQuestionOnAnotherDayIsAWrongPremise) {
  const auto review = [](const std::string& premise, const std::string& question = kQuestion) {
    return task->verify(parse(question),
                        "(1) If " + premise + ", then today's date is Jan 22, 2011.\n");
  };
  EXPECT_EQ(review("today is Jan 21, 2011").segment, "today is Jan 21, 2011");
  EXPECT_EQ(review("today is Jan 21, 2011").reason,
            "the question does not say that today is Jan 21, 2011");
  EXPECT_EQ(review("Jane ate 2 pizzas and today's date is 1/21/2011").segment,
            "today's date is 1/21/2011");
  EXPECT_EQ(review("Jane ate 2 pizzas yesterday, and yesterday was Jan 21, 2011").step, "");
  EXPECT_EQ(review("yesterday is Jan 21, 2011").step, "");
  // What somebody thinks may be wrong, and a British date reads otherwise.
  EXPECT_EQ(review("Jane says today is Jan 22, 2011, and John thinks today is Jan 23, 2011",
                   ask("Jane thinks today is 1/22/2011, but John thinks today is 1/23/2011. Jane "
                       "is correct.",
                       "tomorrow"))
                .step,
            "");
  EXPECT_EQ(task->verify(parse(ask("In the UK, people usually put the day before the month when "
                                   "formatting the date. Therefore, today is 02/01/1987 to them.",
                                   "tomorrow")),
                         "(1) If in the UK today's date is 02/01/1987 and people put the day "
                         "before the month, today is 02/01/1987, then today's date is Jan 2, 1987.")
                .step,
            "");
}

TEST(DateVerifier, APremiseThatSaysNothingOfTheQuestionIsWrong) {
  const Review review = task->verify(
      parse(kQuestion), "(1) If the moon is green, then today's date is Jan 22, 2011.\n");
  EXPECT_EQ(review.step, "1");
  EXPECT_EQ(review.segment, "the moon is green");
  EXPECT_EQ(review.reason, "it has no date or number of the question or the steps before");
}

// ---- Improver --------------------------------------------------------------------------------

TEST(DateImprover, KeepsTheStepsBeforeTheWrongOneWordForWord) {
  const std::string kept =
      "(3) If  yesterday, Jan 21, 2011, Jane ate 2 pizzas, then today is 1/22/2011.\n";
  const std::string attempt = kept + "(5) The date 24 hours later is Jan 22, 2011.\n" + kLast;
  const Problem problem = parse(kQuestion);
  const Review review = task->verify(problem, attempt);
  EXPECT_EQ(review.step, "5");
  std::string why;
  EXPECT_EQ(task->improve(problem, attempt, review, why),
            kept + "(4) The date 24 hours later is Jan 23, 2011, that is 01/23/2011.\n" + kLast);
  EXPECT_FALSE(task->improve(problem, attempt, {.correct = true}, why));
  EXPECT_FALSE(task->improve(problem, attempt, {.step = "7"}, why));
  EXPECT_EQ(why, "the attempt has no step (7)");
}

// ---- Text that no model should write but some will --------------------------------------------

void expect_survives(const Problem& problem, const std::string& attempt) {
  const Review review = task->verify(problem, attempt);
  const int outcomes =
      (review.correct ? 1 : 0) + (review.step.empty() ? 0 : 1) + (review.error.empty() ? 0 : 1);
  ASSERT_EQ(outcomes, 1) << attempt;
  ASSERT_EQ(review.segment.empty(), review.step.empty()) << attempt << "\n" << review.feedback;
  const Verdict verdict = task->grade(problem, attempt);
  ASSERT_TRUE(verdict.correct || !review.correct) << attempt;
  task->praise(attempt);
  const Review read = task->parse_feedback(review.feedback);
  if (!review.step.empty()) {
    ASSERT_EQ(read.step, review.step) << review.feedback;
  }
  std::string why;
  const auto improved = task->improve(problem, attempt, review, why);
  ASSERT_NE(improved.has_value(), !why.empty());
  if (improved) {
    const Review again = task->verify(problem, *improved);
    ASSERT_TRUE(again.correct) << attempt << "\n\n" << *improved << "\n" << again.feedback;
  }
}

TEST(DateVerifier, MutatedRationalesAlwaysEndInExactlyOneOutcome) {
  static const std::string kLikely = "()0123456789/,. \nJanFebthenIf";
  Random random(14);
  const auto problems = task->problems(Split::kTest, {}, 300, 15);
  for (int i = 0; i < 15000; ++i) {
    const Problem& problem = random.pick(problems);
    std::string text = problem.rationale;
    for (uint64_t changes = 1 + random.below(4); changes > 0 && !text.empty(); --changes) {
      const std::size_t place = random.below(text.size());
      const char byte = random.below(2) == 0 ? kLikely[random.below(kLikely.size())]
                                             : static_cast<char>(random.below(256));
      switch (random.below(4)) {
        case 0:
          text[place] = byte;
          break;
        case 1:
          text.insert(place, text.substr(random.below(text.size()), random.below(40)));
          break;
        case 2:
          text.erase(place, 1 + random.below(3));
          break;
        default:
          text.insert(place, 1, byte);
      }
    }
    expect_survives(problem, text);
    if (HasFatalFailure()) return;
  }
}

TEST(DateVerifier, LinesOfTenThousandCharactersAndMoreAreNoDanger) {
  const Problem problem = parse(kQuestion);
  std::string dates, words, is;
  for (int i = 0; i < 5000; ++i) {
    dates += "Jan 21, 2011, ";
    words += "yesterday, ";
    is += " is is Jan 22";
  }
  for (const std::string& attempt : std::vector<std::string>{
           "(1) If " + dates + "then today's date is Jan 22, 2011.",
           "(1) If " + words + "then today",
           "(1) If " + words + "then today's date is Jan 22, 2011.", "(1) The date" + is + ".",
           "(1) The date today is Jan 22, 2011, that is " + dates + ".", std::string(100000, '1'),
           std::string(100000, '('),
           "(1) If " + std::string(100000, ',') + " then today is 1/1/2011.",
           "(1) If it is, then 9999 years later is Jan 1, 2011.",
           "(1) If it is, then 9999 months ago is 13/45/2011.",
           "(1) If it is, then today is Feb 99, 0000.", "(1) If it is, then today is 99/99/9999.",
           std::string(100000, '\n')}) {
    expect_survives(problem, attempt);
  }
}

}  // namespace
}  // namespace tripost
