// Exchanges to the rows of scores.json (design.md section 5): per level, seen, unseen and total.
//
// An answer counts by its final value only, as in the paper. Whether the model's own feedback is
// right is judged by the task's verifier, for which an attempt that is right for wrong reasons is
// wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "evaluate/statistics.h"
#include "task/task.h"
#include "trajectory/exchange.h"

namespace tripost {

// The model's own feedback, counted over all its attempts that got some and that the verifier could
// judge: a user's program that failed has judged neither way.
struct FeedbackCounts {
  int on_wrong = 0;           // feedback on attempts that the verifier rejects
  int negative_on_wrong = 0;  // of these, the attempt is called wrong
  int right_step = 0;         // of those, the step is the verifier's
  int on_right = 0;
  int negative_on_right = 0;  // false alarms
};

// One question as scores see it.
struct Result {
  std::string problem_id;
  std::string level;
  bool seen = false;
  bool first_correct = false;
  bool final_correct = false;
  bool any_correct = false;  // what stopping at the gold answer would have got
  bool changed = false;      // the final attempt is not the first
  int num_tokens = 0;        // generated, feedback included
  FeedbackCounts feedback;
};

Result result_of(const Exchange& exchange, const Task& task);

struct ScoreLabels {
  std::string method;
  int iteration = 0;
  uint64_t seed = 0;
  double seconds =
      0.0;  // what the evaluation took, or the iteration in the process that completed it
};

// Shares are 0..1; those of wrong_to_right, right_to_wrong, changed and oracle are of all n
// questions.
struct ScoreRow {
  std::string task;
  ScoreLabels labels;
  std::string subset;        // "seen", "unseen", "total", or a level
  std::optional<bool> seen;  // of a level: whether it is trained on
  int n = 0;
  double accuracy_first = 0.0;
  double accuracy_final = 0.0;
  double wrong_to_right = 0.0;
  double right_to_wrong = 0.0;
  Interval ci95;        // of accuracy_final
  Interval ci95_first;  // of accuracy_first
  double changed = 0.0;
  double accuracy_oracle =
      0.0;  // any attempt right: knows the gold answer, so it is no method's score
  double tokens_per_question = 0.0;
  // Shares of the model's feedback; nothing when there was no such feedback.
  std::optional<double> negative_on_wrong;
  std::optional<double> negative_on_right;
  std::optional<double> right_step;
};

// Whether the row is of all levels, of the seen or of the unseen ones; else it is of one level.
bool is_summary(const ScoreRow& row);

// All figures of these results, which are not none, as one row without task, labels and subset.
ScoreRow score_row(const std::vector<const Result*>& results);

// Levels in the task's order, then seen, unseen, total; subsets without a question have no row.
std::vector<ScoreRow> score(const std::vector<Result>& results, const Task& task,
                            const ScoreLabels& labels);

Json to_json(const ScoreRow& row);
// The whole of scores.json: {"rows": [...]}.
Json to_json(const std::vector<ScoreRow>& rows);
ScoreRow score_row_from_json(const Json& value, const std::string& where);
// Two numbers, [low, high].
Interval interval_field(const Json& value, const std::string& key, const std::string& where);

}  // namespace tripost
