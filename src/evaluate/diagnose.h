// Whether a model can use feedback that is right: every wrong first attempt gets the task's own
// feedback, and the model one update.
//
// Separates two skills that the final accuracy mixes: finding a mistake and mending it. It is a
// diagnosis and no score: the verifier knows the gold answer.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "task/task.h"
#include "text/generate.h"
#include "trajectory/exchange.h"

namespace tripost {

struct DiagnosisCounts {
  int attempts = 0;
  int right = 0;         // nothing to mend, step by step
  int unreadable = 0;    // the verifier cannot say where the mistake is
  int asked = 0;         // wrong ones that got the verifier's feedback
  int update_right = 0;  // the update's answer is right
  int update_further =
      0;  // the update's answer is wrong, but its first mistake comes in a later line
  int update_unchanged = 0;  // the update is the attempt again

  void add(const DiagnosisCounts& other);
};

struct Diagnosis {
  DiagnosisCounts all;
  std::map<std::string, DiagnosisCounts> levels;  // of the questions that have one
};

Diagnosis diagnose(const std::vector<Exchange>& exchanges, const Task& task,
                   const Generate& generate, const Sampling& sampling);

// The counts of all, and those of each level under "levels".
Json to_json(const Diagnosis& diagnosis);
Diagnosis diagnosis_from_json(const Json& value, const std::string& where);

}  // namespace tripost
