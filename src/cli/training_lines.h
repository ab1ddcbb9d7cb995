// Records as the reference's training files hold them, and what lines of JSONL say of a problem.
//
// A line is a plain one of ours or of the reference's raw files, whose fields stand at its top, or
// a training record, whose fields stand in its "meta_data". Both are read as they are: where the
// reference keeps options in a field of their own, they become part of the question, and go back
// into that field when a record is written.
#pragma once

#include <string>

#include "base/json.h"
#include "task/task.h"

namespace tripost {

// From here on the text is trained on.
inline constexpr const char* kAttemptMarker = "\nAnswer:";

// Where the line's "question", "answer" and "rationale" stand: the line itself, or its "meta_data".
const Json& fields_of(const Json& line);

// The question that the line asks, options included: its field, or what a record's text says before
// the answer. An Error that names the nearest field when there is none.
std::string question_of(const Json& line, const std::string& where);

// The steps that are to be judged: "attempt", or else the line's rationale.
std::string attempt_of(const Json& line, const std::string& where);

// {"text", "text_att_start_text", "meta_data": {"rationale", "answer", "question"[,
// "formatted_choices"], ...}}; the other members of `line`, where the problem comes from, go into
// meta_data. The reference's own scripts make the same "text" of the same question byte for byte
// (arithmetic and word sorting); the order of meta_data's keys is ours.
Json rationale_line(const Task& task, const Problem& problem, const Json& line);

}  // namespace tripost
