// The commands that ask an LLM, with an endpoint that answers as a good LLM would.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <set>

#include "base/json.h"
#include "cli/executable.h"
#include "cli/training_lines.h"
#include "support/mock_endpoint.h"
#include "support/scripted_llm.h"

namespace tripost {
namespace {

using testing::HasSubstr;

const std::string kBase = TRIPOST_SOURCE_DIR "/models/base";

class LlmCommands : public Executable, public testing::WithParamInterface<const char*> {
 protected:
  LlmCommands()
      : task_(make_task(GetParam())),
        llm_(*task_, task_->problems(Split::kTrain, {}, 1, 1).at(0).lead_in),
        answer_([this](const std::string& prompt) { return llm_.answer(prompt); }),
        mock_([this](const MockCall& call, MockConnection& connection) {
          connection.status(200, answer_body(answer_(call.prompt())));
        }) {}

  Finished run_llm(std::vector<std::string> arguments) {
    for (const char* more : {"--task", GetParam(), "--llm-model", "mock"})
      arguments.push_back(more);
    arguments.insert(arguments.end(), {"--llm-url", mock_.url()});
    return run(arguments);
  }

  // The row of all problems.
  Json evaluate(const char* output, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"evaluate", "--problems", "8", "--output", in(output)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Finished finished = run_llm(arguments);
    EXPECT_EQ(finished.code, 0) << finished.messages;
    if (finished.code != 0) return {};
    return parse_json(read_file(in(output)), output)["rows"].back();
  }

