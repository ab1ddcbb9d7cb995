#include "evaluate/diagnose.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "rollout/fake_generate.h"
#include "trajectory/fake_task.h"

namespace tripost {
namespace {

const FakeTask kTask;

Exchange exchange(const std::string& question, const std::string& attempt) {
  Exchange made{.problem = kTask.parse_problem(question, "test"), .steps = {{}}};
  made.steps[0].attempt.text = attempt;
  return made;
}

const std::string kLongWrong =
    "(1) 1 + 2 = 4.\n(2) 4 + 3 = 7.\n(3) 7 + 4 = 11.\n"
    "(Final response) So the answer is 11.";
const std::string kLongFurther =
    "(1) 1 + 2 = 3.\n(2) 3 + 3 = 7.\n(3) 7 + 4 = 11.\n"
    "(Final response) So the answer is 11.";
const std::string kShortWrong = "(1) 2 + 3 = 6.\n(Final response) So the answer is 6.";

// Each question has its own update; all get the task's own feedback in the prompt.
Diagnosis diagnosed(const std::vector<Exchange>& exchanges,
                    const std::vector<std::string>& updates) {
  std::size_t next = 0;
  const Generate generate = [&](const std::vector<Request>& requests, const Sampling&) {
    std::vector<Completion> completions;
    for (const Request& request : requests) {
      EXPECT_NE(request.prompt.find("the sum is wrong"), std::string::npos) << request.prompt;
      completions.push_back({.text = "\n" + updates.at(next++)});
    }
    return completions;
  };
  return diagnose(exchanges, kTask, generate, {});
}

TEST(Diagnose, CountsWhatBecameOfEveryAttemptInAllAndByLevel) {
  const std::string right = kTask.parse_problem("2 + 3 =", "test").rationale;
  const Diagnosis found = diagnosed(
      {exchange("2 + 3 =", right), exchange("2 + 3 =", "no step"), exchange("2 + 3 =", kShortWrong),
       exchange("2 + 3 =", kShortWrong), exchange("1 + 2 + 3 + 4 =", kLongWrong)},
      {right, kShortWrong, kLongFurther});
  EXPECT_EQ(found.all.attempts, 5);
  EXPECT_EQ(found.all.right, 1);
  EXPECT_EQ(found.all.unreadable, 1);
  EXPECT_EQ(found.all.asked, 3);
  EXPECT_EQ(found.all.update_right, 1);
  EXPECT_EQ(found.all.update_unchanged, 1);
  EXPECT_EQ(found.all.update_further, 1);
  ASSERT_EQ(found.levels.size(), 2u);
  EXPECT_EQ(found.levels.at("short").attempts, 4);
  EXPECT_EQ(found.levels.at("short").update_right, 1);
  EXPECT_EQ(found.levels.at("short").update_further, 0);
  EXPECT_EQ(found.levels.at("long").asked, 1);
  EXPECT_EQ(found.levels.at("long").update_further, 1);
}

TEST(Diagnose, SurvivesItsFileAndNamesWhatIsMissing) {
  const Diagnosis found = diagnosed({exchange("2 + 3 =", kShortWrong)}, {kShortWrong});
  EXPECT_EQ(to_json(diagnosis_from_json(to_json(found), "here")).dump(), to_json(found).dump());
  Json older = to_json(found);
  older.erase("levels");
  EXPECT_EQ(diagnosis_from_json(older, "here").all.asked, 1);
  Json broken = to_json(found);
  broken["levels"]["short"].erase("asked");
  try {
    diagnosis_from_json(broken, "here");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("here, level short"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("asked"), std::string::npos);
  }
}

}  // namespace
}  // namespace tripost
