// The paper's feedback sentences: written and read. All tasks share them.
//
//   In step (1) the part " <segment> " is incorrect. This is because <reason>.
//   Step (1) is correct. In step (2) the part " <segment> " is incorrect. This is because <reason>.
//   Step (1) to (3) are correct. In step (Final response) the part " <segment> " is incorrect. This
//   is because <reason>. Step (1) to step (4) are correct. The final response is also correct.
//
// Before any of them may stand the calculations worked again (arithmetic_recalculation.h), which
// open with kRecalculation.
//
// An ablation leaves out the part ("There is a mistake in (2).") or the sentence with the reason.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "task/task.h"

namespace tripost {

inline constexpr const char* kFinalStep = "Final response";
inline constexpr std::string_view kRecalculation = "Let's calculate again:";

// What is said of the first wrong step. `previous_step` is the step before it, empty when there is
// none. The reason comes without its full stop. An empty segment or reason is left out.
std::string error_feedback(const std::string& previous_step, const std::string& step,
                           const std::string& segment, const std::string& reason);

// What a correct attempt gets; `last_step` is the step before the final response.
std::string praise_feedback(const std::string& last_step);

// The step that a line of an attempt opens with: "3.1" of "(3.1) ...", or kFinalStep; nullopt when
// it opens with none.
std::optional<std::string_view> step_of_line(std::string_view line);

// Index of the line that opens with the step; nullopt when there is none.
std::optional<std::size_t> line_of_step(const std::vector<std::string_view>& lines,
                                        std::string_view step);

// Where the paper looks for the answer: the last line, or the one before when the last holds
// `feedback_label`, as it does when a model went on by itself. Empty without lines.
std::string_view answer_line(const std::vector<std::string_view>& lines,
                             std::string_view feedback_label);

// Reads either form. Accepted beside what we write: "to (k)" and "to step (k)" and "until step (k)"
// everywhere, and quotes with or without inner blanks, as the paper's LLM verifier writes.
// Everything else sets `error`.
Review read_feedback(const std::string& feedback);

}  // namespace tripost