  std::unique_ptr<Task> task_;
  ScriptedLlm llm_;
  std::function<std::string(const std::string&)> answer_;
  MockEndpoint mock_;
};

TEST_P(LlmCommands, AnLlmIsEvaluatedAloneAndWithCorrectionsByPrompt) {
  const Json alone = evaluate("alone", {"--attempt", "llm"});
  ASSERT_FALSE(alone.is_null());
  const double first = alone["accuracy_first"];
  EXPECT_GT(first, 0.0);
  EXPECT_LT(first, 1.0);
  EXPECT_EQ(alone["accuracy_final"], first);
  EXPECT_EQ(alone["method"], "mock");

  const std::vector<std::string> turns = {"--attempt", "llm", "--self-improve", "--feedback",
                                          "llm"};
  const Json corrected = evaluate("corrected", turns);
  EXPECT_EQ(corrected["accuracy_first"], first);
  EXPECT_EQ(corrected["accuracy_final"], 1.0);
  EXPECT_EQ(corrected["negative_on_wrong"], 1.0);
  EXPECT_EQ(corrected["right_step"], 1.0);
  EXPECT_EQ(corrected["negative_on_right"], 0.0);
  EXPECT_EQ(corrected["method"], "mock + SI prompt");
}

// A judge that always finds a mistake in the last step, and an improver that then changes the
// answer: only the oracle keeps what was right.
TEST_P(LlmCommands, TheOracleStopKeepsRightAnswersFromABadJudge) {
  answer_ = [&](const std::string& prompt) -> std::string {
    if (ScriptedLlm::asks_for_feedback(prompt))
      return " (Final response)\nError segment: \"answer is\"\nError reason: it is another.\n[END]";
    if (ScriptedLlm::asks_for_update(prompt))
      return "(Final response) Now the answer is: nothing.\n[END]";
    return ScriptedLlm::is_of_task(prompt) ? llm_.problem_of(prompt).rationale : "four";
  };
  std::vector<std::string> options = {"--attempt", "llm", "--self-improve", "--feedback", "llm"};
  const Json without = evaluate("without", options);
  ASSERT_FALSE(without.is_null());
  EXPECT_EQ(without["accuracy_first"], 1.0);
  EXPECT_EQ(without["negative_on_right"], 1.0);
  options.push_back("--return-if-correct");
  const Json with = evaluate("with", options);
  EXPECT_EQ(with["accuracy_final"], 1.0);
  EXPECT_EQ(with["changed"], 0.0);
  EXPECT_EQ(with["negative_on_right"], 0.0);
  EXPECT_EQ(with["method"], "mock + SI prompt, oracle stop");
}

TEST_P(LlmCommands, RationalesOfAnLlmAreKeptWhenTheirAnswerIsRight) {
  const auto problems = task_->problems(Split::kTrain, {}, 10, 5);
  std::size_t right = 0;
  {
    LineWriter writer(in("questions"), LineWriter::Mode::kReplace);
    for (const Problem& problem : problems) {
      writer.write({{"question", problem.question}, {"tag", problem.id}});
      right += llm_.attempt(problem) == problem.rationale;
    }
  }
  ASSERT_GT(right, 0u);
  ASSERT_LT(right, problems.size());
  const Finished finished = run_llm(
      {"collect", "rationales", "--from", "llm", "--input", in("questions"), "--output", in("o")});
  ASSERT_EQ(finished.code, 0) << finished.messages;
  EXPECT_THAT(finished.output, HasSubstr(fmt::format("kept{:>28}", right)));
  EXPECT_THAT(finished.output, HasSubstr(fmt::format("wrong answer{:>20}", 10 - right)));
  std::size_t lines = 0;
  for_each_json_line(in("o"), [&](const Json& line, const std::string&) {
    const Problem problem = task_->parse_problem(question_of(line, "o"), "o");
    EXPECT_EQ(line["meta_data"]["rationale"], problem.rationale);
    EXPECT_EQ(line["meta_data"]["tag"], problem.id);
    EXPECT_EQ(line["text"], fmt::format("Q: {}\nAnswer: {}\n{}", problem.question, problem.lead_in,
                                        problem.rationale));
    ++lines;
  });
  EXPECT_EQ(lines, right);
  // Again, without a call: every answer is in the cache.
  const std::size_t calls = mock_.calls().size();
  const std::string written = read_file(in("o"));
  fs::remove(in("o"));
  EXPECT_EQ(run_llm({"collect", "rationales", "--from", "llm", "--input", in("questions"),
                     "--output", in("o")})
                .code,
            0);
  EXPECT_EQ(read_file(in("o")), written);
  EXPECT_EQ(mock_.calls().size(), calls);
}

TEST_P(LlmCommands, DemonstrationsOfAnLlmHoldItsMistakesAndTheirCorrection) {
  const Finished finished = run_llm({"collect", "demonstrations", "--from", "llm", "--problems",
                                     "16", "--improve-data-ratio", "0", "--output", in("o")});
  ASSERT_EQ(finished.code, 0) << finished.messages;
  std::map<std::string, int> kinds;
  for_each_json_line(in("o"), [&](const Json& line, const std::string&) {
    ++kinds[line["kind"].get<std::string>()];
  });
  std::map<std::string, int> outcomes;
  for_each_json_line(in("o.work") + "/iteration-1/trajectories.jsonl",
                     [&](const Json& line, const std::string&) {
                       ++outcomes[line["outcome"].get<std::string>()];
                       for (const Json& step : line["steps"]) {
                         EXPECT_EQ(step["attempt"]["source"], "llm");
                         EXPECT_EQ(step["feedback"]["source"], "llm");
                       }
                     });
  EXPECT_GT(outcomes["improved"], 0);
  EXPECT_GT(outcomes["correct"], 0);
  EXPECT_EQ(outcomes["improved"] + outcomes["correct"], 16) << finished.output;
  EXPECT_GE(kinds["improvement"], outcomes["improved"]);
  EXPECT_GE(kinds["corrected"] + kinds["non_improvement"], outcomes["improved"]);
  EXPECT_THAT(finished.output, HasSubstr("improved"));
}

INSTANTIATE_TEST_SUITE_P(Tasks, LlmCommands,
                         testing::Values("multistep_arithmetic", "word_sorting",
                                         "date_understanding", "logical_deduction"),
                         [](const auto& task) { return std::string(task.param); });

class LlmComparison : public LlmCommands {
 protected:
  Finished compare(std::vector<std::string> more) {
    const std::vector<std::string> small = {"compare",  "--tasks",
                                            GetParam(), "--model",
                                            kBase,      "--output",
                                            in("run"),  "--seeds",
                                            "1",        "--iterations",
                                            "1",        "--problems",
                                            "12",       "--max-new-tokens",
                                            "250",      "--min-records",
                                            "1",        "--finetune-max-steps",
                                            "30",       "--finetune-batch-tokens",
                                            "512",      "--finetune-learning-rate",
                                            "0.001",    "--train-max-steps",
                                            "2",        "--test-seen",
                                            "2",        "--test-unseen",
                                            "1",        "--test-max-updates",
                                            "1",        "--test-max-new-tokens",
                                            "40",       "--threads",
                                            "1"};
    more.insert(more.begin(), small.begin(), small.end());
    return run(more);
  }

