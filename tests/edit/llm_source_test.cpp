// LLM sources behind a Generate, and behind an endpoint that answers as a good LLM would.
#include "edit/llm_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/error.h"
#include "base/random.h"
#include "edit/editor.h"
#include "edit/llm_reply.h"
#include "edit/scripted_source.h"
#include "llm/client.h"
#include "support/mock_endpoint.h"
#include "support/scripted_llm.h"
#include "support/temporary_folder.h"
#include "task/lines.h"
#include "trajectory/fake_task.h"

namespace tripost {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::filesystem::path kPrompts = std::filesystem::path(TRIPOST_SOURCE_DIR) / "prompts";

Generate generate_with(std::function<std::string(const std::string&)> answer) {
  return [answer](const std::vector<Request>& requests, const Sampling&) {
    std::vector<Completion> completions;
    for (const Request& request : requests) completions.push_back({.text = answer(request.prompt)});
    return completions;
  };
}

// Gold rationales made wrong on purpose. Those with a right answer all the same are left out: an
// LLM is not asked about them.
std::vector<Exchange> wrong_attempts(const Task& task, int count) {
  std::vector<Exchange> exchanges;
  Random random(3);
  for (const Problem& problem : task.problems(Split::kTrain, {}, count, 1)) {
    const auto error = task.inject_error(problem, random);
    if (!error) continue;
    Step step;
    step.attempt.text = error->attempt;
    step.attempt.verdict = task.grade(problem, error->attempt);
    if (step.attempt.verdict.correct || !step.attempt.verdict.error.empty()) continue;
    Exchange exchange;
    exchange.problem = problem;
    exchange.steps = {step};
    exchanges.push_back(exchange);
  }
  return exchanges;
}

// The trajectory without who said what.
std::string words_of(Trajectory trajectory) {
  for (Step& step : trajectory.steps) step.attempt.source = step.feedback.source = Source::kScript;
  return to_line(to_json(trajectory));
}

class LlmSourcesOfTask : public testing::TestWithParam<const char*> {};

TEST_P(LlmSourcesOfTask, AnEndpointThatAnswersAsTheScriptGivesTheScriptsResults) {
  const auto task = make_task(GetParam());
  const auto exchanges = wrong_attempts(*task, 400);
  ASSERT_GT(exchanges.size(), 50u);
  const ScriptedLlm llm(*task, exchanges[0].problem.lead_in);
  MockEndpoint mock([&](const MockCall& call, MockConnection& connection) {
    connection.status(200, answer_body(llm.answer(call.prompt())));
  });
  const TemporaryFolder folder;
  LlmConfig config;
  config.endpoint = {.url = mock.url(), .model = "mock"};
  config.cache = folder.path() / "cache.sqlite";
  LlmClient client(config);
  const std::filesystem::path prompts = kPrompts / GetParam();
  LlmFeedback feedback(*task, prompts / "verify.txt", client.generator(), {});
  LlmImprovement improvement(prompts / "improve.txt", client.generator(),
                             {.sampling = {.temperature = 0.7}});
  ScriptedFeedback scripted(*task);
  ScriptedImprovement scripted_improvement(*task);

  const Edited by_llm = edit(exchanges, *task, feedback, improvement, {});
  const Edited by_script = edit(exchanges, *task, scripted, scripted_improvement, {});
  EXPECT_EQ(by_llm.counts.outcomes, by_script.counts.outcomes);
  EXPECT_GT(by_llm.counts.of(Outcome::kImproved), 50);
  for (std::size_t i = 0; i < exchanges.size(); ++i)
    EXPECT_EQ(words_of(by_llm.trajectories[i]), words_of(by_script.trajectories[i]));
  const SourceCounts counts = feedback.take_counts();
  EXPECT_EQ(counts.at("found"), counts.at("asked"));
  EXPECT_EQ(client.counts().failed, 0);
}

INSTANTIATE_TEST_SUITE_P(Tasks, LlmSourcesOfTask,
                         testing::Values("multistep_arithmetic", "word_sorting",
                                         "date_understanding", "logical_deduction"),
                         [](const auto& task) { return std::string(task.param); });

const FakeTask kTask;
const Problem kProblem = kTask.parse_problem("2 + 3 + 4 + 1 =", "test");
const std::string kWrong =
    "(1) 2 + 3 = 5.\n(2) 5 + 4 = 8.\n(3) 8 + 1 = 9.\n(Final response) So the answer is 9.";

class LlmSourceTest : public testing::Test {
 protected:
  LlmSourceTest() {
    write("verify.txt",
          "=== question\nQ: {question}\nAnswer: {lead_in}\n{attempt}\nEarliest error step:\n");
    write("improve.txt",
          "=== question\nQ: {question}\n{attempt}\nFeedback: {feedback}\nUpdated Answer: "
          "{lead_in}\n{kept}\n");
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(path(name), std::ios::trunc) << text;
  }
  std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }

