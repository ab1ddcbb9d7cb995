#include "task/user_task.h"

#include <atomic>
#include <map>
#include <thread>

#include "base/random.h"
#include "task/user_task_fixture.h"

namespace tripost {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// Without programs.

class AnswerOnly : public UserTasks {
 protected:
  std::unique_ptr<Task> one;
  Problem problem;

  void use(const std::string& line) {
    one = task_with_problems(line);
    problem = one->parse_problem("Add 2, 3, 4.", "test");
  }
};

TEST_F(AnswerOnly, ARightAnswerIsPraisedByItsSteps) {
  use(problem_line());
  const Review review = one->verify(problem, kRationale);
  EXPECT_TRUE(review.correct);
  EXPECT_EQ(review.feedback,
            "Step (1) to step (2) are correct. The final response is also correct.");
  EXPECT_TRUE(one->parse_feedback(review.feedback).correct);
  EXPECT_EQ(one->praise("the answer is 9"),
            "Step (1) is correct. The final response is also correct.");
}

TEST_F(AnswerOnly, AWrongAttemptIsWrongWhereItLeavesTheGoldRationale) {
  use(problem_line());
  const Review review = one->verify(problem, kWrong);
  EXPECT_FALSE(review.correct);
  EXPECT_EQ(review.feedback,
            "Step (1) is correct. In step (2) the part \" 5 + 4 = 8. \" is incorrect. This is "
            "because the final answer is wrong.");
  EXPECT_EQ(one->parse_feedback(review.feedback).segment, review.segment);
  std::string why;
  EXPECT_EQ(one->improve(problem, kWrong, review, why), kRationale);
}

TEST_F(AnswerOnly, WithoutARationaleTheFinalResponseIsWrongAndThereIsNoImprovement) {
  use(to_line({{"question", "Add 2, 3, 4."}, {"answer", 9}}) + "\n");
  const Review review = one->verify(problem, kWrong);
  EXPECT_EQ(review.step, "Final response");
  EXPECT_EQ(review.segment, "So the answer is 8.");
  std::string why;
  EXPECT_EQ(one->improve(problem, kWrong, review, why), std::nullopt);
  EXPECT_THAT(why, StartsWith("no gold rationale: "));
}

TEST_F(AnswerOnly, StepsWithoutNumbersAreCountedByLine) {
  const std::string gold = "2 + 3 = 5\n5 + 4 = 9\nthe answer is 9";
  use(problem_line({{"rationale", gold}}));
  const Review review = one->verify(problem, "2 + 3 = 5\n5 + 4 = 8\nthe answer is 8");
  EXPECT_EQ(review.step, "2");
  std::string why;
  EXPECT_EQ(one->improve(problem, "2 + 3 = 5\n5 + 4 = 8\nthe answer is 8", review, why), gold);
  EXPECT_EQ(one->verify(problem, "the answer is 8").step, "Final response");
}

TEST_F(AnswerOnly, AStepMayBeginBelowItsNumber) {
  use(problem_line());
  const Review review = one->verify(problem, "(1)\n2 + 3 = 5.\n(2)\n\n5 + 4 = 8, the answer is 8");
  EXPECT_EQ(review.step, "1");
  EXPECT_EQ(review.segment, "2 + 3 = 5.");
  EXPECT_EQ(one->verify(problem, "(1)\n(2)\nthe answer is 8\n(3)").segment, "(1)");
}

TEST(AnswerReaders, APointerThatIsNoneIsToldInOneLine) {
  AnswerConfig config;
  config.where = "task.toml:7";
  config.json_pointer = "an\nswer";
  try {
    const AnswerReader reader(config);
    ADD_FAILURE();
  } catch (const UsageError& error) {
    EXPECT_EQ(std::string(error.what()),
              "task.toml:7: answer-json: \"an\\nswer\" is not a JSON pointer; write one like "
              "\"/answer\"");
  }
}

// Twenty problems like "Add 7, 3, 4.", each with its steps.
std::string many_problems() {
  std::string lines;
  for (int i = 10; i < 30; ++i) {
    const std::string first = std::to_string(i + 3), total = std::to_string(i + 7);
    lines += to_line({{"question", "Add " + std::to_string(i) + ", 3, 4."},
                      {"answer", i + 7},
                      {"rationale", "(1) " + std::to_string(i) + " + 3 = " + first + ".\n(2) " +
                                        first + " + 4 = " + total +
                                        ".\n(Final response) So the answer is " + total + "."}}) +
             "\n";
  }
  return lines;
}

TEST_F(AnswerOnly, InjectedErrorsAreFoundWhereTheyWereMade) {
  one = task_with_problems(many_problems());
  Random random(4);
  std::map<std::string, int> kinds, steps;
  for (int repeat = 0; repeat < 20; ++repeat) {
    for (const Problem& each : one->problems(Split::kTrain, {}, 100, 1)) {
      const auto injected = one->inject_error(each, random);
      ASSERT_TRUE(injected);
      ++kinds[injected->kind];
      ++steps[injected->step];
      EXPECT_NE(injected->attempt, each.rationale);
      EXPECT_EQ(one->verify(each, injected->attempt).step, injected->step) << injected->attempt;
    }
  }
  EXPECT_EQ(kinds.size(), 2u);
  EXPECT_EQ(steps.size(), 3u);
}

TEST_F(AnswerOnly, WithoutStepsThereIsNoErrorToInject) {
  use(to_line({{"question", "Add 2, 3, 4."}, {"answer", 9}}) + "\n");
  Random random(4);
  EXPECT_EQ(one->inject_error(problem, random), std::nullopt);
}

TEST_F(AnswerOnly, AnUnreadableAnswerIsAnOutcome) {
  use(problem_line());
  const Review review = one->verify(problem, "(1) no idea");
  EXPECT_EQ(review.error, "the pattern finds no answer");
  EXPECT_FALSE(review.failed);
}

// Verify programs.

TEST_F(UserTasks, TheProgramIsToldEverything) {
  const Review review = review_by(
      "import json, sys\nr = json.loads(sys.stdin.readline())\nprint(json.dumps({'error': "
      "json.dumps(r)}))\n");
  EXPECT_EQ(Json::parse(review.error), (Json{{"question", "Add 2, 3, 4."},
                                             {"answer", "9"},
                                             {"attempt", kWrong},
                                             {"level", "all"},
                                             {"rationale", kRationale}}));
  EXPECT_FALSE(review.failed);
}

TEST_F(UserTasks, AProgramsAnswerBecomesFeedbackInThePapersWords) {
  const Review review = review_when_printed(
      "{\"correct\": false, \"step\": 2, \"segment\": \"5 + 4 = 8\", \"reason\": \"it is 9.\"}");
  EXPECT_EQ(review.error, "");
  EXPECT_EQ(review.step, "2");
  EXPECT_EQ(review.feedback,
            "Step (1) is correct. In step (2) the part \" 5 + 4 = 8 \" is incorrect. This is "
            "because it is 9.");
  for (const char* step : {"\"Final response\"", "\"(Final response)\""}) {
    EXPECT_EQ(
        review_when_printed(
            fmt::format(
                "{{\"correct\": false, \"step\": {}, \"segment\": \"8\", \"reason\": \"no\"}}",
                step))
            .step,
        "Final response");
  }
  EXPECT_TRUE(review_when_printed("{\"correct\": true, \"more\": [1]}", kRationale).correct);
}

TEST_F(UserTasks, WhateverAProgramPrintsIsAnOutcomeWithItsCause) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "verify program ended without an answer: exit code 0"},
      {"yes", "verify program wrote no JSON object: "},
      {"[true]", "verify program wrote no JSON object: "},
      {"\xff\xfe", "verify program wrote no JSON object: "},
      {"{}\n{}", "verify program wrote more than one line: "},
      {std::string(2'000'000, ' ') + "{}", "verify program wrote too much: "},
      {"{}", "verify program left out a field: \"correct\""},
      {"{\"corect\": true}", "verify program left out a field: \"correct\"; is \"corect\" meant?"},
      {"{\"correct\": 1}",
       "verify program gave a field of the wrong type: \"correct\" should be true or false, found "
       "1"},
      {"{\"correct\": null}", "verify program gave a field of the wrong type: "},
      {"{\"correct\": true}",
       "verify program called a wrong answer correct: it is \"8\", not \"9\""},
      {"{\"correct\": false}", "verify program left out a field: \"step\""},
      {"{\"correct\": false, \"step\": 2}", "verify program left out a field: \"segment\""},
      {"{\"correct\": false, \"step\": 2.5, \"segment\": \"8\", \"reason\": \"x\"}",
       "verify program gave a field of the wrong type: \"step\" should be text, found 2.5"},
      {"{\"correct\": false, \"step\": 2, \"segment\": \"\", \"reason\": \"x\"}",
       "verify program left a field empty: \"segment\""},
      {"{\"correct\": false, \"step\": 2, \"segment\": \"8\", \"reason\": \".\"}",
       "verify program left a field empty: \"reason\""},
      {"{\"correct\": false, \"step\": 2, \"segment\": \"8\", \"reason\": {}}",
       "verify program gave a field of the wrong type: "},
      {"{\"correct\": false, \"step\": 7, \"segment\": \"8\", \"reason\": \"x\"}",
       "verify program named a step that is not in the attempt: \"7\""},
      {"{\"correct\": false, \"step\": 1, \"segment\": \"8\", \"reason\": \"x\"}",
       "verify program quoted a segment that is not in the step: \"8\" in step (1)"},
      {"{\"correct\": false, \"step\": 2, \"segment\": \"8\", \"reason\": \"x\\ny\"}",
       "verify program gave more than one line: "},
      {"{\"correct\": false, \"step\": 2, \"segment\": \"8\", \"reason\": \"x\" \"y\"}",
       "verify program wrote no JSON object: "},
      {"{\"error\": 3}",
       "verify program gave a field of the wrong type: \"error\" should be text, found 3"},
  };
  for (const auto& [printed, expected] : cases) {
    const Review review = review_when_printed(printed);
    EXPECT_THAT(review.error, StartsWith(expected)) << printed.substr(0, 80);
    EXPECT_TRUE(review.failed) << printed.substr(0, 80);
    EXPECT_FALSE(review.correct);
  }
}

