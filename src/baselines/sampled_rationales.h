// Methods that train on the model's own attempts whose answer is right, without any feedback.
//
// LMSI (Huang et al. 2022, as the paper runs it: reference-behaviour.md section 10): several
// attempts at a high temperature at every question, the right ones kept, each also as its answer
// alone. STaR (Zelikman et al. 2022): one attempt at every question, a second one at those that
// failed with the answer told, and the right ones of both kept without the hint. Zelikman et al.
// train the base anew in each round; here the model goes on from the round before, as every method
// does.
#pragma once

#include <vector>

#include "baselines/attempt_filter.h"
#include "improve/method.h"

namespace tripost {

inline constexpr int kLmsiPasses = 5;            // the reference's
inline constexpr double kLmsiTemperature = 1.2;  // the reference's

// Of each attempt whose answer is right, once: the attempt, and its answer alone. Every attempt is
// counted in `filter`. The question weighs what it is given, the rest 1.
std::vector<Record> lmsi_records(const std::vector<Exchange>& exchanges, AttemptFilter& filter,
                                 float question_weight = 1.0f);

// On the questions of iterations 1 to `iterations`, in one pass.
CollectRecords collect_lmsi(int iterations);
CollectRecords collect_star();

}  // namespace tripost
