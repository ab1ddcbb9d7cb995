#include "task/user_task.h"

#include <atomic>
#include <thread>

#include "task/user_task_fixture.h"

namespace tripost {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

<<<<<<< HEAD
constexpr const char* kRationale =
    "(1) 2 + 3 = 5.\n(2) 5 + 4 = 9.\n(Final response) So the answer is 9.";
constexpr const char* kWrong =
    "(1) 2 + 3 = 5.\n(2) 5 + 4 = 8.\n(Final response) So the answer is 8.";

class UserTasks : public ::testing::Test {
 protected:
  // Every program of the test is gone when its task is.
  void TearDown() override {
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder.path() / name, std::ios::binary) << text;
  }

  std::string path(const char* name = "task.toml") const { return (folder.path() / name).string(); }

  static std::string problem_line(const Json& more = Json::object()) {
    Json line = {{"question", "Add 2, 3, 4."}, {"answer", 9}, {"rationale", kRationale}};
    line.update(more);
    return to_line(line) + "\n";
  }

  // A task whose TOML has these lines after name and problems.
  std::unique_ptr<Task> task(const std::string& toml) const {
    write("task.toml", "name = \"sums\"\nproblems = \"problems.jsonl\"\n" + toml);
    return make_task(path());
  }

  std::unique_ptr<Task> task_with_problems(const std::string& lines,
                                           const std::string& toml = kAnswer) const {
    write("problems.jsonl", lines);
    return task(toml);
  }

  std::string complaint(const std::string& lines, const std::string& toml = kAnswer) const {
    try {
      task_with_problems(lines, toml);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  // A task whose verifier is this Python script, run for each request.
  std::unique_ptr<Task> task_with(const char* table, const std::string& script,
                                  const std::string& more = "mode = \"per-call\"\n") const {
    write("program.py", script);
    return task_with_problems(
        problem_line(),
        std::string(kAnswer) + "[" + table + "]\nprogram = [\"python3\", \"program.py\"]\n" + more);
  }

  // What becomes of a verifier that prints this, whatever it is asked.
  Review review_when_printed(const std::string& printed,
                             const std::string& attempt = kWrong) const {
    write("printed", printed);
    write("problems.jsonl", problem_line());
    const auto one = task(std::string(kAnswer) +
                          "[verify]\nprogram = [\"cat\", \"printed\"]\nmode = \"per-call\"\n");
    return one->verify(one->parse_problem("Add 2, 3, 4.", "test"), attempt);
  }

  Review review_by(const std::string& script, const std::string& more = "mode = \"per-call\"\n",
                   const std::string& attempt = kWrong) const {
    const auto one = task_with("verify", script, more);
    return one->verify(one->parse_problem("Add 2, 3, 4.", "test"), attempt);
  }

  static constexpr const char* kAnswer = "[answer]\npattern = 'the answer is (-?\\d+)'\n";

  TemporaryFolder folder;
};

// The file.

TEST_F(UserTasks, AMissingOrBrokenFileSaysWhereAndWhat) {
  EXPECT_THROW(make_task(path("none.toml")), Error);
  write("problems.jsonl", problem_line());
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"lead_inn = \"x\"\n",
       "task.toml:3: unknown setting \"lead-inn\"; did you mean \"lead-in\"?"},
      {"[verify]\nprograme = [\"x\"]\n",
       "task.toml:4: unknown setting \"verify-programe\"; did you mean \"verify-program\"?"},
      {"[verify]\nmode = \"per-call\"\n", "task.toml: [verify] names no program"},
      {"[verify]\nprogram = \"python3 x.py\"\n",
       "task.toml:4: verify-program: expected a list of texts"},
      {"[verify]\nprogram = []\n", "verify-program: expected a list"},
      {"[improve]\nprogram = [\"x\"]\nmode = \"daemon\"\n",
       "task.toml:5: improve-mode: expected \"long-lived\" or \"per-call\", found \"daemon\""},
      {"[improve]\nprogram = [\"x\"]\ntimeout = 0\n", "improve-timeout: expected seconds"},
      {"[improve]\nprogram = [\"x\"]\ntimeout = nan\n", "improve-timeout: expected seconds"},
      {"prompt = \"no place\"\n", "prompt: expected text with {question} in one place"},
      {"prompt = \"{question}\\nAnswer: {question}\"\n",
       "prompt: expected text with {question} in one place"},
      {"prompt = \"{question}\\nAnswer: x\"\n", "prompt: expected text without the labels"},
      {"lead-in = 3\n", "task.toml:3: lead-in: expected text, found 3"},
      {"[answer]\npattern = '('\n", "task.toml:4: answer-pattern: not a valid pattern"},
      {"[answer]\npattern = 'x'\n", "task.toml:4: answer-pattern: no group"},
      {"[answer]\njson = \"answer\"\n", "answer-json: \"answer\" is not a JSON pointer"},
      {"[answer]\ncompare = \"equal\"\n", "answer-compare: expected \"numeric\" or \"exact\""},
      {"[answer]\ntolerance = 0.1\n", "a tolerance needs compare = \"numeric\""},
      {"when = 2020-01-01\n", "task.toml:3: when: expected text, a number"},
      {"x = \n", "task.toml:3: not valid TOML"},
  };
  for (const auto& [toml, expected] : cases) {
    EXPECT_THAT(complaint(problem_line(), toml), HasSubstr(expected)) << toml;
  }
  write("task.toml", "problems = \"problems.jsonl\"\n");
  EXPECT_THROW(make_task(path()), UsageError);
  write("task.toml", "name = \"multistep_arithmetic\"\nproblems = \"problems.jsonl\"\n");
  EXPECT_THROW(make_task(path()), UsageError);
}

