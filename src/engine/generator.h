// An Engine and a Tokenizer as the callable of text/generate.h.
//
// Prompts get the special tokens that the tokenizer adds by default. A completion ends at EOS (the
// model's or the tokenizer's), before the first stop string, or at its limits; a prompt that cannot
// run is a completion with kError.
#pragma once

#include "base/progress.h"
#include "engine/engine.h"
#include "text/generate.h"
#include "text/tokenizer.h"

namespace tripost {

// Both must outlive the result. `progress` counts completions and may be called from other threads,
// one at a time.
Generate make_generator(Engine& engine, const Tokenizer& tokenizer, Progress progress = {});

}  // namespace tripost
