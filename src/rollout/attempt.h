// A completion to an attempt or a feedback line: what both stages of this folder do with what a
// model wrote.
#pragma once

#include <string>

#include "task/task.h"
#include "text/generate.h"
#include "trajectory/trajectory.h"

namespace tripost {

// Stop strings where an attempt ends if the model goes on by itself, and where a feedback line
// ends.
Sampling until_end_of_attempt(Sampling sampling);
Sampling until_end_of_line(Sampling sampling);

// What the text is once it has been written as JSON and read again: bytes that are not UTF-8 become
// U+FFFD.
std::string as_utf8(const std::string& text);

// A model of our own whose completions are so, as an endpoint's are.
Generate as_utf8(Generate generate);

// Newlines at either end are cut off, and bytes that are not UTF-8 become U+FFFD (record.h: offsets
// must survive writing).
Attempt attempt_from(const Completion& completion, const Problem& problem, const Task& task);

// Blanks at either end are cut off. Feedback that is empty or hit its token limit does not follow
// the grammar.
Feedback feedback_from(const Completion& completion, const Task& task);

}  // namespace tripost
