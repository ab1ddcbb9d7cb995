#include "baselines/methods.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/error.h"
#include "base/random.h"
#include "baselines/answer_only.h"
#include "baselines/demonstrations.h"
#include "baselines/partial_feedback.h"
#include "improve/collect.h"
#include "support/temporary_folder.h"
#include "trajectory/record_file.h"

namespace tripost {
namespace {

const LoopState kTriposT{.completed = 3, .ended = true, .steps = {10, 4, 5, 6}};

int64_t steps_of(const MethodRun& run) {
  int64_t steps = 0;
  for (int iteration = 1; iteration <= run.config.iterations; ++iteration)
    steps += run.method.steps.at(static_cast<std::size_t>(iteration));
  return steps;
}

TEST(Methods, AllTakeAsManyStepsAsTriPosTTook) {
  for (const MethodEntry& entry : method_entries()) {
    if (entry.name == "tripost") continue;
    const MethodRun run = entry.make(ImproveConfig{}, kTriposT);
    if (run.method.stages) {
      EXPECT_EQ(run.config.iterations + run.config.finetune, 0) << "nothing is trained";
    } else if (run.from_base) {
      EXPECT_EQ(run.config.finetuning.max_steps, 25) << entry.name;
    } else {
      EXPECT_FALSE(run.config.finetune) << entry.name;
      EXPECT_EQ(steps_of(run), 15) << entry.name;
    }
  }
}

TEST(Methods, OnePassMeetsTheQuestionsOfAllIterations) {
  const auto task = make_task("multistep_arithmetic");
  ImproveConfig config;
  config.problems = 5;
  const auto ids = [&](const std::vector<Problem>& problems) {
    std::vector<std::string> ids;
    for (const Problem& problem : problems) ids.push_back(problem.id);
    return ids;
  };
  EXPECT_EQ(ids(training_problems(*task, config, 1, 3)), ids(training_problems(*task, config, 1)));
  config.fresh_problems = true;
  std::vector<std::string> all;
  for (int iteration = 1; iteration <= 3; ++iteration) {
    for (const std::string& id : ids(training_problems(*task, config, iteration)))
      all.push_back(id);
  }
  EXPECT_EQ(ids(training_problems(*task, config, 1, 3)), all);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 15u);
  EXPECT_EQ(method_entry("answer-only").make(config, kTriposT).method.finetune_through, 3);
}

// A task that remembers which draws of problems it was asked for.
class Draws : public AnswerOnlyTask {
 public:
  using AnswerOnlyTask::AnswerOnlyTask;
  std::vector<Problem> problems(Split split, const std::vector<std::string>& levels, int count,
                                uint64_t seed) const override {
    seeds.insert(seed);
    return AnswerOnlyTask::problems(split, levels, count, seed);
  }
  mutable std::set<uint64_t> seeds;
};

TEST(Methods, LmsiSamplesTheQuestionsOfAllIterationsInItsOnePass) {
  const TemporaryFolder folder;
  const auto task = make_task("multistep_arithmetic");
  const Draws draws(*task);
  ImproveConfig config;
  config.problems = 1;
  config.fresh_problems = true;
  config.sampling.max_new_tokens = 2;
  LocalModel model =
      LocalModel::load(std::string(TRIPOST_SOURCE_DIR) + "/models/base", {.threads = 1});
  const MethodRun run = method_entry("lmsi").make(config, kTriposT);
  run.method.collect(draws, model, config, RunDirectory(folder.path()), 1,
                     [](const ProgressUpdate&) {});
  EXPECT_EQ(draws.seeds.size(), 3u);
}

TEST(Methods, AreNamedOnceEach) {
  std::set<std::string> names;
  for (const MethodEntry& entry : method_entries())
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
  EXPECT_EQ(method_entry("lmsi").name, "lmsi");
}

TEST(Methods, AnUnknownNameSuggestsTheNearest) {
  EXPECT_THAT([] { method_entry("lsmi"); },
              testing::ThrowsMessage<UsageError>(testing::HasSubstr("did you mean \"lmsi\"")));
}

TEST(AnswerOnly, TheAnswerAloneIsTheAttemptAndIsGradedAsBefore) {
  const auto task = make_task("multistep_arithmetic");
  const AnswerOnlyTask answers(*task);
  const auto problems = answers.problems(Split::kTrain, {}, 20, 1);
  const auto whole = task->problems(Split::kTrain, {}, 20, 1);
  for (std::size_t i = 0; i < problems.size(); ++i) {
    EXPECT_EQ(problems[i].question, whole[i].question);
    EXPECT_TRUE(problems[i].lead_in.empty());
    EXPECT_EQ(problems[i].rationale, "So the answer is " + whole[i].gold + ".");
    EXPECT_TRUE(answers.grade(problems[i], problems[i].rationale).correct);
    EXPECT_FALSE(answers.grade(problems[i], "So the answer is 123456.").correct);
  }
}

TEST(AnswerOnly, AWrongAnswerIsWrongAtItsFinalResponse) {
  const auto task = make_task("multistep_arithmetic");
  const AnswerOnlyTask answers(*task);
  const Problem problem = answers.problems(Split::kTrain, {}, 1, 1)[0];
  const Review review = answers.verify(problem, "So the answer is 123456.");
  EXPECT_FALSE(review.correct);
  EXPECT_EQ(review.step, "Final response");
  EXPECT_FALSE(answers.verify(problem, "I do not know").error.empty());
}

TEST(Demonstrations, HoldCorrectionsOfAttemptsThatNobodyModelled) {
  const TemporaryFolder folder;
  const auto task = make_task("multistep_arithmetic");
  ImproveConfig config;
  config.problems = 40;
  LocalModel model =
      LocalModel::load(std::string(TRIPOST_SOURCE_DIR) + "/models/base", {.threads = 1});
  const RunDirectory run(folder.path());
  const auto records =
      collect_demonstrations(*task, model, config, run, 1, [](const ProgressUpdate&) {});
  const auto improvements = std::count_if(records.begin(), records.end(), [](const Record& record) {
    return record.kind == RecordKind::kImprovement;
  });
  EXPECT_GT(improvements, 10);
  EXPECT_LT(improvements, 40);
  EXPECT_EQ(read_records(run.train_records(1)).size(), records.size());
}

// What the ablation says of a demonstrated error, beside what the verifier says.
std::pair<Review, Review> reviewed_with(LeftOut left_out) {
  const auto task = make_task("multistep_arithmetic");
  const Problem problem = task->problems(Split::kTrain, {}, 1, 1)[0];
  Random random(1);
  const std::string attempt = task->inject_error(problem, random)->attempt;
  PartialFeedback partial(*task, left_out);
  return {task->verify(problem, attempt), partial.review({{&problem, attempt}})[0].review};
}

TEST(PartialFeedback, DropsTheSentenceWithTheReasonAndNothingElse) {
  const auto [whole, partial] = reviewed_with(LeftOut::kReason);
  EXPECT_EQ(partial.feedback + " This is because " + whole.reason + ".", whole.feedback);
  EXPECT_EQ(partial.reason, whole.reason);  // the improver is still told
}

TEST(PartialFeedback, NamesTheStepWithoutQuotingItsWrongPart) {
  const auto [whole, partial] = reviewed_with(LeftOut::kSegment);
  EXPECT_THAT(partial.feedback, testing::HasSubstr("There is a mistake in (" + whole.step +
                                                   "). This is because " + whole.reason + "."));
  EXPECT_THAT(partial.feedback, testing::Not(testing::HasSubstr("the part")));
  EXPECT_EQ(partial.segment, whole.segment);
}

}  // namespace
}  // namespace tripost
