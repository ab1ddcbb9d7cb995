// What a model made of each test question, without the texts: one small file for each test.
//
// It stands for the exchanges that it was made from: with it a run can be compared with others that
// was made elsewhere, or whose models and texts are gone. The questions are not in it; the task
// draws them again, and a fingerprint tells whether they are the same.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "evaluate/scores.h"
#include "task/task.h"

namespace tripost {

// `answers` are to `questions`, in their order.
Json answers_json(const std::vector<Result>& answers, const std::vector<Problem>& questions);

// The same back. An Error naming `where` when the value is broken or of other questions.
std::vector<Result> answers_from_json(const Json& value, const std::vector<Problem>& questions,
                                      const std::string& where);

}  // namespace tripost
