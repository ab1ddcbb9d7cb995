// Self-improvement from demonstrations (paper, "SI. demo"): somebody else's attempts, corrected,
// are what the model learns from.
//
// The paper has a large model write attempt, feedback and update: `tripost collect demonstrations
// --from llm`. Here the scripted demonstrator does: its attempts are gold rationales, most of them
// with an error put in, and its feedback and updates are the task's. Beside TriPosT this is also
// the ablation without attempts of the model's own: everything after the attempt is the same.
#pragma once

#include "improve/method.h"

namespace tripost {

inline constexpr double kDemonstratedErrors = 0.6;  // share of attempts with an error put in

// The scripted demonstrator's attempts, so many at each problem: as many as TriPosT samples.
std::vector<Exchange> scripted_attempts(const std::vector<Problem>& problems, const Task& task,
                                        int samples, uint64_t seed, int iteration);

std::vector<Record> collect_demonstrations(const Task& task, LocalModel& model,
                                           const ImproveConfig& config, const RunDirectory& run,
                                           int iteration, const Progress& progress);

}  // namespace tripost
