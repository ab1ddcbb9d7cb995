// A live model as the callable of text/generate.h: its requests join what runs.
#pragma once

#include <functional>

#include "text/generate.h"
#include "text/live.h"
#include "text/tokenizer.h"

namespace tripost {

// `is_wanted` is asked several times a second while a call waits; false ends it, its completions
// failed. All three must outlive the result.
Generate make_live_generate(LiveModel& model, const Tokenizer& tokenizer,
                            const std::function<bool()>& is_wanted);

}  // namespace tripost
