// What a client did: every request and every call is in exactly one of these figures.
//
//   requests = cache_hits + shared + answered + failed (+ those under way)
//   calls    = answered + the faults that are no answers (+ those under way or abandoned)
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/json.h"
#include "llm/cache.h"
#include "llm/reply.h"

namespace tripost {

struct LlmCounts {
  int64_t requests = 0;    // asked of the client
  int64_t cache_hits = 0;  // found in the cache
  int64_t shared = 0;      // the same request twice in one batch: one call serves both
  int64_t answered = 0;    // by a call
  int64_t failed = 0;      // no answer after all tries

  int64_t calls = 0;                            // sent
  int64_t abandoned = 0;                        // given up under way, because the run was stopped
  std::array<int64_t, kNumLlmFaults> faults{};  // of calls and of cached answers, by LlmFault

  LlmSpent spent;               // by the calls of this process
  int64_t usage_estimated = 0;  // calls whose tokens the endpoint did not report
  int64_t bad_entries = 0;      // cached answers that could not be read, and were asked again
  double seconds_waited = 0;    // with nothing to send because of limits and back-off

  int64_t of(LlmFault fault) const { return faults[static_cast<std::size_t>(fault)]; }
};

Json to_json(const LlmCounts& counts);

// For a progress line: "12 calls, 30 cached, 2 failed, cost 0.0123, waited 4 s".
std::string describe(const LlmCounts& counts);

}  // namespace tripost