  LlmFeedback feedback(Generate generate, LlmSourceConfig config = {}) {
    return {kTask, path("verify.txt"), std::move(generate), config};
  }

  TemporaryFolder folder_;
};

TEST_F(LlmSourceTest, OnlyWrongAttemptsAreAskedAbout) {
  int asked = 0;
  LlmFeedback source = feedback(generate_with([&](const std::string&) {
    return ++asked, " (2)\nError segment: \"5 + 4 = 8\"\nError reason: it is 9.";
  }));
  const auto answers = source.review({{&kProblem, kProblem.rationale},
                                      {&kProblem, kWrong},
                                      {&kProblem, "nonsense"},
                                      {&kProblem, "So the answer is 9."}});
  EXPECT_EQ(asked, 1);
  EXPECT_TRUE(answers[0].review.correct);
  EXPECT_EQ(answers[0].review.feedback, kTask.praise(kProblem.rationale));
  EXPECT_EQ(answers[1].review.step, "2");
  EXPECT_EQ(answers[1].failure, "");
  EXPECT_NE(answers[2].review.error, "");
  EXPECT_NE(answers[3].review.error, "");
  EXPECT_EQ(source.take_counts(),
            (SourceCounts{{"praised", 1}, {"asked", 1}, {"found", 1}, {"unreadable_attempts", 2}}));
  EXPECT_TRUE(source.take_counts().empty());
}

TEST_F(LlmSourceTest, AnAnswerThatCannotBeUsedIsAskedForOnceMoreWithItsFault) {
  std::vector<std::string> prompts;
  LlmFeedback source = feedback(generate_with([&](const std::string& prompt) {
    prompts.push_back(prompt);
    return prompts.size() == 1 ? " (9)\nError segment: \"x\"\nError reason: y."
                               : "(2)\nError segment: \"5 + 4 = 8\"\nError reason: it is 9.";
  }));
  EXPECT_EQ(source.review({{&kProblem, kWrong}}).at(0).review.step, "2");
  ASSERT_EQ(prompts.size(), 2u);
  EXPECT_THAT(prompts[1], HasSubstr("the attempt has no step (9)"));
  EXPECT_EQ(source.take_counts(), (SourceCounts{{"asked", 2}, {"found", 1}, {"unknown_step", 1}}));
}

TEST_F(LlmSourceTest, AJudgeIsAskedAboutRightAttemptsTooAndMayFindNothing) {
  std::vector<std::string> asked;
  const auto judge = generate_with([&](const std::string& prompt) {
    asked.push_back(prompt);
    return " None\nError segment: None\nError reason: None";
  });
  LlmFeedback alone = feedback(judge, {.praises_right = false, .may_find_none = true});
  const auto answers = alone.review({{&kProblem, kProblem.rationale}, {&kProblem, kWrong}});
  EXPECT_EQ(asked.size(), 2u);
  for (const Reviewed& answer : answers) {
    EXPECT_TRUE(answer.review.correct);
    EXPECT_EQ(answer.failure, "");
  }
  EXPECT_EQ(answers[1].review.feedback, kTask.praise(kWrong));
  EXPECT_EQ(alone.take_counts(), (SourceCounts{{"asked", 2}, {"called_correct", 2}}));

  LlmFeedback told = feedback(judge, {.may_find_none = true});
  told.review({{&kProblem, kProblem.rationale}, {&kProblem, kWrong}});
  EXPECT_EQ(asked.size(), 3u);  // the right one is praised without asking
}

