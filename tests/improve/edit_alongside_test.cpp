#include "improve/edit_alongside.h"

#include <gtest/gtest.h>

#include <future>

#include "base/error.h"
#include "edit/scripted_source.h"

namespace tripost {
namespace {

const Progress kSilent = [](const ProgressUpdate&) {};

class EditAlongside : public testing::Test {
 protected:
  // Every other attempt ends in a wrong answer.
  std::vector<Exchange> attempts(const std::vector<Problem>& some) const {
    std::vector<Exchange> exchanges;
    for (const Problem& problem : some) {
      Attempt attempt{.text = problem.rationale};
      if (std::hash<std::string>{}(problem.id) % 2 == 0)
        attempt.text.insert(attempt.text.size() - 1, "7");
      attempt.verdict = task->grade(problem, attempt.text);
      Exchange exchange;
      exchange.problem = problem;
      exchange.steps.push_back({attempt, {}});
      exchanges.push_back(exchange);
    }
    return exchanges;
  }

  Edited edit_all(const std::vector<Exchange>& exchanges) {
    return edit(exchanges, *task, feedback, improvement, {});
  }

  std::unique_ptr<Task> task = make_task("multistep_arithmetic");
  std::vector<Problem> problems = task->problems(Split::kTrain, {}, 10, 1);
  ScriptedFeedback feedback{*task};
  ScriptedImprovement improvement{*task};
};

TEST_F(EditAlongside, GivesWhatEditingAllAtOnceGives) {
  const Edited at_once = edit_all(attempts(problems));
  const Edited alongside = edit_alongside(
      problems, 3, [&](const auto& some, const Progress&) { return attempts(some); },
      [&](const auto& exchanges) { return edit_all(exchanges); }, kSilent);
  EXPECT_EQ(to_lines(alongside.trajectories), to_lines(at_once.trajectories));
  EXPECT_EQ(alongside.counts.outcomes, at_once.counts.outcomes);
  EXPECT_GT(at_once.counts.of(Outcome::kImproved), 0);
  EXPECT_GT(at_once.counts.of(Outcome::kCorrect), 0);
}

TEST_F(EditAlongside, CountsOfAllPassesAddUp) {
  EditCounts counts;
  const EditCounts one{.outcomes = {1, 2, 3, 4, 5, 6, 7},
                       .own_agreed = 1,
                       .own_false_alarm = 2,
                       .own_missed = 3,
                       .own_misplaced = 4,
                       .own_unreadable = 5,
                       .own_updates_kept = 6,
                       .own_updates_replaced = 7,
                       .right_for_wrong_reasons = 8,
                       .causes = {{"a", 1}}};
  edit_alongside(
      problems, 5, [&](const auto& some, const Progress&) { return attempts(some); },
      [&](const auto&) {
        return Edited{{}, one};
      },
      kSilent);
  counts += one;
  counts += one;
  EXPECT_EQ(counts.outcomes, (std::array<int, 7>{2, 4, 6, 8, 10, 12, 14}));
  EXPECT_EQ(counts.own_agreed, 2);
  EXPECT_EQ(counts.own_false_alarm, 4);
  EXPECT_EQ(counts.own_missed, 6);
  EXPECT_EQ(counts.own_misplaced, 8);
  EXPECT_EQ(counts.own_unreadable, 10);
  EXPECT_EQ(counts.own_updates_kept, 12);
  EXPECT_EQ(counts.own_updates_replaced, 14);
  EXPECT_EQ(counts.right_for_wrong_reasons, 16);
  EXPECT_EQ(counts.causes.at("a"), 2);
}

// With editing and attempts one after the other this would wait for ever.
TEST_F(EditAlongside, TheNextPassIsAttemptedWhileTheLastOneIsEdited) {
  int passes = 0;
  std::promise<void> second_pass;
  std::shared_future<void> second_pass_made = second_pass.get_future().share();
  edit_alongside(
      problems, 5,
      [&](const auto& some, const Progress&) {
        if (++passes == 2) second_pass.set_value();
        return attempts(some);
      },
      [&](const auto& exchanges) {
        second_pass_made.wait();
        return edit_all(exchanges);
      },
      kSilent);
  EXPECT_EQ(passes, 2);
}

TEST_F(EditAlongside, OnlyEditingShowsItsProgressWhileItRuns) {
  std::vector<int64_t> shown;
  std::promise<void> told;
  std::shared_future<void> may_end = told.get_future().share();
  int passes = 0;
  edit_alongside(
      problems, 5,
      [&](const auto& some, const Progress& progress) {
        progress({.stage = "attempts", .done = ++passes});
        if (passes == 2) told.set_value();
        return attempts(some);
      },
      [&](const auto& exchanges) {
        may_end.wait();
        return edit_all(exchanges);
      },
      [&](const ProgressUpdate& update) { shown.push_back(update.done); });
  EXPECT_EQ(shown, std::vector<int64_t>{1});
}

TEST_F(EditAlongside, AFailureOfEditingIsThrownToTheCaller) {
  EXPECT_THROW(edit_alongside(
                   problems, 5, [&](const auto& some, const Progress&) { return attempts(some); },
                   [&](const auto&) -> Edited { throw Error("the endpoint is gone"); }, kSilent),
               Error);
}

}  // namespace
}  // namespace tripost
