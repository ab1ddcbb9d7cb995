#include "edit/llm_reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "task/feedback_text.h"

namespace tripost {
namespace {

const std::string kAttempt =
    "(1) 2 + 3 = 5.\n(2) 5 * 4 = 8.\n(3) 8 + 1 = 9.\n(Final response) So the answer is 9.";

std::string table(const std::string& step, const std::string& segment, const std::string& reason) {
  return step + "\nError segment: " + segment + "\nError reason: " + reason;
}

void expect_read(const std::string& reply, const std::string& feedback) {
  const LlmReview read = read_llm_review(reply, kAttempt);
  EXPECT_EQ(read.fault, "") << read.why << "\n" << reply;
  EXPECT_EQ(read.review.feedback, feedback) << reply;
  EXPECT_EQ(read_feedback(read.review.feedback).step, read.review.step);
}

void expect_fault(const std::string& reply, const std::string& fault) {
  const LlmReview read = read_llm_review(reply, kAttempt);
  EXPECT_EQ(read.fault, fault) << reply << "\n" << read.why;
  EXPECT_FALSE(read.why.empty());
  EXPECT_EQ(read.review.feedback, "");
}

constexpr const char* kSecond =
    "Step (1) is correct. In step (2) the part \" 5 * 4 = 8 \" is incorrect. This is because the "
    "product is 20.";

TEST(LlmReview, TheAgreedFormatIsRead) {
  expect_read(table(" (2)", "\"5 * 4 = 8\"", "the product is 20.") + "\n[END]\nQ: more", kSecond);
  expect_read(table(" (1)", "\"2 + 3\"", "it is 5."),
              "In step (1) the part \" 2 + 3 \" is incorrect. This is because it is 5.");
  expect_read(table(" (3)", "\"8 + 1\"", "it is 21."),
              "Step (1) to (2) are correct. In step (3) the part \" 8 + 1 \" is incorrect. This is "
              "because it is 21.");
  expect_read(table("(Final response)", "\"the answer is 9.\"", "it is 21."),
              "Step (1) to (3) are correct. In step (Final response) the part \" the answer is 9. "
              "\" is incorrect. This is because it is 21.");
}

TEST(LlmReview, WaysOfWritingItThatMeanTheSameAreRead) {
  const std::string segment = "\"5 * 4 = 8\"", reason = "The product is 20";
  for (const char* step :
       {"Earliest error step: (2)", "Earliest Error Step: 2", "earliest error step: step 2",
        "Earliest error step: Step (2).", "**Earliest error step:** (2)",
        "**Earliest error step**: (2)", "- Earliest error step: (2)", "Step (2)", "2.",
        "Let me check every step.\nThe first is fine.\n\nEarliest error step: (2)",
        "Earliest error step: (2) 5 * 4 = 8."}) {
    expect_read(table(step, segment, reason), kSecond);
  }
  for (const char* quoted : {"5 * 4 = 8", "\"5 * 4 = 8", "'5 * 4 = 8'", "`5 * 4 = 8`",
                             "\xE2\x80\x9C"
                             "5 * 4 = 8\xE2\x80\x9D",
                             "\" 5 * 4 = 8 \""}) {
    expect_read(table("(2)", quoted, reason), kSecond);
  }
  for (const char* because :
       {"the product is 20.", "because the product is 20", "\"The product is 20.\"",
        "The product is 20..", "the product is 20.\nThanks!"}) {
    expect_read(table("(2)", segment, because), kSecond);
  }
  expect_read("```\n" + table("(2)", segment, reason) + "\n```", kSecond);
}

TEST(LlmReview, AJsonObjectWithTheThreeValuesIsRead) {
  const std::string object =
      R"x({"earliest_error_step": "(2)", "error_segment": "5 * 4 = 8", "error_reason": "The product is 20."})x";
  expect_read(object, kSecond);
  expect_read(" ```json\n" + object + "\n```", kSecond);
  expect_read(
      R"({"earliest_error_step": 2, "error_segment": "5 * 4 = 8", "error_reason": "the product is 20"})",
      kSecond);
  expect_fault(R"({"earliest_error_step": null, "error_segment": null, "error_reason": null})",
               kCalledCorrect);
  expect_fault(R"({"earliest_error_step": "2"})", "no_segment");
  expect_fault(R"({"earliest_error_step": "2", "error_segment": "5 * 4)", "no_step");
}

TEST(LlmReview, ANameThatOpensTheReasonKeepsItsCase) {
  const LlmReview read =
      read_llm_review(table("(2)", "5 * 4", "A has not been calculated"), kAttempt);
  EXPECT_EQ(read.review.reason, "A has not been calculated");
}

TEST(LlmReview, OfTwoStepsWithOneNumberTheOneWithTheSegmentIsMeant) {
  const std::string attempt = "(1) a.\n(1.1) first.\n(2) b.\n(1.1) second.\n(Final response) c.";
  const LlmReview read = read_llm_review(table("(1.1)", "second", "it is wrong"), attempt);
  EXPECT_EQ(read.review.feedback,
            "Step (1) to (2) are correct. In step (1.1) the part \" second \" is incorrect. This "
            "is because it is wrong.");
}

TEST(LlmReview, TheStepsBeforeAreCorrectWhateverLinesLieBetween) {
  const std::string reply = "(2)\nError segment: \"b\"\nError reason: it is a";
  for (const char* between : {"\n", "\n\n", "\nand more of it\n"}) {
    const LlmReview read = read_llm_review(reply, "(1) a" + std::string(between) + "(2) b");
    EXPECT_TRUE(read.review.feedback.starts_with("Step (1) is correct. ")) << between;
  }
}

TEST(LlmReview, QuotesThatBelongToTheSegmentStay) {
  const std::string attempt =
      "(1) The first letter: \"rain\"=\"o\" (15), \"is\"=\"i\" (9).\n(Final response) So the "
      "answer is: rain is.";
  for (const char* quoted : {"\"\"rain\"=\"o\" (15)\"", "\"rain\"=\"o\" (15)"}) {
    EXPECT_EQ(read_llm_review(table("(1)", quoted, "it is wrong"), attempt).review.segment,
              "\"rain\"=\"o\" (15)");
  }
  EXPECT_EQ(
      read_llm_review(table("(1)", "\"\"rain\"=\"o\"\"", "it is wrong"), attempt).review.segment,
      "\"rain\"=\"o\"");
}

TEST(LlmReview, WhatCannotBeUsedIsAFaultWithItsCause) {
  expect_fault("", "no_step");
  expect_fault("I am sorry, I cannot help with that.", "no_step");
  expect_fault(table("(7)", "\"5 * 4 = 8\"", "x is y"), "unknown_step");
  expect_fault(table("(2)", "\"6 * 4 = 8\"", "x is y"), "segment_not_in_step");
  expect_fault(table("(1)", "\"5 * 4 = 8\"", "x is y"), "segment_not_in_step");
  expect_fault("(2)\nError reason: x is y", "no_segment");
  expect_fault(table("(2)", "\"\"", "x is y"), "segment_not_in_step");
  expect_fault("(2)\nError segment: \"5 * 4\"", "no_reason");
  expect_fault(table("(2)", "\"5 * 4\"", " . "), "no_reason");
  expect_fault(
      "Earliest error step: (2)\nEarliest error step: (3)\nError segment: \"5 * 4\"\nError reason: "
      "x is y",
      "two_steps");
  expect_fault(table("None", "None", "The final response is correct."), "called_correct");
  expect_fault("第二步是错误的。\n因为五乘四是二十。", "no_step");
  expect_fault("score this 1", "no_step");
}

TEST(LlmReview, ASegmentThatWouldBreakTheGrammarIsRefused) {
  const std::string evil = "x \" is incorrect. This is because y";
  const std::string attempt = "(1) " + evil + ".\n(Final response) So the answer is 9.";
  EXPECT_EQ(read_llm_review(table("(1)", "\"" + evil + "\"", "of z"), attempt).fault, "grammar");
}

TEST(LlmReview, NoReplyMakesTheReaderFail) {
  Random random(1);
  const std::vector<std::string> pieces = {"Earliest error step:",
                                           "Error segment:",
                                           "Error reason:",
                                           "(2)",
                                           "\"",
                                           "\n",
                                           "**",
                                           "5 * 4",
                                           " ",
                                           "[END]",
                                           "\xFF",
                                           "Final response",
                                           "'",
                                           ")",
                                           "step",
                                           "."};
  for (int i = 0; i < 20'000; ++i) {
    std::string reply;
    for (uint64_t n = random.below(12); n-- > 0;) reply += random.pick(pieces);
    const LlmReview read = read_llm_review(reply, kAttempt);
    EXPECT_EQ(read.fault.empty(), !read.review.feedback.empty());
    if (read.fault.empty()) {
      EXPECT_NE(kAttempt.find(read.review.segment), std::string::npos);
    }
    read_llm_update(reply, {"(1) a."});
  }
}

const std::vector<std::string> kKept = {"(1) 2 + 3 = 5.", "(2) 5 * 4 = 20."};
const std::string kRest = "(3) 20 + 1 = 21.\n(Final response) So the answer is 21.";
const std::string kWhole = kKept[0] + "\n" + kKept[1] + "\n" + kRest;

void expect_update(const std::string& reply, const std::string& attempt) {
  const LlmUpdate read = read_llm_update(reply, kKept);
  EXPECT_EQ(read.fault, "") << read.why << "\n" << reply;
  EXPECT_EQ(read.attempt, attempt) << reply;
}

TEST(LlmUpdate, TheReplyGoesOnAfterTheKeptSteps) {
  expect_update(kRest, kWhole);
  expect_update("\n " + kRest + "\n[END]\nQ: another", kWhole);
  expect_update("Sure! Here it is:\n\n" + kRest + "\n\nI hope this helps.", kWhole);
  expect_update("```\n" + kRest + "\n```", kWhole);
  EXPECT_EQ(read_llm_update(kWhole, {}).attempt, kWhole);
}

TEST(LlmUpdate, RepeatedKeptStepsAreTakenOnce) {
  expect_update(kWhole, kWhole);
  expect_update("Updated Answer: Let's think step by step.\n" + kWhole, kWhole);
  expect_update(kKept[1] + "\n" + kRest, kWhole);
}

TEST(LlmUpdate, AReplyThatRewritesKeptStepsIsHandedOnAsItIs) {
  const std::string rewritten = "(1) 2 + 3 = 6.\n" + kRest;
  expect_update(rewritten, rewritten);
}

TEST(LlmUpdate, NothingAfterTheFinalResponseCounts) {
  expect_update(kRest + "\nFeedback: Step (1) to (3) are correct.\nUpdated Answer: x", kWhole);
}

TEST(LlmUpdate, WhatCannotBeUsedIsAFaultWithItsCause) {
  EXPECT_EQ(read_llm_update("", kKept).fault, "no_steps");
  EXPECT_EQ(read_llm_update("I cannot do that.", kKept).fault, "no_steps");
  EXPECT_EQ(read_llm_update("(3) 20 + 1 = 21.", kKept).fault, "no_final_response");
  EXPECT_EQ(read_llm_update("(3) 20 + 1 = 21.\nFeedback: good\n(Final response) x", kKept).fault,
            "no_final_response");
  EXPECT_EQ(
      read_llm_update("(3) 20 + 1 = 21.\nso then\n(Final response) So the answer is 21.", kKept)
          .fault,
      "line_without_step");
}

}  // namespace
}  // namespace tripost
