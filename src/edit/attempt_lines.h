// The lines of an attempt and the steps that they open with.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "task/task.h"

namespace tripost {

std::vector<std::string> attempt_lines(const std::string& attempt);

// "3.1" of "(3.1) ...", "Final response" of "(final response) ..." in any case; empty when the line
// opens with no step.
std::string step_id_of(std::string_view line);

// Index of the step's line, or the number of lines when there is none. Step ids may stand twice
// (word sorting numbers sibling parts alike, a model repeats itself): then the verifier's own line
// is meant, or the one that holds the quoted part. Parts may be quoted in lower case.
std::size_t line_of_step(const std::vector<std::string>& lines, const Review& review);

// ASCII letters in lower case.
std::string lowered(std::string_view text);

}  // namespace tripost
