// A trajectory to the records that train on it, and the record of a gold solution.
//
// Turn conversion: the history is cut into single turns, because at test time the model sees its
// last attempt only. An edited trajectory a0 f0 a1 f1 ... an (praise) gives
//   improvement records      a0 f0 a1,  a1 f1 a2,  ...
//   one corrected record     an praise
// A right first attempt gives one non-improvement record (attempt, praise), and so does a
// trajectory of feedback only (attempt, feedback). Every other outcome gives none: its trajectory
// is not known to be right.
//
// It stands in edit/ and not beside Record because rendering belongs to text/, which trajectory/
// may not include.
#pragma once

#include <vector>

#include "task/task.h"
#include "trajectory/record.h"
#include "trajectory/trajectory.h"

namespace tripost {

// Loss weights by part of a record; the defaults are the paper's. 0 masks a part.
struct TurnWeights {
  // What the task writes: question, labels and lead-ins; from "\nFeedback:" on times what follows
  // it weighs. At 0 the model is taught to stop where the task goes on (train/example.h).
  float question = 1.0f;
  float attempt = 1.0f;        // a right attempt that opens a record
  float wrong_attempt = 1.0f;  // a wrong attempt that opens a record; an update that is still wrong
                               // has section times this
  float section = 1.5f;        // from "\nFeedback:" on
  float first_praise = 1.0f;   // the same, after a right first attempt or a gold solution
  // Times section: the first word or number that an update changes. What is before it is copied,
  // what follows is calculated anew; whether it takes up the feedback shows here (ours, not the
  // paper's).
  float mended = 1.0f;
};

enum class TurnConversion {
  kTurns,  // as above
  kWhole,  // an edited trajectory is one improvement record as it stands (the paper's ablation)
};

std::vector<Record> turn_records(const Trajectory& trajectory, const TurnWeights& weights,
                                 TurnConversion conversion = TurnConversion::kTurns);

// The question with its gold solution alone, which weighs 1: what fine-tuning on rationales (the
// paper's baseline, where the question weighs as much) trains on. The problem has a rationale.
Record rationale_record(const Problem& problem, float question_weight);

// The question with its gold solution and praise. The problem has a rationale.
Record gold_record(const Problem& problem, const Task& task, const TurnWeights& weights);

}  // namespace tripost