TEST_F(UserTasks, ASegmentThatWouldBreakTheFeedbackIsAnOutcome) {
  const std::string part = "8\\\" is incorrect. This is because y";
  const std::string attempt =
      "(1) 8\" is incorrect. This is because y\n(Final response) So the answer is 8.";
  const Review review = review_when_printed(
      "{\"correct\": false, \"step\": 1, \"segment\": \"" + part + "\", \"reason\": \"x\"}",
      attempt);
  EXPECT_THAT(review.error, StartsWith("verify program gave a text that feedback cannot hold: "));
}

TEST_F(UserTasks, AProgramThatFailsIsAnOutcomeWithItsCause) {
  EXPECT_EQ(review_by("import sys\nsys.exit(3)\n").error,
            "verify program ended without an answer: exit code 3");
  EXPECT_THAT(review_by("raise ValueError('bad luck')\n").error, HasSubstr("ValueError: bad luck"));
  EXPECT_THAT(review_by("import os\nos.abort()\n").error, HasSubstr("killed by signal 6"));
  EXPECT_THAT(
      review_by("import time\ntime.sleep(1000)\n", "mode = \"per-call\"\ntimeout = 0.3\n").error,
      StartsWith("verify program timed out: "));
  EXPECT_THAT(review_by("import time\ntime.sleep(1000)\n", "timeout = 0.3\n").error,
              StartsWith("verify program timed out: no answer within 0.3 s"));
  // The slip of every newcomer: output that stays in the program's buffer.
  EXPECT_THAT(
      review_by("import sys\nout = open(1, 'w')\nfor line in sys.stdin: print('{}', file=out)\n",
                "timeout = 0.3\n")
          .error,
      HasSubstr("does it flush"));
  write("problems.jsonl", problem_line());
  const auto one = task(std::string(kAnswer) + "[verify]\nprogram = [\"./none\"]\n");
  EXPECT_THAT(one->verify(one->parse_problem("Add 2, 3, 4.", "test"), kWrong).error,
              StartsWith("verify program could not be started: \"./none\""));
}