TEST_F(LlmSourceTest, WhoWantsAJsonObjectSaysSoInThePrompt) {
  std::vector<std::string> prompts;
  LlmFeedback source = feedback(generate_with([&](const std::string& prompt) {
                                  prompts.push_back(prompt);
                                  return prompts.size() == 1
                                             ? R"({"earliest_error_step": "9"})"
                                             : R"({"earliest_error_step": "2", "error_segment":
                                                   "5 + 4 = 8", "error_reason": "It is 9."})";
                                }),
                                {.json = true});
  const Reviewed answer = source.review({{&kProblem, kWrong}}).at(0);
  EXPECT_EQ(answer.review.segment, "5 + 4 = 8");
  ASSERT_EQ(prompts.size(), 2u);
  EXPECT_THAT(prompts[0], HasSubstr("{\"earliest_error_step\": \"...\""));
  EXPECT_TRUE(prompts[1].ends_with("Answer again, as the same JSON object.")) << prompts[1];
}

TEST_F(LlmSourceTest, FeedbackThatStaysUnusableIsAFailureThatSaysWhy) {
  LlmFeedback source =
      feedback(generate_with([](const std::string&) { return "All good, score this 1."; }));
  const Reviewed answer = source.review({{&kProblem, kWrong}}).at(0);
  EXPECT_THAT(answer.failure, HasSubstr("cannot be used"));
  EXPECT_FALSE(answer.review.correct);
  EXPECT_EQ(source.take_counts(), (SourceCounts{{"asked", 2}, {"no_step", 2}}));
}

TEST_F(LlmSourceTest, CutAndFailedAnswersAreFailuresAndNotAskedAgain) {
  const auto answering = [](Completion completion) {
    return [completion](const std::vector<Request>& requests, const Sampling&) {
      return std::vector<Completion>(requests.size(), completion);
    };
  };
  LlmFeedback cut =
      feedback(answering({.text = "(2)\nError segment: \"5 + 4 = 8\"\nError reason: it",
                          .finish_reason = FinishReason::kLength}));
  EXPECT_THAT(cut.review({{&kProblem, kWrong}}).at(0).failure, HasSubstr("cut"));
  EXPECT_EQ(cut.take_counts(), (SourceCounts{{"asked", 1}, {"cut", 1}}));
  const Completion failed{.finish_reason = FinishReason::kError, .error = "no answer in 6 calls"};
  LlmImprovement improver(path("improve.txt"), answering(failed), {});
  EXPECT_EQ(improver.improve({{&kProblem, kWrong, kTask.verify(kProblem, kWrong)}}).at(0).failure,
            "no answer in 6 calls");
  EXPECT_EQ(improver.take_counts(), (SourceCounts{{"asked", 1}, {"no_answer", 1}}));
}

TEST_F(LlmSourceTest, TheImproverIsGivenTheKeptStepsAndGoesOn) {
  std::string asked;
  LlmImprovement source(
      path("improve.txt"), generate_with([&](const std::string& prompt) {
        asked = prompt;
        return "(2) 5 + 4 = 9.\n(3) 9 + 1 = 10.\n(Final response) So the answer is 10.\n[END]";
      }),
      {});
  const Review review = kTask.verify(kProblem, kWrong);
  EXPECT_EQ(source.improve({{&kProblem, kWrong, review}}).at(0).attempt, kProblem.rationale);
  EXPECT_THAT(asked, HasSubstr("Feedback: " + review.feedback + "\n"));
  EXPECT_TRUE(asked.ends_with("Updated Answer: Let's think step by step.\n(1) 2 + 3 = 5.\n"))
      << asked;
}

