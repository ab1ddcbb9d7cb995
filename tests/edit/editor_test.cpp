#include "edit/editor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <numeric>

#include "edit/scripted_source.h"
#include "trajectory/fake_task.h"

namespace tripost {
namespace {

using testing::HasSubstr;

const FakeTask kTask;
const Problem kProblem = kTask.parse_problem("2 + 3 + 4 + 1 =", "test");

std::string lines(const std::string& first, const std::string& second, const std::string& third,
                  const std::string& answer) {
  return "(1) " + first + ".\n(2) " + second + ".\n(3) " + third +
         ".\n(Final response) So the answer is " + answer + ".";
}

const std::string kRight = lines("2 + 3 = 5", "5 + 4 = 9", "9 + 1 = 10", "10");
const std::string kWrongAt2 = lines("2 + 3 = 5", "5 + 4 = 8", "8 + 1 = 9", "9");
const std::string kWrongAt3 = lines("2 + 3 = 5", "5 + 4 = 9", "9 + 1 = 11", "11");
const std::string kPraise = "Step (1) to step (3) are correct. The final response is also correct.";
const std::string kFeedbackAt2 =
    "Step (1) is correct. In step (2) the part \" 5 + 4 = 8 \" is incorrect. This is because the "
    "sum is wrong.";

Step step_of(const std::string& attempt, const std::string& feedback = "") {
  Step step;
  step.attempt.text = attempt;
  step.attempt.verdict = kTask.grade(kProblem, attempt);
  step.feedback.text = feedback;
  if (!feedback.empty()) step.feedback.review = kTask.parse_feedback(feedback);
  return step;
}

Exchange exchange_of(std::vector<Step> steps) {
  Exchange exchange;
  exchange.problem = kProblem;
  exchange.sample = 4;
  exchange.steps = std::move(steps);
  return exchange;
}

// A source that answers by what it is asked.
class FakeImprovement : public ImprovementSource {
 public:
  explicit FakeImprovement(std::function<Improved(const ImprovementRequest&)> answer)
      : answer_(std::move(answer)) {}
  Source source() const override { return Source::kLlm; }
  std::vector<Improved> improve(const std::vector<ImprovementRequest>& requests) override {
    std::vector<Improved> answers;
    for (const auto& request : requests) answers.push_back(answer_(request));
    return answers;
  }

 private:
  std::function<Improved(const ImprovementRequest&)> answer_;
};

// The first `count` lines of the attempt, each with its line end.
std::string text_of_lines(const std::string& attempt, std::size_t count) {
  std::size_t end = 0;
  while (count-- > 0) end = attempt.find('\n', end) + 1;
  return attempt.substr(0, end);
}

class FakeFeedback : public FeedbackSource {
 public:
  explicit FakeFeedback(Reviewed answer) : answer_(std::move(answer)) {}
  Source source() const override { return Source::kLlm; }
  std::vector<Reviewed> review(const std::vector<ReviewRequest>& requests) override {
    return std::vector<Reviewed>(requests.size(), answer_);
  }

