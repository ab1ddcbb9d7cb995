#include "improve/improve.h"

#include <gtest/gtest.h>

#include <set>

#include "base/error.h"
#include "base/file.h"
#include "improve/collect.h"
#include "support/temporary_folder.h"

namespace tripost {
namespace {

const fs::path kBase = fs::path(TRIPOST_SOURCE_DIR) / "models" / "base";

ImproveConfig small_config() {
  ImproveConfig config;
  config.iterations = 2;
  config.problems = 6;
  config.min_records = 1;
  config.sampling.max_new_tokens = 120;
  config.balance.improve_data_ratio = 0;
  config.finetuning.max_steps = 2;
  config.finetuning.learning_rate = 1e-4;
  config.training.max_steps = 2;
  config.training.learning_rate = 1e-4;
  config.test = {.seen = 2, .unseen = 2, .max_updates = 1, .max_new_tokens = 24};
  return config;
}

const MachineConfig kMachine{.dtype = "float32", .threads = 1};

LoopState run_loop(const fs::path& root, const ImproveConfig& config,
                   const Method& method = tripost_method(),
                   const MachineConfig& machine = kMachine) {
  fs::create_directories(root);
  return improve({.model = kBase, .machine = machine}, method, *make_task("multistep_arithmetic"),
                 config, RunDirectory(root), [](const ProgressUpdate&) {});
}

// As a process leaves it that was killed right after `iteration` was complete.
void cut_back_to(const RunDirectory& run, int iteration) {
  LoopState state = read_loop_state(run);
  state.ended = false;
  state.completed = iteration;
  state.steps.resize(static_cast<std::size_t>(iteration) + 1);
  state.tokens.resize(state.steps.size());
  state.seconds.resize(state.steps.size());
  std::erase_if(state.rows, [&](const ScoreRow& row) { return row.labels.iteration > iteration; });
  write_loop_state(run, state);
  fs::remove_all(run.model());
}

TEST(Improve, ARunThatWasCutOffAfterAnIterationEndsWithTheSameModelAndScores) {
  const TemporaryFolder folder;
  // The base cannot write rationales, so only gold data makes records; what is tested is the
  // resume.
  const ImproveConfig config = small_config();
  const Method gold = gold_method({2, 2, 2});
  const RunDirectory whole(folder.path() / "whole"), cut(folder.path() / "cut");
  const LoopState expected = run_loop(whole.root(), config, gold);
  run_loop(cut.root(), config, gold);
  cut_back_to(cut, 1);
  const LoopState resumed = run_loop(cut.root(), config, gold);
  EXPECT_EQ(resumed.completed, 2);
  EXPECT_EQ(resumed.steps, expected.steps);
  EXPECT_EQ(read_file(cut.model() / "model.safetensors"),
            read_file(whole.model() / "model.safetensors"));
  EXPECT_EQ(read_file(cut.evaluation(2)), read_file(whole.evaluation(2)));
  EXPECT_EQ(resumed.rows.size(), expected.rows.size());
}

TEST(Improve, ARunThatWasCutOffInATestTestsAgainAndTrainsNothingAgain) {
  const TemporaryFolder folder;
  const ImproveConfig config = small_config();
  const Method gold = gold_method({2, 2, 2});
  const RunDirectory run(folder.path() / "run");
  const LoopState expected = run_loop(run.root(), config, gold);
  const std::string answers = read_file(run.answers(2));
  cut_back_to(run, 2);
  LoopState state = read_loop_state(run);
  std::erase_if(state.rows, [](const ScoreRow& row) { return row.labels.iteration == 2; });
  write_loop_state(run, state);
  fs::remove(run.answers(2));
  const auto trained = fs::last_write_time(run.iteration_model(2) / "model.safetensors");
  const LoopState resumed = run_loop(run.root(), config, gold);
  EXPECT_EQ(fs::last_write_time(run.iteration_model(2) / "model.safetensors"), trained);
  EXPECT_EQ(read_file(run.answers(2)), answers);
  EXPECT_EQ(resumed.rows.size(), expected.rows.size());
}

TEST(Improve, AFolderThatWasMadeWithOtherSettingsIsRefused) {
  const TemporaryFolder folder;
  ImproveConfig config = small_config();
  config.iterations = 0;
  const auto with_rate = [&](double rate) {
    return improve({.model = kBase, .machine = kMachine, .settings = {{"learning-rate", rate}}},
                   tripost_method(), *make_task("multistep_arithmetic"), config,
                   RunDirectory(folder.path()), [](const ProgressUpdate&) {});
  };
  EXPECT_TRUE(with_rate(0.001).ended);
  EXPECT_TRUE(with_rate(0.001).ended);
  try {
    with_rate(0.002);
    FAIL() << "nothing was refused";
  } catch (const UsageError& error) {
    EXPECT_NE(
        std::string(error.what()).find("was made with learning-rate 0.001, and now it is 0.002"),
        std::string::npos)
        << error.what();
  }
}

TEST(Improve, TheStateTellsOnHowManyTokensEachIterationTrained) {
  const TemporaryFolder folder;
  const RunDirectory run(folder.path() / "run");
  run_loop(run.root(), small_config(), gold_method({2, 2, 2}));
  const LoopState state = read_loop_state(run);
  ASSERT_EQ(state.tokens.size(), 3u);
  ASSERT_EQ(state.seconds.size(), 3u);
  for (const int64_t tokens : state.tokens) EXPECT_GT(tokens, 2 * 1000);  // two steps of 4,096
}

// Between iterations the weights lie in a file; in bfloat16 the float32 master weights must survive
// there.
TEST(Improve, ARunInBfloat16GoesOnFromItsMasterWeights) {
  const TemporaryFolder folder;
  ImproveConfig config = small_config();
  config.finetuning.max_steps = 4;
  config.training.learning_rate = 1e-5;  // steps too small to be seen in bfloat16
  const Method gold = gold_method({2, 2, 2});
  const MachineConfig machine{.dtype = "bfloat16", .threads = 1};
  const RunDirectory whole(folder.path() / "whole"), cut(folder.path() / "cut");
  run_loop(whole.root(), config, gold, machine);
  run_loop(cut.root(), config, gold, machine);
  cut_back_to(cut, 1);
  run_loop(cut.root(), config, gold, machine);
  const auto weights = [](const RunDirectory& run) {
    return read_file(run.iteration_model(2) / "model.safetensors");
  };
  EXPECT_TRUE(weights(cut) == weights(whole));
}

TEST(Improve, AFinishedRunDoesNothingAgain) {
  const TemporaryFolder folder;
  ImproveConfig config = small_config();
  config.iterations = 0;
  run_loop(folder.path() / "run", config);
  const RunDirectory run(folder.path() / "run");
  const auto written = fs::last_write_time(run.model() / "model.safetensors");
  EXPECT_TRUE(run_loop(run.root(), config).ended);
  EXPECT_EQ(fs::last_write_time(run.model() / "model.safetensors"), written);
}

TEST(Improve, TooFewRecordsEndTheLoopAndTheFineTunedModelIsTheResult) {
  const TemporaryFolder folder;
  ImproveConfig config = small_config();
  config.min_records = 1000;
  const LoopState state = run_loop(folder.path() / "run", config);
  EXPECT_TRUE(state.ended);
  EXPECT_EQ(state.completed, 0);
  EXPECT_NE(read_loop_state(RunDirectory(folder.path() / "run")).why_ended.find("fewer than min"),
            std::string::npos);
  EXPECT_TRUE(fs::exists(RunDirectory(folder.path() / "run").model() / "config.json"));
}

// A limit of none must not end in "nothing to train on", where the run would stop for good.
TEST(Improve, AnIterationWithoutAnyRecordEndsTheLoopWhateverTheLimit) {
  const TemporaryFolder folder;
  ImproveConfig config = small_config();
  config.min_records = 0;
  config.finetune = false;
  Method method = tripost_method();
  method.collect = [](const Task&, LocalModel&, const ImproveConfig&, const RunDirectory&, int,
                      const Progress&) { return std::vector<Record>(); };
  const RunDirectory run(folder.path() / "run");
  const LoopState state = run_loop(run.root(), config, method);
  EXPECT_TRUE(state.ended);
  EXPECT_NE(state.why_ended.find("gave 0 training records"), std::string::npos);
  const auto task = make_task("multistep_arithmetic");
  const auto results = tested_results(run, state, method, *task, config);
  ASSERT_EQ(static_cast<int>(results.size()), config.iterations);  // each is missing, and says why
  EXPECT_EQ(results.back().iteration, config.iterations);
  EXPECT_EQ(results.back().missing.at(config.seed), state.why_ended);
}

TEST(Improve, EveryAttemptOfAnIterationIsCountedUnderExactlyOneOutcome) {
  const TemporaryFolder folder;
  ImproveConfig config = small_config();
  config.samples = 2;
  const RunDirectory run(folder.path() / "run");
  const auto task = make_task("multistep_arithmetic");
  LocalModel model = LocalModel::load(kBase, kMachine);
  collect_records(*task, model, config, run, 1, [](const ProgressUpdate&) {});
  const Json counts = parse_json(read_file(run.counts(1)), "counts");
  int total = 0;
  for (const auto& [name, count] : counts.at("outcomes").items()) total += count.get<int>();
  EXPECT_EQ(total, 12);
}

// Attempts, an LLM's answers and hours may stand behind them.
TEST(Improve, RecordsThatWereCollectedAreNotCollectedAgain) {
  const TemporaryFolder folder;
  const RunDirectory run(folder.path() / "run");
  ImproveConfig config = small_config();
  config.iterations = 1;
  config.finetune = false;
  const auto task = make_task("multistep_arithmetic");
  write_file_atomically(run.train_records(1),
                        to_lines(gold_rationales(training_problems(*task, config, 1), 1.0f)));
  Method method{.name = "any"};
  method.collect = [](const Task&, LocalModel&, const ImproveConfig&, const RunDirectory&, int,
                      const Progress&) -> std::vector<Record> {
    ADD_FAILURE() << "collected again";
    return {};
  };
  EXPECT_EQ(run_loop(run.root(), config, method).completed, 1);
}

TEST(Improve, TestQuestionsAreNeverTrainingQuestions) {
  const auto task = make_task("multistep_arithmetic");
  ImproveConfig config;
  config.fresh_problems = true;
  std::set<std::string> trained;
  for (int iteration = 0; iteration < 4; ++iteration) {
    for (const Problem& problem : training_problems(*task, config, iteration))
      trained.insert(problem.question);
  }
  EXPECT_GT(trained.size(), 2000u);
  for (const Problem& problem : test_problems(*task, config.test))
    EXPECT_FALSE(trained.contains(problem.question));
}

}  // namespace
}  // namespace tripost
