// Whether a model can use feedback that is right: every wrong first attempt gets the task's own
// feedback, and the model one update.
//
// Separates two skills that the final accuracy mixes: finding a mistake and mending it. It is a
// diagnosis and no score: the verifier knows the gold answer.
#pragma once

#include <vector>

#include "base/json.h"
#include "task/task.h"
#include "text/generate.h"
#include "trajectory/exchange.h"

namespace tripost {

struct Diagnosis {
  int attempts = 0;
  int right = 0;         // nothing to mend, step by step
  int unreadable = 0;    // the verifier cannot say where the mistake is
  int asked = 0;         // wrong ones that got the verifier's feedback
  int update_right = 0;  // the update's answer is right
  int update_further =
      0;  // the update's answer is wrong, but its first mistake comes in a later line
  int update_unchanged = 0;  // the update is the attempt again
};

Diagnosis diagnose(const std::vector<Exchange>& exchanges, const Task& task,
                   const Generate& generate, const Sampling& sampling);

Json to_json(const Diagnosis& diagnosis);

}  // namespace tripost
