#include "evaluate/answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace tripost {
namespace {

using testing::HasSubstr;

std::vector<Problem> questions() {
  return {{.id = "sums:short:1", .level = "short", .seen = true},
          {.id = "sums:long:2", .level = "long", .seen = false}};
}

std::vector<Result> some_answers() {
  return {{.problem_id = "sums:short:1",
           .level = "short",
           .seen = true,
           .first_correct = false,
           .final_correct = true,
           .any_correct = true,
           .changed = true,
           .num_tokens = 812,
           .feedback = {2, 1, 1, 12, 3}},
          {.problem_id = "sums:long:2",
           .level = "long",
           .seen = false,
           .first_correct = true,
           .num_tokens = 7}};
}

std::string complaint(const Json& value, const std::vector<Problem>& of = questions()) {
  try {
    answers_from_json(value, of, "answers.json");
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST(Answers, AreReadAsTheyWereWritten) {
  const std::vector<Result> written = some_answers();
  const std::string text = answers_json(written, questions()).dump();
  const std::vector<Result> read =
      answers_from_json(parse_json(text, "answers.json"), questions(), "answers.json");
  ASSERT_EQ(read.size(), written.size());
  for (std::size_t i = 0; i < read.size(); ++i) {
    const Result &is = read[i], &was = written[i];
    EXPECT_EQ(is.problem_id, was.problem_id);
    EXPECT_EQ(is.level, was.level);
    EXPECT_EQ(is.seen, was.seen);
    EXPECT_EQ(is.first_correct, was.first_correct);
    EXPECT_EQ(is.final_correct, was.final_correct);
    EXPECT_EQ(is.any_correct, was.any_correct);
    EXPECT_EQ(is.changed, was.changed);
    EXPECT_EQ(is.num_tokens, was.num_tokens);
    EXPECT_EQ(is.feedback.on_wrong, was.feedback.on_wrong);
    EXPECT_EQ(is.feedback.negative_on_wrong, was.feedback.negative_on_wrong);
    EXPECT_EQ(is.feedback.right_step, was.feedback.right_step);
    EXPECT_EQ(is.feedback.on_right, was.feedback.on_right);
    EXPECT_EQ(is.feedback.negative_on_right, was.feedback.negative_on_right);
  }
}

TEST(Answers, ToOtherQuestionsAreRefused) {
  auto others = questions();
  std::swap(others[0], others[1]);
  EXPECT_THAT(complaint(answers_json(some_answers(), questions()), others),
              HasSubstr("answers.json: it is of other test questions"));
}

TEST(Answers, ThatAreBrokenAreNamedByTheirColumn) {
  const auto with = [](const std::string& column, const Json& value) {
    Json broken = answers_json(some_answers(), questions());
    broken[column] = value;
    return complaint(broken);
  };
  EXPECT_THAT(with("changed", "1"), HasSubstr("\"changed\" should be 2 digits of 0 and 1"));
  EXPECT_THAT(with("changed", "1x"), HasSubstr("\"changed\" should be 2 digits of 0 and 1"));
  EXPECT_THAT(with("num_tokens", {1}), HasSubstr("\"num_tokens\" should be a list of 2 numbers"));
  EXPECT_THAT(with("num_tokens", {1, -1}), HasSubstr("\"num_tokens\" holds -1"));
  EXPECT_THAT(with("num_tokens", {1, 1.5}), HasSubstr("\"num_tokens\" holds 1.5"));
  EXPECT_THAT(with("on_wrong", {1, 1u << 31}), HasSubstr("\"on_wrong\" holds 2147483648"));
}

}  // namespace
}  // namespace tripost
