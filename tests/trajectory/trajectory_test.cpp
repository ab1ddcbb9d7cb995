#include "trajectory/trajectory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.h"
#include "trajectory/exchange.h"

namespace tripost {
namespace {

Trajectory example() {
  Trajectory trajectory;
  trajectory.problem = {"sum:l2:0f", "1 + 2 =", "Let's think.", "3", "(1) 1 + 2 = 3.", "l2", true};
  trajectory.sample = 3;
  trajectory.outcome = Outcome::kFeedbackOnly;
  trajectory.note = "the update has the same \"error\"";
  trajectory.num_updates = 2;
  Step step;
  step.attempt = {"(1) 1 + 2 = 4.\n(Final response) So the answer is 4.",
                  Source::kModel,
                  {false, "4", ""},
                  false,
                  17,
                  -2.5};
  step.feedback.text = "In step (1) ...";
  step.feedback.source = Source::kScript;
  step.feedback.review = {
      .step = "1", .segment = "1 + 2 = 4", .reason = "wrong sum", .feedback = "In step (1) ..."};
  step.feedback.num_tokens = 9;
  trajectory.steps = {step, step};
  return trajectory;
}

TEST(Trajectory, EveryFieldComesBackFromItsJsonLine) {
  const Json written = to_json(example());
  const Trajectory read = trajectory_from_json(parse_json(to_line(written), "line"), "line");
  EXPECT_EQ(read.problem.id, "sum:l2:0f");
  EXPECT_EQ(read.problem.rationale, "(1) 1 + 2 = 3.");
  EXPECT_TRUE(read.problem.seen);
  EXPECT_EQ(read.sample, 3);
  EXPECT_EQ(read.outcome, Outcome::kFeedbackOnly);
  EXPECT_EQ(read.num_updates, 2);
  ASSERT_EQ(read.steps.size(), 2u);
  EXPECT_EQ(read.steps[1].attempt.verdict.answer, "4");
  EXPECT_FALSE(read.steps[1].attempt.complete);
  EXPECT_EQ(read.steps[1].attempt.log_probability, -2.5);
  EXPECT_EQ(read.steps[1].feedback.source, Source::kScript);
  EXPECT_EQ(read.steps[1].feedback.review.segment, "1 + 2 = 4");
  EXPECT_EQ(to_json(read), written);
}

TEST(Trajectory, UnknownKeysAreIgnored) {
  Json written = to_json(example());
  written["colour"] = "green";
  EXPECT_EQ(to_json(trajectory_from_json(written, "line")), to_json(example()));
}

TEST(Trajectory, ALogProbabilityThatIsNotFiniteSurvivesAsNotANumber) {
  Trajectory trajectory = example();
  trajectory.steps[0].attempt.log_probability = -std::numeric_limits<double>::infinity();
  const Trajectory read =
      trajectory_from_json(parse_json(to_line(to_json(trajectory)), "line"), "line");
  EXPECT_TRUE(std::isnan(read.steps[0].attempt.log_probability));
}

std::string error_of(const Json& value) {
  try {
    trajectory_from_json(value, "trajectories.jsonl:7");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Trajectory, ABrokenLineIsAnErrorThatNamesPlaceFieldAndRemedy) {
  Json value = to_json(example());
  value["outcome"] = "corect";
  EXPECT_EQ(error_of(value),
            "trajectories.jsonl:7: the field \"outcome\" is \"corect\"; it should be one of: "
            "correct, improved, "
            "feedback_only, unreadable, no_improvement, unfinished, failed");
  value = to_json(example());
  value["steps"][0]["attempt"]["num_tokens"] = -1;
  EXPECT_THAT(error_of(value), testing::HasSubstr("\"num_tokens\" is -1"));
  value = to_json(example());
  value.erase("steps");
  EXPECT_EQ(error_of(value), "trajectories.jsonl:7: the field \"steps\" is missing");
  value = to_json(example());
  value["steps"] = "none";
  EXPECT_THAT(error_of(value), testing::HasSubstr("should be an array"));
}

Exchange exchange_of(std::vector<Attempt> attempts) {
  Exchange exchange;
  for (Attempt& attempt : attempts) exchange.steps.push_back({std::move(attempt), {}});
  return exchange;
}

Attempt attempt_of(const std::string& text, const std::string& error = "", bool complete = true) {
  return {text, Source::kModel, {false, text, error}, complete, 1, 0.0};
}

TEST(Exchange, TheLastCompleteAndReadableAttemptIsTheAnswer) {
  EXPECT_EQ(final_attempt(exchange_of({attempt_of("a"), attempt_of("b")})).text, "b");
  EXPECT_EQ(
      final_attempt(exchange_of({attempt_of("a"), attempt_of("b"), attempt_of("c", "no answer")}))
          .text,
      "b");
  EXPECT_EQ(final_attempt(exchange_of({attempt_of("a"), attempt_of("b", "", false)})).text, "a");
  EXPECT_EQ(
      final_attempt(exchange_of({attempt_of("a", "no answer"), attempt_of("b", "", false)})).text,
      "a");
}

TEST(Exchange, EveryFieldComesBackFromItsJsonLine) {
  Exchange exchange = exchange_of({attempt_of("a"), attempt_of("b", "no answer", false)});
  exchange.problem = example().problem;
  exchange.sample = 2;
  exchange.stop = StopReason::kFailed;
  exchange.failure = "prompt too long";
  const Exchange read = exchange_from_json(parse_json(to_line(to_json(exchange)), "line"), "line");
  EXPECT_EQ(read.stop, StopReason::kFailed);
  EXPECT_EQ(read.failure, "prompt too long");
  EXPECT_EQ(to_json(read), to_json(exchange));
  Json empty = to_json(exchange);
  empty["steps"] = Json::array();
  EXPECT_THROW(exchange_from_json(empty, "line"), Error);
}

}  // namespace
}  // namespace tripost