TEST_F(UserTasks, AVerifierThatDiesOnOneAttemptGoesOnWithTheNext) {
  const auto one = task_with("verify",
                             "import json, sys\n"
                             "for line in sys.stdin:\n"
                             "    attempt = json.loads(line)['attempt']\n"
                             "    assert 'poison' not in attempt, attempt\n"
                             "    print(json.dumps({'error': 'read'}), flush=True)\n",
                             "");
  const Problem problem = one->parse_problem("Add 2, 3, 4.", "test");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(one->verify(problem, "fine").error, "read");
    const Review review = one->verify(problem, "poison");
    EXPECT_THAT(review.error, HasSubstr("AssertionError: poison"));
    EXPECT_TRUE(review.failed);
  }
}

TEST_F(UserTasks, ManyThreadsMayVerify) {
  const auto one =
      task_with("verify",
                "import json, sys\n"
                "for line in sys.stdin:\n"
                "    print(json.dumps({'error': json.loads(line)['attempt']}), flush=True)\n",
                "");
  const Problem problem = one->parse_problem("Add 2, 3, 4.", "test");
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        const std::string attempt = fmt::format("attempt {} of thread {}", i, t);
        right += one->verify(problem, attempt).error == attempt;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 200);
}

// Improve programs.

class Improvers : public UserTasks {
 protected:
  std::optional<std::string> improved(const std::string& script, const std::string& step = "2") {
    const auto one = task_with("improve", script);
    why.clear();
    Review review;
    review.step = step;
    review.segment = "8";
    review.reason = "it is 9";
    review.feedback = "feedback";
    return one->improve(one->parse_problem("Add 2, 3, 4.", "test"), kWrong, review, why);
  }

