#include "task/user_task_file.h"

#include <algorithm>
#include <map>
#include <set>

#include "task/user_task_fixture.h"

namespace tripost {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

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
      {"environment = \"HOME\"\n", "task.toml:3: environment: expected a list of names"},
      {"environment = [\"A=B\"]\n", "task.toml:3: environment: expected a list of names"},
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

TEST_F(UserTasks, NamesTheFilesThatItsResultsDependOn) {
  write("check.sh", "cat");
  write("problems.jsonl", problem_line());
  task("[verify]\nprogram = [\"sh\", \"check.sh\", \"verify\"]\n");
  const auto inputs = inputs_of_task(path());
  std::vector<std::string> names;
  for (const auto& [name, file] : inputs) {
    names.push_back(name);
    EXPECT_TRUE(std::filesystem::exists(file)) << file;
  }
  EXPECT_TRUE(inputs_of_task("multistep_arithmetic").empty());
  EXPECT_EQ(names, (std::vector<std::string>{"check.sh", "problems.jsonl", "task.toml"}));
}

TEST_F(UserTasks, ItsProgramsGetTheVariablesThatItNames) {
  write("problems.jsonl", problem_line());
  write("task.toml",
        "name = \"sums\"\nproblems = \"problems.jsonl\"\nenvironment = [\"ONE\", \"TWO\"]\n"
        "[verify]\nprogram = [\"x\"]\n[improve]\nprogram = [\"y\"]\n");
  const UserTaskFile file = read_user_task_file(path());
  EXPECT_EQ(file.verify->environment, (std::vector<std::string>{"ONE", "TWO"}));
  EXPECT_EQ(file.improve->environment, file.verify->environment);
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
      {"{\"questoin\": \"x\", \"answer\": 1}\n",
       "problems.jsonl:2: the field \"questoin\" is unknown; did you mean \"question\"?"},
      {"{\"question\": \"x\", \"id\": 7, \"anwsers\": 1}\n",
       "problems.jsonl:2: the field \"anwsers\" is unknown; did you mean \"answer\"?"},
      {"{\"question\": \"x\", \"answer\": 1, \"sene\": false}\n",
       "the field \"sene\" is unknown; did you mean \"seen\"?"},
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
    EXPECT_THAT(complaint(good + line), HasSubstr(expected)) << line;
  }
  EXPECT_THAT(complaint(""), HasSubstr("holds no problem"));
  // Fields of the author's own, however short, are not slips.
  EXPECT_EQ(complaint(problem_line({{"set", 1}, {"text", "x"}, {"note", "y"}})), "");
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

TEST_F(UserSplits, AnotherPromptMovesNoQuestionToAnotherSplit) {
  const std::string lines = many(300, "a", true);
  const auto in_split = [&](Split split, const std::string& prompt) {
    const auto drawn = task_with_problems(lines, "prompt = \"" + prompt + "{question}\"\n")
                           ->problems(split, {}, 1000, 1);
    std::set<std::string> written;
    for (const std::string& question : questions(drawn))
      written.insert(question.substr(prompt.size()));
    return written;
  };
  for (const Split split : {Split::kTrain, Split::kValidation, Split::kTest})
    EXPECT_EQ(in_split(split, ""), in_split(split, "Please: "));
}

TEST_F(UserSplits, TheTestQuestionsOfATaskAreThoseOfItsTestSplit) {
  const auto one = task_with_problems(many(100, "a", true) + many(20, "b", false),
                                      "prompt = \"Please: {question}\"\n");
  const auto wanted = questions(one->problems(Split::kTest, {}, 1000, 1));
  EXPECT_EQ(test_questions_of(path()), std::set<std::string>(wanted.begin(), wanted.end()));
  EXPECT_GT(wanted.size(), 20u);
  EXPECT_TRUE(test_questions_of("multistep_arithmetic").empty());
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

}  // namespace
}  // namespace tripost
