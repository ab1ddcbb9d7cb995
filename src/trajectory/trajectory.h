// The records that stages share: an attempt, what was said of it, and the trajectory they form.
//
// Worked example. The model answers "(1) ... (3) Let's calculate B = ... = -190. ... So the answer
// is 193." The verifier says "Step (1) to (2) are correct. In step (3) the part ...". The improver
// keeps steps (1) and (2) and rewrites (3) on; the verifier says "Step (1) to step (4) are correct.
// The final response is also correct." This is one Trajectory with two steps, outcome kImproved; it
// yields one improvement record (first attempt, feedback, second attempt) and one non-improvement
// record (second attempt, praise).
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "task/task.h"

namespace tripost {

enum class Source { kModel, kScript, kLlm, kProgram, kGold };

struct Attempt {
  std::string text;  // step lines without a newline at either end
  Source source = Source::kModel;
  Verdict verdict;
  bool complete = true;  // false when generation hit its token limit
  int num_tokens = 0;
  double log_probability = 0.0;
};

struct Feedback {
  std::string text;  // one line
  Source source = Source::kModel;
  Review review;  // its parts; review.error when it does not follow the grammar
  int num_tokens = 0;
  double log_probability = 0.0;
};

// One attempt and the feedback on it. Feedback text is empty when none was given.
struct Step {
  Attempt attempt;
  Feedback feedback;
};

// How editing ended. Every attempt ends in exactly one of these, and all are counted and shown.
enum class Outcome {
  kCorrect,        // the model's own attempt was right, step by step
  kImproved,       // edited until the verifier called it correct
  kFeedbackOnly,   // an update failed the progress check: only the first attempt and its feedback
                   // are kept (paper, A)
  kUnreadable,     // the verifier could not read an attempt
  kNoImprovement,  // the improver could not continue
  kUnfinished,     // still wrong after the allowed number of updates
  kFailed,         // the source failed (LLM or program error); the reason is in `note`
};

struct Trajectory {
  Problem problem;
  std::vector<Step> steps;
  Outcome outcome = Outcome::kUnfinished;
  std::string note;     // the reason, for every outcome that is not kCorrect or kImproved
  int sample = 0;       // which attempt at the problem, from 0
  int num_updates = 0;  // attempts that the improvement source wrote, kept or not; the model's own
                        // are not among them
};

const char* name_of(Source source);
const char* name_of(Outcome outcome);

Json to_json(const Problem& problem);
Problem problem_from_json(const Json& value, const std::string& where);
Json to_json(const std::vector<Step>& steps);
std::vector<Step> steps_from_json(const Json& value, const std::string& where);

// One JSONL line of trajectories.jsonl and back (docs/run_directory.md). Unknown keys are ignored
// on reading.
Json to_json(const Trajectory& trajectory);
Trajectory trajectory_from_json(const Json& value, const std::string& where);

}  // namespace tripost