TEST_F(UserTasks, AMalformedProblemNamesFileLineAndField) {
  const std::string good = problem_line();
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"{\"question\": \"x\"}\n", "problems.jsonl:2: the field \"answer\" is missing"},
      {"{\"answer\": 1}\n", "problems.jsonl:2: the field \"question\" is missing"},
      {"{\"question\": 1, \"answer\": 1}\n",
       "problems.jsonl:2: the field \"question\" should be a string"},
      {"{\"question\": \" \", \"answer\": 1}\n",
       "problems.jsonl:2: the field \"question\" is empty"},
      {"{\"question\": \"x\", \"answer\": [1]}\n",
       "problems.jsonl:2: the field \"answer\" should be a string or a number"},
      {"{\"question\": \"x\", \"answer\": \"\"}\n", "the field \"answer\" is \"\": it is empty"},
      {"{\"question\": \"x\", \"answer\": 1, \"levels\": \"a\"}\n",
       "the field \"levels\" is unknown; did you mean \"level\"?"},
      {"{\"question\": \"x\", \"answer\": 1, \"split\": \"dev\"}\n",
       "problems.jsonl:2: the field \"split\" should be"},
      {"{\"question\": \"x\", \"answer\": 1, \"seen\": 1}\n",
       "problems.jsonl:2: the field \"seen\" should be true or false"},
      {"{\"question\": \"x\", \"answer\": 1, \"seen\": false}\n",
       "is false here, but true on an earlier line of level \"all\""},
      {"{\"question\": \"x\", \"answer\": 1, \"level\": \"b\", \"seen\": false, \"split\": "
       "\"train\"}\n",
       "the field \"split\" is \"train\", but level \"b\" is not seen"},
      {"{\"question\": \"x\\nAnswer: 1\", \"answer\": 1}\n",
       "the field \"question\" has a line that opens with \"Answer:\""},
      {"{\"question\": \"x\", \"answer\": 1, \"rationale\": \"a\\nFeedback: b\"}\n",
       "opens with \"Feedback:\""},
      {good, "problems.jsonl:2: the field \"question\" is that of an earlier line"},
      {"[1]\n", "problems.jsonl:2: expected one JSON object a line"},
      {"{\"question\"\n", "problems.jsonl:2: not valid JSON"},
  };
  for (const auto& [line, expected] : cases) {
    if (!expected.empty()) {
      EXPECT_THAT(complaint(good + line), HasSubstr(expected)) << line;
    }
  }
  EXPECT_THAT(complaint(""), HasSubstr("holds no problem"));
  EXPECT_THAT(complaint(problem_line({{"answer", "nine"}}), "[answer]\ncompare = \"numeric\"\n"),
              HasSubstr("the field \"answer\" is \"nine\": it is not a number"));
}

