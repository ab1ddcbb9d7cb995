// The settings of the loop, with the paper's values as defaults where they make sense for any
// model.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "edit/editor.h"
#include "edit/turns.h"
#include "improve/rehearsal.h"
#include "model/lora_config.h"
#include "task/task.h"
#include "text/generate.h"
#include "train/config.h"
#include "trajectory/balance.h"

namespace tripost {

// Test questions: fresh ones of every level, the same for the same seed, never in training.
struct TestConfig {
  int seen = 300;
  int unseen = 300;
  uint64_t seed = 20231020;  // not the run's: every run is tested on the same questions
  int max_updates = 2;
  int max_new_tokens = 1536;
  bool diagnose =
      false;  // also measure updates under the task's own feedback (evaluate/diagnose.h)
};

struct ImproveConfig {
  int iterations = 3;
  uint64_t seed = 42;

  int problems = 550;           // questions of the gold fine-tuning, and of each iteration
  bool fresh_problems = false;  // new questions in every iteration; the paper uses the same ones
  int samples = 1;              // attempts at each
  Sampling sampling{.temperature = 1.0};
  FeedbackStyle feedback_style = FeedbackStyle::kPaper;  // what the task is made with
  EditConfig edit;
  TurnWeights weights;
  TurnConversion conversion = TurnConversion::kTurns;
  BalanceConfig balance;
  int min_records = 60;  // fewer than this are not worth an iteration: the loop ends and says so

  bool finetune = true;       // begin with supervised fine-tuning on gold rationales (iteration 0)
  TrainConfig finetuning;     // of iteration 0
  TrainConfig training;       // of every later one
  RehearsalConfig rehearsal;  // beside the records of every later one

  LoraConfig lora;  // rank 0: all weights train

  TestConfig test;
  std::filesystem::path prompts;  // of methods that prompt: <task>/attempt.txt and the others
};

}  // namespace tripost
