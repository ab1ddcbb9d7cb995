// The steps of an attempt at a user's task, as verifiers name them.
//
// A step is a line that opens with its number, "(2) 8 + 9 = 17.", and the lines after it that open
// with none; the last is
// "(Final response) ...". When no line has a number, every line is a step, numbered from 1, and the
// last line is the final response: so rationales without numbers work too.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tripost {

struct AttemptStep {
  std::string id;         // "2", or kFinalStep
  std::string_view text;  // a view into the attempt: from the step's first byte to the newline
                          // before the next step
  std::string_view body;  // the same without the number, for quoting
};

std::vector<AttemptStep> steps_of(std::string_view attempt);

// Index of the step with that id; of several, the first that holds `segment`, else the first.
std::optional<std::size_t> find_step(const std::vector<AttemptStep>& steps, const std::string& id,
                                     const std::string& segment);

}  // namespace tripost
