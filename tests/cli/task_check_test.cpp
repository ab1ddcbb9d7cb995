#include "cli/task_check.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "trajectory/fake_task.h"

namespace tripost {
namespace {

using testing::HasSubstr;

// A wrong sum in the first step, which its verifier overlooks in the first `blind` problems.
class ShortSightedTask : public FakeTask {
 public:
  ShortSightedTask(std::string name, int blind) : name_(std::move(name)), blind_(blind) {}

  std::string name() const override { return name_; }

  std::optional<InjectedError> inject_error(const Problem& problem, Random&) const override {
    const std::size_t end = problem.rationale.find('.');
    return InjectedError{problem.rationale.substr(0, end) + "0" + problem.rationale.substr(end),
                         "1", "sum times ten"};
  }

  Review verify(const Problem& problem, const std::string& attempt) const override {
    const bool is_blind = std::stoi(problem.question) <= blind_;
    return FakeTask::verify(problem, is_blind ? problem.rationale : attempt);
  }

 private:
  std::string name_;
  int blind_;
};

class TaskChecks : public ::testing::Test {
 protected:
  // Failures of `blind` missed errors in 400 problems. They share their answer, so that no final
  // line is swapped.
  int failures(const std::string& name, int blind) {
    const ShortSightedTask task(name, blind);
    std::vector<Problem> problems;
    for (int i = 1; i <= 400; ++i)
      problems.push_back(task.parse_problem(fmt::format("{} + {} =", i, 1000 - i), "test"));
    const int nowhere = ::open("/dev/null", O_WRONLY);
    Terminal terminal(nowhere, nowhere, 0, [] { return 0.0; });
    TaskCheck check(task, terminal);
    check.run(problems, "check");
    check.check_share_missed();
    ::close(nowhere);
    EXPECT_EQ(check.cases().size(), static_cast<std::size_t>(blind + check.failures()));
    EXPECT_THAT(check.tables(), HasSubstr(fmt::format("{:<48} {:>8} {:>14} {:>7}", "sum times ten",
                                                      400, 400 - blind, blind)));
    return check.failures();
  }
};

TEST_F(TaskChecks, ArithmeticAndSortingMayMissOneInjectedErrorInTwoHundred) {
  for (const char* name : {"multistep_arithmetic", "word_sorting"}) {
    EXPECT_EQ(failures(name, 2), 0) << name;
    EXPECT_EQ(failures(name, 3), 1) << name;
  }
}

TEST_F(TaskChecks, OtherTasksMayMissOneInAHundred) {
  for (const char* name : {"date_understanding", "logical_deduction", "mine"}) {
    EXPECT_EQ(failures(name, 4), 0) << name;
    EXPECT_EQ(failures(name, 5), 1) << name;
  }
}

TEST_F(TaskChecks, AMissedErrorIsKeptWithItsAttemptAndWhatWasFound) {
  const ShortSightedTask task("mine", 1);
  const int nowhere = ::open("/dev/null", O_WRONLY);
  Terminal terminal(nowhere, nowhere, 0, [] { return 0.0; });
  TaskCheck check(task, terminal);
  check.run({task.parse_problem("1 + 2 =", "test")}, "check");
  ::close(nowhere);
  ASSERT_EQ(check.cases().size(), 1u);
  const Json& one = check.cases()[0];
  EXPECT_EQ(one["case"], "missed");
  EXPECT_EQ(one["what"], "sum times ten");
  EXPECT_EQ(one["step"], "1");
  EXPECT_EQ(one["question"], "1 + 2 =");
  EXPECT_EQ(one["attempt"], "(1) 1 + 2 = 30.\n(Final response) So the answer is 3.");
  EXPECT_THAT(one["found"].get<std::string>(), HasSubstr("correct"));
}

}  // namespace
}  // namespace tripost