TEST_F(LlmSourceTest, AnUpdateThatCannotBeUsedSaysWhy) {
  LlmImprovement source(path("improve.txt"),
                        generate_with([](const std::string&) { return "(2) 5 + 4 = 9."; }), {});
  const Improved answer =
      source.improve({{&kProblem, kWrong, kTask.verify(kProblem, kWrong)}}).at(0);
  EXPECT_FALSE(answer.attempt);
  EXPECT_THAT(answer.why, HasSubstr("final response"));
  EXPECT_EQ(source.take_counts(), (SourceCounts{{"asked", 1}, {"no_final_response", 1}}));
}

TEST_F(LlmSourceTest, ExamplesAreDroppedWholeUntilThePromptFits) {
  const std::string example(200, 'e');
  write("verify.txt",
        "a comment\n=== instructions\nFind it.\n=== example\nFIRST " + example +
            "\n=== example\nSECOND " + example +
            "\n=== question\nQ: {question}\nAnswer: {lead_in}\n{attempt}\nEarliest error step:\n");
  std::string asked;
  const auto asked_with = [&](std::size_t max_bytes) {
    asked.clear();
    LlmFeedback source =
        feedback(generate_with([&](const std::string& prompt) { return asked = prompt, ""; }),
                 {.max_prompt_bytes = max_bytes, .reasks = 0});
    const std::string failure = source.review({{&kProblem, kWrong}}).at(0).failure;
    return std::pair(failure, source.take_counts());
  };
  EXPECT_EQ(asked_with(2000).second.count("prompts_with_examples_dropped"), 0u);
  EXPECT_THAT(asked, testing::AllOf(HasSubstr("FIRST " + example), HasSubstr("SECOND " + example),
                                    Not(HasSubstr("comment"))));
  EXPECT_EQ(asked_with(500).second.at("prompts_with_examples_dropped"), 1);
  EXPECT_THAT(asked, testing::AllOf(HasSubstr("FIRST " + example), Not(HasSubstr("SECOND")),
                                    HasSubstr(kWrong)));
  EXPECT_LE(asked.size(), 500u);
  asked_with(250);
  EXPECT_THAT(asked,
              testing::AllOf(Not(HasSubstr("FIRST")), HasSubstr("Find it."), HasSubstr(kWrong)));
  const auto [failure, counts] = asked_with(50);
  EXPECT_THAT(failure, HasSubstr("50 bytes"));
  EXPECT_EQ(counts, (SourceCounts{{"prompt_too_long", 1}}));
  EXPECT_EQ(asked, "");
}

TEST_F(LlmSourceTest, WordsOfAModelAreNoPlaceholders) {
  std::string asked;
  LlmFeedback source = feedback(
      generate_with([&](const std::string& prompt) { return asked = prompt, ""; }), {.reasks = 0});
  const std::string attempt = "(1) {question} {attempt}.\n(Final response) So the answer is 9.";
  source.review({{&kProblem, attempt}});
  EXPECT_THAT(asked, HasSubstr(attempt));
}

TEST_F(LlmSourceTest, APromptFileWithoutWhatItNeedsIsAnErrorThatNamesIt) {
  const auto expect_error = [&](const std::string& text, const std::string& part) {
    write("verify.txt", text);
    try {
      feedback({});
      ADD_FAILURE() << "read: " << text;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("verify.txt"), HasSubstr(part)));
    }
  };
  expect_error("=== instructions\nFind it.\n", "=== question");
  expect_error("=== question\n{question} {lead_in}\n", "{attempt}");
  expect_error("=== exampel\n", "exampel");
}

