// The engine behind text/live.h: workers that decode for as long as it lives, and take in requests
// between two steps.
//
// Requests that go on from what it has read or written before reuse its keys and values. The
// weights must stay as they are while it lives.
//
// When a worker throws, every request is done with kError, and so is each that comes later;
// failure() says why.
#pragma once

#include <memory>

#include "engine/engine.h"
#include "text/live.h"

namespace tripost {

// Promises of EngineOptions hold, but memory is set aside for `max_batch` sequences, not for those
// that come. `max_length` of 0, or more than the model's positions: the model's positions. An Error
// when not even one sequence of that length fits in memory.
std::unique_ptr<LiveModel> make_live_engine(Transformer& model, const EngineOptions& options,
                                            int64_t max_length = 0);

}  // namespace tripost
