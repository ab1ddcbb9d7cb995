#include "text/prompt.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"

namespace tripost {
namespace {

const std::string kArithmeticLeadIn =
    "Let's think step by step. Recall that the order of operations in mathematics is as follows: "
    "(1) "
    "Parentheses, (2) exponents, (3) multiplication and division (from left to right), (4) "
    "addition and "
    "multiplication (from left to right). So, remember to always compute the expressions inside "
    "parentheses or brackets first.";
const std::string kDeductionLeadIn =
    "Let's think step by step. Let \"??\" represents 0 or more objects, and \"?\" represents "
    "exactly 1 "
    "object.";
const std::string kPlainLeadIn = "Let's think step by step.";

// Verbatim from reference-behaviour.md, section 12.
std::string example(const std::string& name) {
  std::string text = read_file(fs::path(TRIPOST_SOURCE_DIR) / "tests/data/text" / (name + ".txt"));
  text.pop_back();  // the file's last newline
  return text;
}

Conversation two_turns() {
  return {"1 + 1 =", "Think.", {{"(1) It is 3.", "In step (1) no."}, {"(1) It is 2.", ""}}};
}

TEST(Prompt, EveryReferenceExampleComesBackByteForByte) {
  const std::pair<const char*, std::string> examples[] = {
      {"example_multistep_arithmetic", kArithmeticLeadIn},
      {"example_word_sorting", kPlainLeadIn},
      {"example_date_understanding", kPlainLeadIn},
      {"example_logical_deduction", kDeductionLeadIn},
      {"example_word_sorting_trajectory", kPlainLeadIn},
      {"example_arithmetic_trajectory", "Let's think step by step. <INFO>"}};
  for (const auto& [name, lead_in] : examples) {
    EXPECT_EQ(document(parse_document(example(name), lead_in, name)), example(name));
  }
}

TEST(Prompt, ATrajectoryIsReadIntoQuestionAttemptsAndFeedback) {
  const Conversation read =
      parse_document(example("example_word_sorting_trajectory"), kPlainLeadIn, "example");
  EXPECT_EQ(read.question,
            "Sort the following words alphabetically:\nList: oven costume counterpart");
  EXPECT_EQ(read.lead_in, kPlainLeadIn);
  ASSERT_EQ(read.turns.size(), 2u);
  EXPECT_TRUE(read.turns[0].attempt.starts_with("(1) The first letter: \"oven\""));
  EXPECT_TRUE(read.turns[0].attempt.ends_with("answer is: counterpart costume oven."));
  EXPECT_EQ(
      read.turns[0].feedback,
      "Step (1) to (3.1) are correct. In step (3.2) the part \" \"counterpart\"=\"n\" (14) \" is "
      "incorrect. This is because the third letter of \"counterpart\" should be \"u\".");
  EXPECT_TRUE(read.turns[1].attempt.ends_with("answer is: costume counterpart oven."));
  EXPECT_EQ(read.turns[1].feedback,
            "Step (1) to step (4) are correct. The final response is also correct.");
}

TEST(Prompt, EveryReferenceRationaleRecordComesBackByteForByte) {
  const std::tuple<const char*, const char*, std::string> files[] = {
      {"multistep_arithmetic", "multistep_arithmetic_world_rationale_l3-4d2-22.jsonl",
       kArithmeticLeadIn},
      {"word_sorting", "word_sorting_world_rationale_1-7.jsonl", kPlainLeadIn},
      {"date_understanding", "date_understanding_world_rationale_1-2.jsonl", kPlainLeadIn},
      {"logical_deduction", "logical_deduction_world_rationale_3-5.jsonl", kDeductionLeadIn}};
  const fs::path training = fs::path(TRIPOST_SHARED_DIR) / "reference-data/training";
  if (!fs::exists(training)) GTEST_SKIP() << "no reference data at " << training;
  for (const auto& [task, file, lead_in] : files) {
    for_each_json_line(training / task / file, [&](Json record, const std::string& where) {
      const std::string text = record["text"];
      const Conversation read = parse_document(text, lead_in, where);
      ASSERT_EQ(document(read), text) << where;
      ASSERT_EQ(read.turns.size(), 1u) << where;
      ASSERT_EQ(read.turns[0].feedback, "") << where;
    });
  }
}

TEST(Prompt, PiecesSayWhoWroteThem) {
  const auto pieces = render(two_turns());
  const std::pair<Author, std::string> expected[] = {{Author::kTask, "Q: 1 + 1 =\nAnswer: Think."},
                                                     {Author::kAttempt, "\n(1) It is 3."},
                                                     {Author::kTask, "\nFeedback:"},
                                                     {Author::kFeedback, " In step (1) no."},
                                                     {Author::kTask, "\nUpdated Answer: Think."},
                                                     {Author::kImprovement, "\n(1) It is 2."}};
  ASSERT_EQ(pieces.size(), std::size(expected));
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    EXPECT_EQ(pieces[i].author, expected[i].first) << i;
    EXPECT_EQ(pieces[i].text, expected[i].second) << i;
  }
}

TEST(Prompt, WhatTheModelIsGivenIsWhereItsPieceStarts) {
  Conversation conversation = two_turns();
  EXPECT_EQ(prompt_for_feedback(conversation).text, document(conversation) + "\nFeedback:");
  conversation.turns.pop_back();
  EXPECT_EQ(prompt_for_attempt(conversation).text,
            document(conversation) + "\nUpdated Answer: Think.");
  conversation.turns.clear();
  EXPECT_EQ(prompt_for_attempt(conversation).text, "Q: 1 + 1 =\nAnswer: Think.");
}

TEST(Prompt, EmptyPartsComeBackToo) {
  for (const Conversation& conversation :
       {Conversation{"", "", {}}, Conversation{"q", "", {{"", ""}}},
        Conversation{"q", "L", {{"", "f"}, {"", ""}}},
        Conversation{"q", "", {{"a", "f"}, {"b", "g"}}}}) {
    const std::string text = document(conversation);
    const Conversation read = parse_document(text, conversation.lead_in, "here");
    EXPECT_EQ(document(read), text);
    EXPECT_EQ(read.turns.size(), conversation.turns.size()) << text;
  }
}

TEST(Prompt, ADocumentOfAnotherLayoutIsOneClearError) {
  const std::pair<std::string, std::string> cases[] = {
      {"", "starts with \"Q: \""},
      {"R: 1\nAnswer: L\nx", "starts with \"Q: \""},
      {"Q: 1 + 1", "starts with \"Answer:\""},
      {"Q: 1\nAnswer: 5", "should hold \"L\", found \" 5\""},
      {"Q: 1\nAnswer: L\nx\nFeedback: no\nAgain", "expected \"\\nUpdated Answer:\""},
      {"Q: 1\nAnswer: L\nx\nFeedback: no\nUpdated Answer: M\ny", "expected \" L\""},
      {"Q: 1\nAnswer: L\nx\nFeedback: no\nUpdated Answer: L", "ends before the updated answer"},
      {"Q: 1\nAnswer: L\nx\nFeedback:\nUpdated Answer: L\ny", "is empty but text follows"}};
  for (const auto& [text, expected] : cases) {
    try {
      parse_document(text, "L", "file.jsonl:3");
      ADD_FAILURE() << "accepted " << text;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(expected), std::string::npos) << error.what();
      EXPECT_EQ(std::string(error.what()).find("file.jsonl:3: "), 0u);
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace tripost