// Problems and splits.

class UserSplits : public UserTasks {
 protected:
  static std::string many(int count, const std::string& level, bool seen) {
    std::string lines;
    for (int i = 0; i < count; ++i)
      lines += to_line({{"question", fmt::format("{} {}", level, i)},
                        {"answer", i},
                        {"level", level},
                        {"seen", seen}}) +
               "\n";
    return lines;
  }

  static std::vector<std::string> questions(const std::vector<Problem>& problems) {
    std::vector<std::string> texts;
    for (const Problem& problem : problems) texts.push_back(problem.question);
    return texts;
  }
};

TEST_F(UserSplits, EveryProblemIsInOneSplitAndUnseenLevelsAreTestOnes) {
  const auto one =
      task_with_problems(many(300, "a", true) + many(300, "b", true) + many(50, "c", false));
  std::set<std::string> all;
  std::map<Split, std::size_t> sizes;
  for (const Split split : {Split::kTrain, Split::kValidation, Split::kTest}) {
    for (const Problem& problem : one->problems(split, {}, 1000, 1)) {
      EXPECT_TRUE(all.insert(problem.question).second) << problem.question;
      EXPECT_TRUE(problem.seen || split == Split::kTest);
      ++sizes[split];
    }
  }
  EXPECT_EQ(all.size(), 650u);
  EXPECT_NEAR(static_cast<double>(sizes[Split::kTrain]), 480, 40);
  EXPECT_NEAR(static_cast<double>(sizes[Split::kTest]), 50 + 60, 30);
  ASSERT_EQ(one->levels().size(), 3u);
  EXPECT_EQ(one->levels()[2].name, "c");
  EXPECT_FALSE(one->levels()[2].seen);
}

TEST_F(UserSplits, DrawsAreEvenOverLevelsAndTheSameForTheSameSeed) {
  const auto one = task_with_problems(many(300, "a", true) + many(30, "b", true));
  const auto drawn = one->problems(Split::kTrain, {}, 20, 5);
  EXPECT_EQ(
      std::count_if(drawn.begin(), drawn.end(), [](const Problem& p) { return p.level == "b"; }),
      10);
  EXPECT_EQ(questions(drawn), questions(one->problems(Split::kTrain, {}, 20, 5)));
  EXPECT_NE(questions(drawn), questions(one->problems(Split::kTrain, {}, 20, 6)));
  // A line more or less elsewhere moves no question to another split.
  const auto before = questions(one->problems(Split::kTest, {"a"}, 1000, 1));
  const auto after =
      questions(task_with_problems(many(299, "a", true))->problems(Split::kTest, {"a"}, 1000, 1));
  for (const std::string& question : after) EXPECT_THAT(before, ::testing::Contains(question));
  EXPECT_THROW(one->problems(Split::kTest, {"d"}, 1, 1), Error);
}

TEST_F(UserSplits, ALineMayNameItsSplit) {
  const auto one = task_with_problems(problem_line({{"split", "validation"}}));
  EXPECT_EQ(one->problems(Split::kValidation, {}, 10, 1).size(), 1u);
  EXPECT_TRUE(one->problems(Split::kTrain, {}, 10, 1).empty());
  EXPECT_TRUE(one->problems(Split::kTest, {}, 10, 1).empty());
}

TEST_F(UserTasks, AQuestionIsFoundAsWrittenAndAsAsked) {
  const auto one =
      task_with_problems(problem_line(), "prompt = \"Please: {question}\"\nlead-in = \"Well.\"\n");
  const Problem problem = one->parse_problem("Add 2, 3, 4.", "test");
  EXPECT_EQ(problem.question, "Please: Add 2, 3, 4.");
  EXPECT_EQ(problem.lead_in, "Well.");
  EXPECT_EQ(problem.gold, "9");
  EXPECT_THAT(problem.id, StartsWith("sums:all:"));
  EXPECT_EQ(one->parse_problem("Q: " + problem.question, "test").id, problem.id);
  try {
    one->parse_problem("Add 1, 1.", "f.jsonl:3");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), StartsWith("f.jsonl:3: the question \"Add 1, 1.\" is not in "));
  }
}

