// What an LLM wrote, read into a review or an attempt. Pure functions; nothing that it wrote is
// trusted.
//
// The verifier's format is the paper's: the earliest wrong step in three lines,
//   Earliest error step: (2)
//   Error segment: "5 + 4 = 8"
//   Error reason: there is a calculation error, since 5 + 4 is 9.
//   [END]
// Read all the same: talk before it, Markdown around the labels, other quotes or none, a label left
// out because the prompt ended in it, and a JSON object with the same three values. Not accepted: a
// step that the attempt does not have, a segment that is not in it, two different steps.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "task/task.h"

namespace tripost {

// Where an example and an answer end.
inline constexpr const char* kLlmEnd = "[END]";

// The fault of a reply that finds no wrong step.
inline constexpr const char* kCalledCorrect = "called_correct";

// The verifier's format as a JSON object, {"earliest_error_step", "error_segment", "error_reason"},
// in the words of OpenAI's response_format.
Json llm_review_format();

struct LlmReview {
  Review
      review;  // step, segment, reason and feedback in the paper's grammar, when `fault` is empty
  std::string fault;  // the cause, one word for counting: "no_step", "segment_not_in_step", ...
  std::string why;    // the same as a sentence
};

LlmReview read_llm_review(const std::string& reply, const std::string& attempt);

struct LlmUpdate {
  std::string attempt;  // whole: the kept lines and what the LLM wrote after them
  std::string fault;    // as above
  std::string why;
};

// The reply goes on after `kept`, or repeats all or the end of it, or begins again at step (1).
LlmUpdate read_llm_update(const std::string& reply, const std::vector<std::string>& kept);

}  // namespace tripost
