#include "baselines/attempt_filter.h"

#include <gtest/gtest.h>

#include "baselines/sampled_rationales.h"
#include "trajectory/fake_task.h"

namespace tripost {
namespace {

const FakeTask kTask;
const Problem kProblem = kTask.parse_problem("2 + 3 =", "test");
const std::string kOther = "(1) 3 + 2 = 5.\n(Final response) So the answer is 5.";

Exchange exchange_of(const std::string& text, bool complete = true) {
  Step step;
  step.attempt = {.text = text, .verdict = kTask.grade(kProblem, text), .complete = complete};
  return {.problem = kProblem, .steps = {step}};
}

TEST(AttemptFilter, EveryAttemptHasOneFateAndAllAreCounted) {
  AttemptFilter filter(FilterFor::kRationales);
  Exchange failed = exchange_of("");
  failed.stop = StopReason::kFailed;
  EXPECT_EQ(filter.judge(exchange_of(kProblem.rationale)), Fate::kKept);
  EXPECT_EQ(filter.judge(exchange_of(kProblem.rationale)), Fate::kDuplicate);
  EXPECT_EQ(filter.judge(exchange_of(kOther)), Fate::kKept);
  EXPECT_EQ(filter.judge(failed), Fate::kNoAnswer);
  EXPECT_EQ(filter.judge(exchange_of(kOther, false)), Fate::kCut);
  EXPECT_EQ(filter.judge(exchange_of("I do not know.")), Fate::kFormat);
  EXPECT_EQ(filter.judge(exchange_of("So the answer is 5.")), Fate::kFormat);
  EXPECT_EQ(filter.judge(exchange_of("Q: 1 + 1 =\n" + kOther)), Fate::kFormat);
  EXPECT_EQ(filter.judge(exchange_of("(1) 2 + 3 = 6.\n(Final response) So the answer is 6.")),
            Fate::kWrongAnswer);
  EXPECT_EQ(filter.count(Fate::kFormat), 3);
  const std::string table = filter.table();
  EXPECT_NE(table.find("attempts                       9"), std::string::npos) << table;
  EXPECT_NE(table.find("kept                           2    22.2"), std::string::npos) << table;
  EXPECT_NE(table.find("not in the format              3    33.3"), std::string::npos) << table;
  EXPECT_EQ(table.find("inconsistent"), std::string::npos) << table;
}

TEST(AttemptFilter, ARightLetterAfterAnotherOptionsDateIsInconsistent) {
  const Problem problem{.question = "When?\nOptions:\n(A) 01/02/2020\n(B) 01/03/2020", .gold = "B"};
  Step step;
  step.attempt.text = "(1) It is Jan 2, 2020.\n(Final response) So the answer is (B).";
  step.attempt.verdict.correct = true;
  const Exchange exchange{.problem = problem, .steps = {step}};
  EXPECT_EQ(AttemptFilter(FilterFor::kRationales).judge(exchange), Fate::kInconsistent);
  EXPECT_EQ(AttemptFilter(FilterFor::kOwnAttempts).judge(exchange), Fate::kKept);
}

TEST(AttemptFilter, RightAttemptsOfTheModelBecomeTwoRecordsEach) {
  AttemptFilter filter(FilterFor::kOwnAttempts);
  const auto records = lmsi_records({exchange_of(kProblem.rationale), exchange_of(kOther),
                                     exchange_of(kOther), exchange_of("So the answer is 4.")},
                                    filter);
  EXPECT_EQ(filter.count(Fate::kKept), 2);
  EXPECT_EQ(filter.count(Fate::kDuplicate), 1);
  EXPECT_EQ(filter.count(Fate::kWrongAnswer), 1);
  ASSERT_EQ(records.size(), 3u);  // both end in the same answer
  EXPECT_EQ(records[0].text,
            "Q: 2 + 3 =\nAnswer: Let's think step by step.\n" + kProblem.rationale);
  EXPECT_EQ(records[1].text, "Q: 2 + 3 =\nAnswer:\nSo the answer is 5.");
}

}  // namespace
}  // namespace tripost
