// Turns after an attempt in which sources give feedback and correct, at test time: self-improvement
// by prompting (paper, table 2).
//
// Unlike the editor nobody checks whether the feedback holds: what the sources say counts, and the
// last attempt is the answer. Turns end for the reasons of rollout/self_improvement.h; feedback or
// an update that cannot be used ends them as kFailed and says why.
#pragma once

#include <vector>

#include "edit/source.h"
#include "task/task.h"
#include "trajectory/exchange.h"

namespace tripost {

// Goes on with exchanges of one attempt each and keeps their order: all feedback of a round in one
// batch, then all updates.
std::vector<Exchange> correct_in_turns(std::vector<Exchange> exchanges, const Task& task,
                                       FeedbackSource& feedback, ImprovementSource& improvement,
                                       int max_updates);

}  // namespace tripost