 private:
  Reviewed answer_;
};

Edited edited(const Exchange& exchange, EditConfig config = {}) {
  ScriptedFeedback feedback(kTask);
  ScriptedImprovement improvement(kTask);
  return edit({exchange}, kTask, feedback, improvement, config);
}

Trajectory edited_with(const Exchange& exchange,
                       std::function<Improved(const ImprovementRequest&)> answer,
                       EditConfig config = {}) {
  ScriptedFeedback feedback(kTask);
  FakeImprovement improvement(std::move(answer));
  return edit({exchange}, kTask, feedback, improvement, config).trajectories.at(0);
}

TEST(Editor, ARightAttemptGetsPraiseAndIsCorrect) {
  const Edited result = edited(exchange_of({step_of(kRight)}));
  const Trajectory& trajectory = result.trajectories.at(0);
  EXPECT_EQ(trajectory.outcome, Outcome::kCorrect);
  EXPECT_EQ(trajectory.sample, 4);
  ASSERT_EQ(trajectory.steps.size(), 1u);
  EXPECT_EQ(trajectory.steps[0].attempt.source, Source::kModel);
  EXPECT_EQ(trajectory.steps[0].feedback.text, kPraise);
  EXPECT_EQ(trajectory.steps[0].feedback.source, Source::kScript);
  EXPECT_EQ(result.counts.of(Outcome::kCorrect), 1);
}

TEST(Editor, AWrongAttemptIsEditedFromItsFirstWrongStep) {
  const Trajectory trajectory = edited(exchange_of({step_of(kWrongAt2)})).trajectories.at(0);
  EXPECT_EQ(trajectory.outcome, Outcome::kImproved);
  EXPECT_EQ(trajectory.num_updates, 1);
  ASSERT_EQ(trajectory.steps.size(), 2u);
  EXPECT_EQ(trajectory.steps[0].feedback.text, kFeedbackAt2);
  EXPECT_EQ(trajectory.steps[0].feedback.review.step, "2");
  EXPECT_EQ(trajectory.steps[1].attempt.text, kRight);
  EXPECT_EQ(trajectory.steps[1].attempt.source, Source::kScript);
  EXPECT_TRUE(trajectory.steps[1].attempt.verdict.correct);
  EXPECT_EQ(trajectory.steps[1].feedback.text, kPraise);
}

TEST(Editor, TheModelsOwnWordsAreKeptWhereTheyAreRight) {
  // Its reason is its own; step and part are right. Its update is right, and so is its praise.
  const std::string own =
      "Step (1) is correct. In step (2) the part \" 4 = 8 \" is incorrect. This is because of me.";
  const Edited result = edited(exchange_of({step_of(kWrongAt2, own), step_of(kRight, kPraise)}));
  const Trajectory& trajectory = result.trajectories.at(0);
  EXPECT_EQ(trajectory.outcome, Outcome::kImproved);
  EXPECT_EQ(trajectory.num_updates, 0);
  ASSERT_EQ(trajectory.steps.size(), 2u);
  EXPECT_EQ(trajectory.steps[0].feedback.text, own);
  for (const Step& step : trajectory.steps) {
    EXPECT_EQ(step.attempt.source, Source::kModel);
    EXPECT_EQ(step.feedback.source, Source::kModel);
  }
  EXPECT_EQ(result.counts.own_agreed, 2);
  EXPECT_EQ(result.counts.own_updates_kept, 1);
}

TEST(Editor, PraiseThatNamesTheWrongStepsIsReplaced) {
  const std::string own = "Step (1) to step (9) are correct. The final response is also correct.";
  const Trajectory trajectory = edited(exchange_of({step_of(kRight, own)})).trajectories.at(0);
  EXPECT_EQ(trajectory.outcome, Outcome::kCorrect);
  EXPECT_EQ(trajectory.steps[0].feedback.text, kPraise);
  EXPECT_EQ(trajectory.steps[0].feedback.source, Source::kScript);
}

TEST(Editor, AFalseAlarmBecomesPraiseAndWhatFollowedItGoes) {
  const std::string alarm =
      "In step (1) the part \" 2 + 3 = 5 \" is incorrect. This is because the sum is wrong.";
  const Edited result = edited(exchange_of({step_of(kRight, alarm), step_of(kWrongAt2)}));
  const Trajectory& trajectory = result.trajectories.at(0);
  EXPECT_EQ(trajectory.outcome, Outcome::kCorrect);
  ASSERT_EQ(trajectory.steps.size(), 1u);
  EXPECT_EQ(trajectory.steps[0].feedback.text, kPraise);
  EXPECT_EQ(result.counts.own_false_alarm, 1);
}

TEST(Editor, FeedbackThatMissesTheErrorIsReplacedAndTheSourcesGoOn) {
  const Edited missed = edited(exchange_of({step_of(kWrongAt2, kPraise)}));
  EXPECT_EQ(missed.counts.own_missed, 1);
  const std::string elsewhere =
      "In step (1) the part \" 2 + 3 = 5 \" is incorrect. This is because the sum is wrong.";
  const Edited misplaced = edited(exchange_of({step_of(kWrongAt2, elsewhere), step_of(kRight)}));
  EXPECT_EQ(misplaced.counts.own_misplaced, 1);
  const Edited unreadable = edited(exchange_of({step_of(kWrongAt2, "Hm.")}));
  EXPECT_EQ(unreadable.counts.own_unreadable, 1);
  for (const Edited& result : {missed, misplaced, unreadable}) {
    const Trajectory& trajectory = result.trajectories.at(0);
    EXPECT_EQ(trajectory.outcome, Outcome::kImproved);
    EXPECT_EQ(trajectory.num_updates, 1);
    EXPECT_EQ(trajectory.steps.at(0).feedback.text, kFeedbackAt2);
    EXPECT_EQ(trajectory.steps.at(1).attempt.source, Source::kScript);
  }
}

TEST(Editor, AnOwnUpdateThatDoesNotHoldIsRewrittenByTheSource) {
  const std::string changes_step_1 = lines("2 + 3 = 6", "6 + 4 = 10", "10 + 1 = 11", "11");
  Step incomplete = step_of(lines("2 + 3 = 5", "5 + 4 = 9", "9 + 1 = 10", "10"));
  incomplete.attempt.complete = false;
  for (const Step& update :
       {step_of(changes_step_1), step_of(kWrongAt2), step_of("(1) nonsense"), incomplete}) {
    const Edited result = edited(exchange_of({step_of(kWrongAt2, kFeedbackAt2), update}));
    const Trajectory& trajectory = result.trajectories.at(0);
    EXPECT_EQ(trajectory.outcome, Outcome::kImproved);
    EXPECT_EQ(trajectory.steps.at(0).feedback.source, Source::kModel);
    EXPECT_EQ(trajectory.steps.at(1).attempt.source, Source::kScript);
    EXPECT_EQ(trajectory.num_updates, 1);
    EXPECT_EQ(result.counts.own_updates_replaced, 1);
  }
}

TEST(Editor, AnOwnUpdateThatMovesTheErrorOnIsKeptAndEditedFromThere) {
  const Edited result =
      edited(exchange_of({step_of(kWrongAt2, kFeedbackAt2), step_of(kWrongAt3, kPraise)}));
  const Trajectory& trajectory = result.trajectories.at(0);
  EXPECT_EQ(trajectory.outcome, Outcome::kImproved);
  ASSERT_EQ(trajectory.steps.size(), 3u);
  EXPECT_EQ(trajectory.steps[1].attempt.text, kWrongAt3);
  EXPECT_THAT(trajectory.steps[1].feedback.text,
              HasSubstr("In step (3) the part \" 9 + 1 = 11 \""));
  EXPECT_EQ(trajectory.steps[2].attempt.text, kRight);
}

TEST(Editor, AnAttemptThatIsRightForWrongReasonsIsWrong) {
  const Edited result =
      edited(exchange_of({step_of(lines("2 + 3 = 6", "6 + 4 = 9", "9 + 1 = 10", "10"))}));
  EXPECT_EQ(result.counts.right_for_wrong_reasons, 1);
  EXPECT_EQ(result.trajectories.at(0).outcome, Outcome::kImproved);
}

TEST(Editor, AnAttemptThatCannotBeReadIsUnreadableWithTheReason) {
  const Trajectory odd =
      edited(exchange_of({step_of("(1) two and three\n(Final response) 5")})).trajectories.at(0);
  EXPECT_EQ(odd.outcome, Outcome::kUnreadable);
  EXPECT_EQ(odd.note, "line 1 is no step");
  ASSERT_EQ(odd.steps.size(), 1u);  // what was said can be read there
  EXPECT_EQ(odd.steps[0].attempt.text, "(1) two and three\n(Final response) 5");
  Step cut = step_of(kRight);
  cut.attempt.complete = false;
  const Trajectory incomplete = edited(exchange_of({cut})).trajectories.at(0);
  EXPECT_EQ(incomplete.outcome, Outcome::kUnreadable);
  EXPECT_EQ(incomplete.note, "the attempt hit its token limit");
  ASSERT_EQ(incomplete.steps.size(), 1u);
  EXPECT_EQ(incomplete.steps[0].attempt.text, kRight);
}

TEST(Editor, AnUpdateThatCannotBeReadIsUnreadable) {
  const Trajectory trajectory =
      edited_with(exchange_of({step_of(kWrongAt2)}), [](const ImprovementRequest&) {
        return Improved{"(1) 2 + 3 = 5.\n(2) five and four\n(Final response) So the answer is 9.",
                        "", ""};
      });
  EXPECT_EQ(trajectory.outcome, Outcome::kUnreadable);
  EXPECT_EQ(trajectory.note, "the update: line 2 is no step");
}

TEST(Editor, WithoutAnUsableUpdateThereIsNoImprovement) {
  const auto exchange = exchange_of({step_of(kWrongAt2)});
  const Trajectory refused = edited_with(exchange, [](const ImprovementRequest&) {
    return Improved{std::nullopt, "step (1) is odd", ""};
  });
  EXPECT_EQ(refused.outcome, Outcome::kNoImprovement);
  EXPECT_EQ(refused.note, "step (1) is odd");
  const Trajectory same = edited_with(exchange, [](const ImprovementRequest& request) {
    return Improved{request.attempt, "", ""};
  });
  EXPECT_EQ(same.outcome, Outcome::kNoImprovement);
  const Trajectory other_start = edited_with(exchange, [](const ImprovementRequest&) {
    return Improved{lines("3 + 2 = 5", "5 + 4 = 9", "9 + 1 = 10", "10"), "", ""};
  });
  EXPECT_EQ(other_start.outcome, Outcome::kNoImprovement);
  EXPECT_THAT(other_start.note, HasSubstr("line 1"));
}

TEST(Editor, AnUpdateThatMakesNoProgressLeavesTheFirstFeedbackOnly) {
  // The wrong step is written anew with the same wrong part.
  const Trajectory trajectory =
      edited_with(exchange_of({step_of(kWrongAt2)}), [](const ImprovementRequest&) {
        return Improved{
            "(1) 2 + 3 = 5.\n(2) 5 + 4 = 8. \n(3) 8 + 1 = 9.\n(Final response) So the answer is 9.",
            "", ""};
      });
  EXPECT_EQ(trajectory.outcome, Outcome::kFeedbackOnly);
  ASSERT_EQ(trajectory.steps.size(), 1u);
  EXPECT_EQ(trajectory.steps[0].feedback.text, kFeedbackAt2);
  EXPECT_EQ(trajectory.num_updates, 1);
  EXPECT_EQ(trajectory.note, "the update of step (2) is wrong at step (2) again");
}

TEST(Editor, StillWrongAfterTheAllowedUpdatesIsUnfinished) {
  int sum = 20;
  const auto another_error = [&](const ImprovementRequest&) {
    ++sum;
    return Improved{lines("2 + 3 = 5", "5 + 4 = " + std::to_string(sum), "9 + 1 = 10", "10"), "",
                    ""};
  };
  const Trajectory trajectory = edited_with(exchange_of({step_of(kWrongAt2)}), another_error, {3});
  EXPECT_EQ(trajectory.outcome, Outcome::kUnfinished);
  EXPECT_EQ(trajectory.num_updates, 3);
  EXPECT_EQ(trajectory.steps.size(), 4u);
  EXPECT_EQ(trajectory.note, "still wrong at step (2) after 3 updates");
  EXPECT_EQ(edited(exchange_of({step_of(kWrongAt2)}), {0}).trajectories.at(0).outcome,
            Outcome::kUnfinished);
}

TEST(Editor, WhatFailsOutsideIsFailedWithTheReason) {
  const auto exchange = exchange_of({step_of(kWrongAt2)});
  const Trajectory no_update = edited_with(exchange, [](const ImprovementRequest&) {
    return Improved{std::nullopt, "", "timed out"};
  });
  EXPECT_EQ(no_update.outcome, Outcome::kFailed);
  EXPECT_EQ(no_update.note, "timed out");

  ScriptedImprovement improvement(kTask);
  FakeFeedback broken({{}, "HTTP 500"});
  EXPECT_EQ(edit({exchange}, kTask, broken, improvement, {}).trajectories.at(0).note, "HTTP 500");
  Review two_lines = kTask.verify(kProblem, kWrongAt2);
  two_lines.feedback += "\nmore";
  FakeFeedback chatty({two_lines, ""});
  EXPECT_EQ(edit({exchange}, kTask, chatty, improvement, {}).trajectories.at(0).outcome,
            Outcome::kFailed);
  FakeFeedback credulous({kTask.verify(kProblem, kRight), ""});
  EXPECT_THAT(edit({exchange}, kTask, credulous, improvement, {}).trajectories.at(0).note,
              HasSubstr("wrong answer correct"));

  Exchange failed = exchange_of({Step()});
  failed.stop = StopReason::kFailed;
  failed.failure = "prompt too long";
  EXPECT_EQ(edited(failed).trajectories.at(0).note, "prompt too long");
  EXPECT_EQ(edited(failed).trajectories.at(0).outcome, Outcome::kFailed);
}

TEST(Editor, EveryExchangeComesOutInOrderAndIsCountedOnce) {
  std::vector<Exchange> exchanges;
  for (const auto& text : {kRight, kWrongAt2, std::string("odd"), kWrongAt3, kRight})
    exchanges.push_back(exchange_of({step_of(text)}));
  for (std::size_t i = 0; i < exchanges.size(); ++i) exchanges[i].sample = static_cast<int>(i);
  ScriptedFeedback feedback(kTask);
  ScriptedImprovement improvement(kTask);
  const Edited result = edit(exchanges, kTask, feedback, improvement, {});
  ASSERT_EQ(result.trajectories.size(), 5u);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(result.trajectories[static_cast<std::size_t>(i)].sample, i);
  EXPECT_EQ(result.counts.of(Outcome::kCorrect), 2);
  EXPECT_EQ(result.counts.of(Outcome::kImproved), 2);
  EXPECT_EQ(result.counts.of(Outcome::kUnreadable), 1);
  const auto& outcomes = result.counts.outcomes;
  EXPECT_EQ(std::accumulate(outcomes.begin(), outcomes.end(), 0), 5);
}

// Causes: one key each, whatever the step, the line or the text.

using Causes = std::map<std::string, int>;

Causes causes_of(const std::vector<Exchange>& exchanges,
                 std::function<Improved(const ImprovementRequest&)> answer,
                 EditConfig config = {}) {
  ScriptedFeedback feedback(kTask);
  FakeImprovement improvement(std::move(answer));
  return edit(exchanges, kTask, feedback, improvement, config).counts.causes;
}

TEST(Editor, EveryOutcomeButSuccessIsCountedByCause) {
  const auto none = [](const ImprovementRequest&) { return Improved{std::nullopt, "asked", ""}; };
  Step cut = step_of(kRight);
  cut.attempt.complete = false;
  Exchange failed = exchange_of({Step()});
  failed.stop = StopReason::kFailed;
  failed.failure = "prompt too long: 3000 tokens";
  EXPECT_EQ(causes_of({exchange_of({step_of("odd\n(Final response) 5")}), exchange_of({cut}),
                       exchange_of({step_of("(1) 2 + 3 = 5.\nodd\n(Final response) 5")}), failed,
                       exchange_of({step_of(kRight)}), exchange_of({step_of(kWrongAt2)})},
                      none),
            (Causes{{"line N is no step", 2},
                    {"the attempt hit its token limit", 1},
                    {"prompt too long", 1},
                    {"asked", 1}}));
}

TEST(Editor, CausesOfUpdatesNameNoStep) {
  const std::vector<Exchange> wrong = {exchange_of({step_of(kWrongAt2)}),
                                       exchange_of({step_of(kWrongAt3)})};
  const auto other_start = [](const ImprovementRequest&) {
    return Improved{lines("3 + 2 = 5", "5 + 4 = 9", "9 + 1 = 10", "10"), "", ""};
  };
  EXPECT_EQ(causes_of(wrong, other_start),
            (Causes{{"the update changes line N, which stands before the wrong step (N)", 2}}));
  const auto same_part = [](const ImprovementRequest& request) {
    std::string again = request.attempt;
    for (std::size_t at = 0; (at = again.find(".\n", at)) != std::string::npos; at += 3)
      if (again.compare(at - 1, 1, "8") == 0 || again.compare(at - 2, 2, "11") == 0)
        again.replace(at, 2, ". \n");
    return Improved{again, "", ""};
  };
  EXPECT_EQ(causes_of(wrong, same_part),
            (Causes{{"the update of step (N) is wrong at step (N) again", 2}}));
  EXPECT_EQ(causes_of(wrong, other_start, {0}),
            (Causes{{"still wrong at step (N) after N updates", 2}}));
  const auto odd = [](const ImprovementRequest& request) {
    const std::size_t line = request.review.step == "2" ? 1 : 2;
    return Improved{text_of_lines(kRight, line) + "odd\n(Final response) So the answer is 9.", "",
                    ""};
  };
  EXPECT_EQ(causes_of(wrong, odd), (Causes{{"the update: line N is no step", 2}}));
}

// As the tasks' verifiers and programs say it.
TEST(Editor, ACauseEndsWhereTheNoteGoesIntoDetails) {
  const auto cause_of_review = [](const Reviewed& reviewed) {
    ScriptedImprovement improvement(kTask);
    FakeFeedback feedback(reviewed);
    const auto causes =
        edit({exchange_of({step_of(kWrongAt2)})}, kTask, feedback, improvement, {}).counts.causes;
    return causes.size() == 1 ? causes.begin()->first : "";
  };
  const auto unreadable = [&](const std::string& error) {
    Reviewed reviewed;
    reviewed.review.error = error;
    return cause_of_review(reviewed);
  };
  EXPECT_EQ(unreadable("line 12 cannot be read: it has no full stop: \"(3) Let's: 4\""),
            "line N cannot be read: it has no full stop");
  EXPECT_EQ(unreadable("line 2 cannot be read: \"May 5\" is none of the dates: \"(1)\""),
            "line N cannot be read: \"...\" is none of the dates");
  EXPECT_EQ(unreadable("step (3.1) of \"a is open"), "step (N) of \"...\"");
  Reviewed failed;
  failed.failure = "verify program timed out: 10 seconds";
  EXPECT_EQ(cause_of_review(failed), "verify program timed out");
}

}  // namespace
}  // namespace tripost
