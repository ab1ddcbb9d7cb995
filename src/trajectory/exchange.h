// What one model did by itself on one problem: its attempts, and its own feedback between them.
//
// A rollout makes exchanges, the editor turns them into trajectories, evaluation scores them.
// Nobody but the model has spoken here: every Source is kModel. A plain rollout is an exchange of
// one attempt that nobody asked to go on.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "trajectory/trajectory.h"

namespace tripost {

// Why the model's turns ended. Every exchange ends in exactly one of these, and all are counted and
// shown.
enum class StopReason {
  kNotAsked,     // first attempt only: nobody asked for feedback
  kSaidCorrect,  // the model called its last attempt correct
  kUnchanged,    // an update is the attempt that it should have changed
  kRepeated,     // an update is an older attempt again: a cycle
  kNoGrammar,    // the feedback does not follow the grammar, so nobody knows what to change
  kIncomplete,   // an attempt hit its token limit
  kMaxUpdates,   // the allowed number of updates was used up
  kFailed,       // generation failed; the reason is in `failure`
};

struct Exchange {
  Problem problem;
  int sample = 0;  // which attempt at the problem, from 0
  std::vector<Step>
      steps;  // at least one; when the first generation failed its attempt is empty and unreadable
  StopReason stop = StopReason::kNotAsked;
  std::string failure;  // why, when stop is kFailed
};

const char* name_of(StopReason reason);

// The attempt that counts as the answer: the last one that is complete and readable, else the
// first.
const Attempt& final_attempt(const Exchange& exchange);

Json to_json(const Exchange& exchange);
Exchange exchange_from_json(const Json& value, const std::string& where);

}  // namespace tripost
