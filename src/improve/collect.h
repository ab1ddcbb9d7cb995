// The data of one iteration: rollouts, editing, turn conversion, balance; written to the run
// directory.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/progress.h"
#include "edit/source.h"
#include "improve/config.h"
#include "improve/local_model.h"
#include "run/run_directory.h"
#include "task/task.h"
#include "trajectory/exchange.h"
#include "trajectory/record.h"

namespace tripost {

// The training problems of an iteration: always the same, or new ones each time.
std::vector<Problem> training_problems(const Task& task, const ImproveConfig& config,
                                       int iteration);

// Those of iterations `first` to `last` together: for a method that trains once on what others meet
// in several iterations.
std::vector<Problem> training_problems(const Task& task, const ImproveConfig& config, int first,
                                       int last);

// Records of gold rationales alone (paper: the fine-tuned baseline), one for each problem that has
// one.
std::vector<Record> gold_rationales(const std::vector<Problem>& problems, float question_weight);

// Writes iteration-N/trajectories.jsonl, counts.json and, last, train.jsonl. From the second
// iteration on the model gives feedback on its own attempts and updates them first.
std::vector<Record> collect_records(const Task& task, LocalModel& model,
                                    const ImproveConfig& config, const RunDirectory& run,
                                    int iteration, const Progress& progress);

// The same with feedback and improvements from these sources instead of the task's own.
std::vector<Record> collect_records_with(FeedbackSource& feedback, ImprovementSource& improvement,
                                         const Task& task, LocalModel& model,
                                         const ImproveConfig& config, const RunDirectory& run,
                                         int iteration, const Progress& progress);

// Edits the exchanges, converts and balances them, and writes the three files: what collect_records
// does once it has them.
std::vector<Record> records_from(const std::vector<Exchange>& exchanges,
                                 const std::vector<Problem>& problems, const Task& task,
                                 const ImproveConfig& config, const RunDirectory& run,
                                 int iteration);
std::vector<Record> records_from(const std::vector<Exchange>& exchanges,
                                 const std::vector<Problem>& problems, FeedbackSource& feedback,
                                 ImprovementSource& improvement, const Task& task,
                                 const ImproveConfig& config, const RunDirectory& run,
                                 int iteration);

// One line for people: what came out of the iteration's attempts.
std::string describe_counts(const Json& counts);

}  // namespace tripost