  // Who wrote the attempts and the feedback of a method's first iteration.
  std::pair<std::set<std::string>, std::set<std::string>> sources_of(const std::string& method) {
    std::set<std::string> attempts, feedback;
    const std::string cell = in("run") + "/" + GetParam() + "/seed-42/" + method;
    for_each_json_line(cell + "/iteration-1/trajectories.jsonl",
                       [&](const Json& line, const std::string&) {
                         const Json& first = line["steps"][0];
                         attempts.insert(first["attempt"]["source"].get<std::string>());
                         if (!first["feedback"]["text"].get<std::string>().empty())
                           feedback.insert(first["feedback"]["source"].get<std::string>());
                       });
    return {attempts, feedback};
  }
};

TEST_P(LlmComparison, AnLlmDemonstratesAndEditsWhatTriPosTAttempts) {
  const Finished finished =
      compare({"--methods", "demonstrations", "--demonstrator", "llm", "--verifier", "llm",
               "--improver", "llm", "--llm-model", "mock", "--llm-url", mock_.url()});
  ASSERT_EQ(finished.code, 0) << finished.messages;
  using Sources = std::set<std::string>;
  EXPECT_EQ(sources_of("demonstrations"), std::pair(Sources{"llm"}, Sources{"llm"}));
  EXPECT_EQ(sources_of("tripost").first, Sources{"model"});
  EXPECT_FALSE(sources_of("tripost").second.contains("script"));
  EXPECT_TRUE(fs::exists(in("run") + "/llm_cache.sqlite"));
}

TEST_P(LlmComparison, WhatNoLlmIsAskedForIsRefusedBeforeAnyWork) {
  const auto expect_refusal = [&](std::vector<std::string> more, const std::string& part) {
    const Finished refused = compare(std::move(more));
    EXPECT_EQ(refused.code, 2) << refused.messages;
    EXPECT_THAT(refused.messages, HasSubstr(part));
    EXPECT_FALSE(fs::exists(in("run") + "/config.toml"));
  };
  expect_refusal({"--methods", "lmsi", "--llm-model", "mock"}, "--demonstrator llm too");
  expect_refusal({"--methods", "lmsi", "--demonstrator", "llm"}, "--methods demonstrations too");
  expect_refusal({"--methods", "tripost-no-reason", "--verifier", "llm"}, "leave one of them out");
  expect_refusal({"--methods", "lmsi", "--verifier", "llm", "--recalculate"}, "--no-recalculate");
}

INSTANTIATE_TEST_SUITE_P(Tasks, LlmComparison, testing::Values("multistep_arithmetic"));

class LlmOptions : public Executable {};

TEST_F(LlmOptions, AnEndpointWithoutStructuredOutputIsAnErrorThatNamesTheOptionBeforeAnyWork) {
  MockEndpoint mock([](const MockCall& call, MockConnection& connection) {
    EXPECT_EQ(call.json()["response_format"]["json_schema"]["schema"]["required"][0],
              "earliest_error_step");
    connection.status(400, R"({"error": {"message": "response_format is not supported"}})");
  });
  const Finished refused =
      run({"improve", "--task", "date_understanding", "--model", kBase, "--output", in("run"),
           "--verifier", "llm", "--llm-json", "--llm-url", mock.url(), "--llm-model", "mock"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.messages, testing::AllOf(HasSubstr("response_format is not supported"),
                                               HasSubstr("--llm-json")));
  EXPECT_EQ(mock.calls().size(), 1u);
  EXPECT_FALSE(fs::exists(in("run") + "/config.toml"));
}

TEST_F(LlmOptions, OptionsThatDoNotFitTogetherAreRefused) {
  const auto expect_refusal = [&](std::vector<std::string> more, const std::string& part) {
    more.insert(more.begin(), {"evaluate", "--task", "date_understanding", "--output", in("o")});
    const Finished refused = run(more);
    EXPECT_EQ(refused.code, 2) << refused.messages;
    EXPECT_THAT(refused.messages, HasSubstr(part));
  };
  expect_refusal({}, "--model");
  expect_refusal({"--model", kBase, "--feedback", "llm"}, "--self-improve");
  expect_refusal({"--model", kBase, "--self-improve", "--return-if-correct"}, "--feedback llm");
  expect_refusal({"--attempt", "llm"}, "--llm-url");
  expect_refusal({"--model", kBase, "--llm-model", "x"}, "--llm-model \"x\" would do nothing");
  const Finished unasked = run({"improve", "--task", "date_understanding", "--model", kBase,
                                "--output", in("o"), "--llm-temperature", "0.2"});
  EXPECT_EQ(unasked.code, 2);
  EXPECT_THAT(unasked.messages, HasSubstr("--llm-temperature 0.2 would do nothing"));
  expect_refusal({"--attempt", "llm", "--llm-folder", kBase, "--llm-model", "x"}, "--llm-folder");
}

// A model of our own in this process is an LLM like another, if a bad one.
TEST_F(LlmOptions, ALocalModelCanBeAsked) {
  const Finished finished =
      run({"evaluate", "--task", "date_understanding", "--problems", "2", "--attempt", "llm",
           "--self-improve", "--feedback", "llm", "--llm-folder", kBase, "--llm-max-new-tokens",
           "16", "--llm-context", "700", "--output", in("o")});
  ASSERT_EQ(finished.code, 0) << finished.messages;
  EXPECT_EQ(parse_json(read_file(in("o")), "o")["rows"].back()["n"], 4);
  EXPECT_THAT(finished.messages, HasSubstr("turns ended"));
}

// Its answers shape the run, so a resumed one must find the same model.
TEST_F(LlmOptions, TheFilesOfALocalModelThatIsAskedAreAmongARunsInputs) {
  const auto expect_named = [&](std::vector<std::string> command) {
    const std::vector<std::string> asked = {"--model",
                                            kBase,
                                            "--verifier",
                                            "llm",
                                            "--improver",
                                            "llm",
                                            "--llm-folder",
                                            kBase,
                                            "--output",
                                            in("run"),
                                            "--test-seen",
                                            "1",
                                            "--test-unseen",
                                            "1",
                                            "--test-max-new-tokens",
                                            "8"};
    command.insert(command.end(), asked.begin(), asked.end());
    const Finished finished = run(command);
    EXPECT_THAT(read_file(in("run") + "/inputs.json"), HasSubstr("--llm-folder model.safetensors"))
        << finished.messages;
    fs::remove_all(in("run"));
  };
  expect_named({"improve", "--task", "date_understanding", "--iterations", "0", "--no-finetune"});
  expect_named(
      {"compare", "--tasks", "date_understanding", "--methods", "lmsi", "--time-limit", "0.00001"});
}

TEST_F(LlmOptions, ACollectionOfAttemptsThatWasStoppedGoesOnWithWhatItHas) {
  const std::vector<std::string> command = {
      "collect",          "attempts", "--task",     "multistep_arithmetic",
      "--model",          kBase,      "--problems", "70",
      "--max-new-tokens", "8",        "--samples",  "2",
      "--output",         in("o")};
  const Finished first = run(command);
  ASSERT_EQ(first.code, 0) << first.messages;
  EXPECT_THAT(first.output, HasSubstr("attempts                     140"));
  const fs::path part = in("o.work") + "/attempts-64.jsonl";
  const fs::path kept = in("o.work") + "/attempts-0.jsonl";
  const std::string attempts = read_file(part), records = read_file(in("o"));
  const auto written = fs::last_write_time(kept);
  fs::remove(part);
  fs::remove(in("o"));
  const Finished again = run(command);
  ASSERT_EQ(again.code, 0) << again.messages;
  EXPECT_EQ(again.output, first.output);
  EXPECT_EQ(read_file(part), attempts);
  EXPECT_EQ(read_file(in("o")), records);
  EXPECT_EQ(fs::last_write_time(kept), written);
  std::vector<std::string> other = command;
  other.insert(other.end(), {"--temperature", "0.5"});
  EXPECT_EQ(run(other).code, 2);  // the parts are those of another temperature
}

}  // namespace
}  // namespace tripost
