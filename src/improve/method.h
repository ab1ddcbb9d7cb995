// What tells TriPosT and the methods it is compared with apart: where an iteration's training
// records come from.
//
// All of them run through the same loop (improve.h), on the same questions, and are tested in the
// same way; a Method is the whole difference between them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "edit/source.h"
#include "evaluate/evaluate.h"
#include "improve/config.h"
#include "improve/local_model.h"
#include "run/run_directory.h"
#include "task/task.h"
#include "trajectory/record.h"

namespace tripost {

// The records of iteration 1 and later, made with the model as it is then. What takes long to make
// is left in the run's train.jsonl, where a run that goes on finds it: it is not asked again then.
using CollectRecords =
    std::function<std::vector<Record>(const Task&, LocalModel&, const ImproveConfig&,
                                      const RunDirectory&, int iteration, const Progress&)>;

struct Method {
  std::string name;  // of its score rows
  std::string first =
      "FT on rationales";  // of the rows of iteration 0, the fine-tuning before the loop
  CollectRecords collect;
  bool learns_feedback = true;       // tested with its own feedback and updates
  bool test_every_iteration = true;  // or the last one only
  int finetune_through = 0;  // iteration 0 is fine-tuned on the problems of all up to this one
  std::vector<int64_t>
      steps;  // optimisation steps of each iteration, from 0; empty: as the epochs say
  // Who attempts and corrects test questions; empty: the model as it was trained to. A method that
  // says so is tested without any training, too.
  std::function<EvaluateStages(const Task&, const Generate&, const ImproveConfig&)> stages = {};
};

// The paper's method: attempts edited with feedback (collect.h).
Method tripost_method();

// The same with feedback and improvements from these sources, which outlive it, instead of the
// task's own.
Method tripost_method(FeedbackSource& feedback, ImprovementSource& improvement);

// The control: goes on with gold rationales alone, for as many steps in each iteration as another
// run took.
Method gold_method(std::vector<int64_t> steps);

}  // namespace tripost
