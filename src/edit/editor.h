// The editor: what the model did by itself becomes a trajectory in which every feedback is right
// and the last attempt too.
//
// Every attempt is judged by the feedback source; an attempt that is right for wrong reasons is
// wrong. The model's own words are kept up to the first feedback or update of its own that does not
// hold; from there the sources go on. A false alarm (the model rejects its right attempt) becomes
// praise. One trajectory comes out for every exchange that goes in, in order: nothing is dropped,
// every ending has its Outcome, and all are counted.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "edit/source.h"
#include "task/task.h"
#include "trajectory/exchange.h"
#include "trajectory/trajectory.h"

namespace tripost {

struct EditConfig {
  int max_updates = 5;  // updates by the improvement source for one exchange
};

struct EditCounts {
  std::array<int, 7> outcomes{};  // indexed by Outcome; they sum up to the number of exchanges

  // What the model's own feedback was worth, on every attempt that came into a trajectory with
  // feedback of its own.
  int own_agreed = 0;       // praise on a right attempt, or the right step and part
  int own_false_alarm = 0;  // a right attempt called wrong
  int own_missed = 0;       // a wrong attempt called correct
  int own_misplaced = 0;    // a wrong attempt called wrong, for another step or part
  int own_unreadable = 0;   // does not follow the grammar

  int own_updates_kept = 0;
  int own_updates_replaced = 0;  // changed right steps or nothing, no progress, or not readable
  int right_for_wrong_reasons = 0;

  // Of all outcomes but correct and improved: how often for which cause. That is what the note says
  // before its first ": " (of an attempt that cannot be read, before the next one, since it says
  // first where), with N for numbers and "..." for quoted text.
  std::map<std::string, int> causes;

  EditCounts& operator+=(const EditCounts& other);
  int of(Outcome outcome) const { return outcomes[static_cast<std::size_t>(outcome)]; }
};

struct Edited {
  std::vector<Trajectory> trajectories;
  EditCounts counts;
};

Edited edit(const std::vector<Exchange>& exchanges, const Task& task, FeedbackSource& feedback,
            ImprovementSource& improvement, const EditConfig& config);

}  // namespace tripost
