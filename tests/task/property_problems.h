// Properties that hold for thousands of generated problems, checked on every core.
//
// Problems are drawn and checked in chunks with seeds of their own, so the same ones are checked
// whatever the number of cores. A check runs on several threads at once.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/random.h"
#include "task/task.h"

namespace tripost {

// 20,000 in the suite; TRIPOST_PROPERTY_PROBLEMS=100000 for the long run (CONTRIBUTING.md).
int num_property_problems();

// Calls check(problem, random) for that many test problems of every level until one fails fatally.
void for_each_property_problem(const Task& task, uint64_t seed,
                               const std::function<void(const Problem&, Random&)>& check);

// Of those problems: the gold rationale verifies as correct, is praised and graded right; an
// injected error is found at its step, reported so that the feedback reads back, and improved away.
// More than `least_share` of the errors are of each of `kinds`.
void expect_gold_holds_and_errors_are_found(const Task& task, const std::vector<std::string>& kinds,
                                            double least_share);

}  // namespace tripost