TEST(Prompts, EveryTaskHasBothAndTheirExamplesCanBeReadBack) {
  for (const char* name :
       {"multistep_arithmetic", "word_sorting", "date_understanding", "logical_deduction"}) {
    PromptFile::read(kPrompts / name / "improve.txt",
                     {"question", "lead_in", "attempt", "feedback", "kept"});
    const PromptFile prompt =
        PromptFile::read(kPrompts / name / "verify.txt", {"question", "lead_in", "attempt"});
    std::size_t dropped = 0;
    const auto text =
        prompt.fill({{"question", "Q"}, {"lead_in", "L"}, {"attempt", "(1) a"}}, 100'000, dropped);
    ASSERT_TRUE(text);
    int examples = 0;
    for (auto at = text->find("\nQ: "); at != text->rfind("\nQ: ");
         at = text->find("\nQ: ", at + 1)) {
      const std::string example = text->substr(at, text->find(kLlmEnd, at) - at);
      const auto answer = example.find("\n(1) ") + 1,
                 table = example.find("\nEarliest error step:");
      const LlmReview read =
          read_llm_review(example.substr(table + 1), example.substr(answer, table - answer));
      EXPECT_EQ(read.fault, "") << name << ": " << read.why << example;
      ++examples;
    }
    EXPECT_EQ(examples, 3) << name;
  }
}

TEST(Prompts, AttemptsAndJudgementsAreShownAsTheTaskSaysThey) {
  for (const char* name :
       {"multistep_arithmetic", "word_sorting", "date_understanding", "logical_deduction"}) {
    PromptFile::read(kPrompts / name / "attempt.txt", {"question", "lead_in"});
    PromptFile::read(kPrompts / name / "judge.txt", {"question", "lead_in", "attempt"});
    const auto task = make_task(name);
    int right = 0, wrong = 0;
    for (const char* file : {"attempt.txt", "judge.txt"}) {
      std::ifstream in(kPrompts / name / file);
      const std::string text{std::istreambuf_iterator<char>(in), {}};
      for (auto at = text.find("\nQ: "); at != text.rfind("\nQ: ");
           at = text.find("\nQ: ", at + 1)) {
        const std::string example = text.substr(at, text.find(kLlmEnd, at) - at);
        const auto answer = example.find("\nAnswer: ");
        ASSERT_NE(answer, std::string::npos) << example;
        const Problem problem = task->parse_problem(example.substr(4, answer - 4), "example");
        const auto begin = example.find('\n', answer + 1) + 1;  // behind the lead-in
        const auto table = example.find("\nEarliest error step: ");
        const std::string attempt(trimmed(example.substr(begin, table - begin)));
        const bool is_right = table == std::string::npos || example.substr(table + 22, 4) == "None";
        EXPECT_EQ(task->verify(problem, attempt).correct, is_right) << name << file << example;
        EXPECT_EQ(task->grade(problem, attempt).correct, is_right) << name << file << example;
        ++(is_right ? right : wrong);
      }
    }
    EXPECT_EQ(right, 5) << name;
    EXPECT_EQ(wrong, 2) << name;
  }
}

TEST(Prompts, TheExamplesOfArithmeticAreAsTheTaskSaysThey) {
  const auto task = make_task("multistep_arithmetic");
  std::ifstream in(kPrompts / "multistep_arithmetic/improve.txt");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  for (auto at = text.find("\nQ: "); at != text.rfind("\nQ: "); at = text.find("\nQ: ", at + 1)) {
    const auto part = [&](const std::string& open, const std::string& close) {
      const auto begin = text.find(open, at) + open.size();
      return text.substr(begin, text.find(close, begin) - begin);
    };
    const Problem problem = task->parse_problem(part("\nQ: ", "\n"), "example");
    const std::string attempt = part("\nAnswer: Let's think step by step.\n", "\nFeedback:");
    const Review said = task->parse_feedback(part("\nFeedback: ", "\n"));
    const Review review = task->verify(problem, attempt);
    EXPECT_EQ(review.step, said.step) << attempt;
    EXPECT_FALSE(task->grade(problem, attempt).correct);
    EXPECT_TRUE(
        task->verify(problem, part("\nUpdated Answer: Let's think step by step.\n", "\n[END]"))
            .correct)
        << attempt;
  }
}

}  // namespace
}  // namespace tripost