  std::optional<std::string> improved_when_printed(const std::string& printed,
                                                   const std::string& step = "2") {
    return improved("import sys\nsys.stdin.read()\nprint(" + Json(printed).dump() + ")\n", step);
  }

  std::string why;
};

TEST_F(Improvers, TheStepsBeforeTheWrongOneAreKept) {
  EXPECT_EQ(improved_when_printed("{\"steps\": \"(2) new\\n(Final response) 9\\n\"}"),
            "(1) 2 + 3 = 5.\n(2) new\n(Final response) 9");
  EXPECT_EQ(improved_when_printed("{\"steps\": \"(Final response) 9\"}", "Final response"),
            "(1) 2 + 3 = 5.\n(2) 5 + 4 = 8.\n(Final response) 9");
  EXPECT_EQ(why, "");
}

TEST_F(Improvers, TheProgramIsToldTheReview) {
  const auto told = improved(
      "import sys, json\nr = json.loads(sys.stdin.readline())\nprint(json.dumps({'steps': "
      "'|'.join([r['step'], r['segment'], r['reason'], r['feedback'], r['answer']])}))\n");
  EXPECT_EQ(told, "(1) 2 + 3 = 5.\n2|8|it is 9|feedback|9");
}

TEST_F(Improvers, WhateverTheProgramDoesIsAnOutcomeWithItsCause) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"{\"error\": \"too hard\"}", "improve program declined: too hard"},
      {"{\"steps\": null}", "improve program gave a field of the wrong type: "},
      {"{\"steps\": \"\"}", "improve program left a field empty: \"steps\""},
      {"{\"step\": \"x\"}", "improve program left out a field: \"steps\"; is \"step\" meant?"},
      {"nothing", "improve program wrote no JSON object: "},
  };
  for (const auto& [printed, expected] : cases) {
    EXPECT_EQ(improved_when_printed(printed), std::nullopt);
    EXPECT_THAT(why, StartsWith(expected));
  }
  EXPECT_EQ(improved_when_printed("{\"steps\": \"x\"}", "9"), std::nullopt);
  EXPECT_THAT(why,
              StartsWith("improve program was asked about a step that is not in the attempt: (9)"));
  EXPECT_EQ(improved("import sys\nsys.exit(1)\n"), std::nullopt);
  EXPECT_THAT(why, StartsWith("improve program ended without an answer: exit code 1"));
}

// The example that docs/writing_a_task.md tells about.
TEST(UserTaskExample, ProvesItself) {
  const auto one = make_task(TRIPOST_SOURCE_DIR "/examples/list_sum/task.toml");
  const auto problems = one->problems(Split::kTest, {}, 40, 1);
  ASSERT_EQ(problems.size(), 40u);
  for (const Problem& problem : problems) {
    const Review review = one->verify(problem, problem.rationale);
    EXPECT_TRUE(review.correct) << review.error << review.feedback;
    std::string wrong = problem.rationale;
    const std::size_t sum = wrong.find("= ", wrong.find("(2)")) + 2;
    wrong[sum] = wrong[sum] == '9' ? '1' : '9';
    const Review found = one->verify(problem, wrong);
    EXPECT_EQ(found.step, "2") << found.error << found.feedback;
    std::string why;
    EXPECT_EQ(one->improve(problem, wrong, found, why), problem.rationale) << why;
  }
}

}  // namespace
}  // namespace tripost