// Reading answers.

class UserAnswers : public UserTasks {
 protected:
  Verdict grade(const std::string& toml, const Json& gold, const std::string& attempt) const {
    const auto one = task_with_problems(problem_line({{"answer", gold}}), "[answer]\n" + toml);
    return one->grade(one->parse_problem("Add 2, 3, 4.", "test"), attempt);
  }
};

TEST_F(UserAnswers, ThePatternsLastMatchCounts) {
  const std::string toml = "pattern = 'answer is (\\w+)'\n";
  EXPECT_TRUE(grade(toml, "b", "the answer is a\nno, the answer is b").correct);
  EXPECT_EQ(grade(toml, "b", "the answer is a").answer, "a");
  EXPECT_EQ(grade(toml, "b", "nothing").error, "the pattern finds no answer");
  EXPECT_EQ(grade(toml, "b", "").error, "the pattern finds no answer");
  EXPECT_TRUE(grade(toml, "b", "\xff\xfe the answer is b \xc3").correct);
  EXPECT_TRUE(grade("pattern = '(\\w*)'\n", "b", "\xc3\xa9\xc3\xa9 b").error ==
              "the answer is empty");
}

TEST_F(UserAnswers, APatternThatWouldTakeForEverIsAnOutcome) {
  EXPECT_THAT(grade("pattern = '((a+)+)b'\n", "b", std::string(10'000, 'a') + " b").error,
              HasSubstr("the pattern could not be matched"));
}

TEST_F(UserAnswers, WithoutAPatternTheLastLineIsTheAnswer) {
  EXPECT_TRUE(grade("", "x y", "first\n  x y \n\n").correct);
  EXPECT_FALSE(grade("", "x y", "x  y").correct);
  EXPECT_EQ(grade("", "x", " \n").error, "the attempt is empty");
}

TEST_F(UserAnswers, NumbersAreComparedWithinTheTolerance) {
  const std::string toml = "compare = \"numeric\"\n";
  EXPECT_TRUE(grade(toml, 7, "7.0").correct);
  EXPECT_TRUE(grade(toml, "7", "+7").correct);
  EXPECT_FALSE(grade(toml, "9007199254740993", "9007199254740992").correct);
  EXPECT_FALSE(grade(toml, 7, "7.01").correct);
  EXPECT_TRUE(grade(toml + "tolerance = 0.02\n", 7, "7.01").correct);
  EXPECT_FALSE(grade(toml + "tolerance = 0.02\n", 7, "7.03").correct);
  for (const char* text : {"seven", "7x", "nan", "inf", "1e999", "--7", "+-7", "0x7"})
    EXPECT_THAT(grade(toml, 7, text).error, HasSubstr("is not a number")) << text;
}

TEST_F(UserAnswers, AJsonPointerPicksFromTheText) {
  const std::string toml = "json = \"/result/0\"\n";
  EXPECT_TRUE(grade(toml, "b", "thinking\n{\"result\": [\"b\"]}").correct);
  EXPECT_TRUE(grade(toml + "compare = \"numeric\"\n", 2.5, "{\"result\": [2.50]}").correct);
  EXPECT_TRUE(
      grade("pattern = '<(.*)>'\njson = \"/a\"\n", "true", "say <{\"a\": true}> now").correct);
  EXPECT_THAT(grade(toml, "b", "{\"result\": {}}").error, HasSubstr("has nothing at /result/0"));
  EXPECT_THAT(grade(toml, "b", "{\"result\": 3}").error, HasSubstr("has nothing at /result/0"));
  EXPECT_THAT(grade(toml, "b", "no JSON").error, HasSubstr("not valid JSON"));
  EXPECT_THAT(grade(toml, "b", std::string(100'000, '[')).error, HasSubstr("nested deeper"));
}

=======
>>>>>>> usertask
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
