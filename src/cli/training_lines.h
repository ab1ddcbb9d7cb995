// Records as the reference's training files hold them.
#pragma once

#include <string>

#include "base/json.h"
#include "task/task.h"

namespace tripost {

// From here on the text is trained on.
inline constexpr const char* kAttemptMarker = "\nAnswer:";

// {"text", "text_att_start_text", "meta_data": {"rationale", "answer", "question", ...}}; the other
// members of `line`, where the problem comes from, go into meta_data.
Json rationale_line(const Task& task, const Problem& problem, const Json& line);

}  // namespace tripost
