// The editor with the real task: gold rationales with one number changed, from wrong attempt to
// training records.
#include <gtest/gtest.h>

#include <cctype>

#include "base/random.h"
#include "edit/editor.h"
#include "edit/scripted_source.h"
#include "edit/turns.h"
#include "text/prompt.h"

namespace tripost {
namespace {

// The attempt with the last number of one of its lines raised by one; the line is drawn, the first
// (the definitions) aside.
std::string with_an_error(const std::string& attempt, Random& random) {
  std::vector<std::size_t> ends;
  for (auto at = attempt.find('\n'); at != std::string::npos; at = attempt.find('\n', at + 1))
    ends.push_back(at);
  ends.push_back(attempt.size());
  std::size_t last = ends[1 + random.below(ends.size() - 1)] - 1;
  while (!std::isdigit(static_cast<unsigned char>(attempt[last]))) --last;
  std::size_t first = last;
  while (std::isdigit(static_cast<unsigned char>(attempt[first - 1]))) --first;
  const auto number = std::stoll(attempt.substr(first, last - first + 1));
  return attempt.substr(0, first) + std::to_string(number + 1) + attempt.substr(last + 1);
}

TEST(EditorOfArithmetic, EveryInjectedErrorIsFoundImprovedAndTurnedIntoRecords) {
  const auto task = make_task("multistep_arithmetic");
  const auto problems = task->problems(Split::kTrain, {}, 200, 1);
  ASSERT_EQ(problems.size(), 200u);
  Random random(3);
  std::vector<Exchange> exchanges;
  for (const Problem& problem : problems) {
    Step step;
    step.attempt.text = with_an_error(problem.rationale, random);
    step.attempt.verdict = task->grade(problem, step.attempt.text);
    Exchange exchange;
    exchange.problem = problem;
    exchange.steps = {step};
    exchanges.push_back(exchange);
  }
  ScriptedFeedback feedback(*task);
  ScriptedImprovement improvement(*task);
  const Edited edited = edit(exchanges, *task, feedback, improvement, {});
  EXPECT_EQ(edited.counts.of(Outcome::kImproved), 200);
  for (const Trajectory& trajectory : edited.trajectories) {
    ASSERT_EQ(trajectory.outcome, Outcome::kImproved) << trajectory.note << "\n"
                                                      << trajectory.steps[0].attempt.text;
    EXPECT_TRUE(trajectory.steps.back().attempt.verdict.correct);
    EXPECT_EQ(trajectory.steps.back().attempt.text, trajectory.problem.rationale);
    const auto records = turn_records(trajectory, {});
    ASSERT_EQ(records.size(), 2u);
    const auto read = parse_document(records[0].text, trajectory.problem.lead_in, "record");
    ASSERT_EQ(read.turns.size(), 2u);
    EXPECT_EQ(read.turns[0].attempt, trajectory.steps[0].attempt.text);
    EXPECT_EQ(task->parse_feedback(read.turns[0].feedback).step,
              trajectory.steps[0].feedback.review.step);
    EXPECT_EQ(records[1].text, gold_record(trajectory.problem, *task, {}).text);
  }
}

TEST(EditorOfArithmetic, GoldRationalesAreCorrect) {
  const auto task = make_task("multistep_arithmetic");
  std::vector<Exchange> exchanges;
  for (const Problem& problem : task->problems(Split::kTest, {}, 60, 1)) {
    Exchange exchange;
    exchange.problem = problem;
    exchange.steps.resize(1);
    exchange.steps[0].attempt.text = problem.rationale;
    exchange.steps[0].attempt.verdict = task->grade(problem, problem.rationale);
    exchanges.push_back(exchange);
  }
  ScriptedFeedback feedback(*task);
  ScriptedImprovement improvement(*task);
  EXPECT_EQ(edit(exchanges, *task, feedback, improvement, {}).counts.of(Outcome::kCorrect), 60);
}

}  // namespace
}  // namespace tripost
