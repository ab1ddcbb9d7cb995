// What a user's programs are asked, and what their answers are worth: pure functions between JSON
// and Review.
//
// An answer is checked against the attempt it is about. One that cannot be used gives a reason that
// opens with its cause: "left out a field: ...", "named a step that is not in the attempt: ...".
#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "task/attempt_steps.h"
#include "task/task.h"

namespace tripost {

// {"question", "answer", "attempt", "level", "rationale"}
Json verify_request(const Problem& problem, const std::string& attempt);

// The same with "step", "segment", "reason" and "feedback".
Json improve_request(const Problem& problem, const std::string& attempt, const Review& review);

// From {"correct": true}, {"correct": false, "step", "segment", "reason"} or {"error"}. An unusable
// answer sets `fault`.
Review review_from(const Json& answer, const std::string& attempt, std::string& fault);

// From {"steps"} or {"error"}: the attempt up to the wrong step, and the program's steps from there
// on. nullopt with `declined` or `fault` set.
std::optional<std::string> improved_from(const Json& answer, const std::string& attempt,
                                         const Review& review, std::string& declined,
                                         std::string& fault);

// The attempt's text before one of its steps, to the byte.
std::string text_before(const std::string& attempt, const AttemptStep& step);

// An attempt's review at that step, in the paper's words.
Review review_of_step(const std::string& attempt, std::size_t step, const std::string& segment,
                      const std::string& reason);

}  // namespace tripost
