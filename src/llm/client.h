// A client of one OpenAI-compatible endpoint, with a cache, limits and a budget.
//
// Every request is answered by the cache, by a call, or by an error in its completion; nothing is
// lost, and nothing that was answered is paid for twice, whenever the process dies. Three things
// stop the whole batch instead, each after saving what came in: a signal, a spent budget or an
// endpoint that wants to be left alone for long (Interrupted, exit code 75, with the reason in the
// log), and a mistake that every call would repeat, a wrong key, address or model among them
// (Error). Not thread-safe: one call at a time. Does not stream.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/progress.h"
#include "llm/counts.h"
#include "llm/endpoint.h"
#include "llm/transfer.h"
#include "text/generate.h"

namespace tripost {

struct RetryPolicy {
  int max_tries = 6;        // calls for one request
  int max_unreadable = 3;   // of them with an answer that cannot be read: those may be charged for
  double first_wait = 0.5;  // seconds; doubles with every try, with full jitter
  double longest_wait = 60;
  double longest_asked = 600;  // an endpoint that asks to wait longer stops the run
  int max_failures = 20;       // requests that fail one after another stop the run
};

struct LlmLimits {
  int concurrency = 8;
  double requests_per_minute = 0;  // 0: no limit
  double tokens_per_minute = 0;
};

// What one run may spend; 0: no limit. Prices are per million tokens, in whatever currency.
struct LlmBudget {
  double cost = 0;
  int64_t tokens = 0;
  double prompt_price = 0;
  double completion_price = 0;
};

struct LlmConfig {
  Endpoint endpoint;
  Timeouts timeouts;
  RetryPolicy retry;
  LlmLimits limits;
  LlmBudget budget;
  std::filesystem::path cache;
  std::string run;  // whose budget it is: calls of the same run add up over processes
  bool offline =
      false;  // answers from the cache alone; one that is missing is an Error that names it
};

class LlmClient {
 public:
  explicit LlmClient(LlmConfig config, Progress progress = {});
  ~LlmClient();
  LlmClient(const LlmClient&) = delete;
  LlmClient& operator=(const LlmClient&) = delete;

  // Completions in the order of the requests. Where sampling draws at random, requests that differ
  // in their seed alone are different samples, cached apart. `more` holds further fields of every
  // request, such as response_format.
  std::vector<Completion> complete(const std::vector<Request>& requests, const Sampling& sampling,
                                   const Json& more = Json::object());

  // The same as the callable by which stages reach any model. The client outlives it.
  Generate generator(Json more = Json::object());

  const LlmCounts& counts() const;
  // By the run so far, other processes and earlier calls included.
  const LlmSpent& spent() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tripost
