// One batch of requests on their way through cache, limits, calls and retries. Internal to llm.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/progress.h"
#include "base/random.h"
#include "llm/cache.h"
#include "llm/client.h"
#include "llm/waits.h"

namespace tripost {

// What a client keeps between batches.
struct LlmState {
  LlmConfig config;
  Progress progress;
  AnswerCache cache;
  Transfers transfers;
  LlmCounts counts;
  LlmSpent spent;  // by the run, from the cache's books
  Allowance requests_allowed;
  Allowance tokens_allowed;
  double slots;          // calls that may be in flight: halved by rate limits, grown by answers
  double resume_at = 0;  // the endpoint asked for a pause until then
  double halved_at = 0;  // when slots were last halved
  int failures = 0;      // requests that failed in a row
  Random jitter;         // of back-off; it changes no result

  LlmState(LlmConfig settings, Progress report);
};

// Seconds on a clock that never goes back.
double monotonic_seconds();

class LlmBatch {
 public:
  LlmBatch(LlmState& state, const Sampling& sampling, const Json& more)
      : state_(state), sampling_(sampling), more_(more) {}

  std::vector<Completion> run(const std::vector<Request>& requests);

 private:
  struct Job {
    std::string request;  // the whole request as text: what the cache goes by
    std::string body;
    std::vector<std::size_t> places;  // of the requests that it answers
    int tries = 0;
    int unreadable = 0;
    double not_before = 0;
    LlmSpent most;  // the most that a call may cost
  };

  struct Unanswered {
    std::size_t number;  // of the job
    LlmReply reply;
    HttpResult result;
  };

  void add(const Request& request, std::size_t place);
  bool answer_from_cache(const std::string& request, std::size_t place);
  void run_jobs();
  // Seconds until something more may go.
  double send_what_may_go();
  double wait_for(const Job& job, double now);
  bool fits_budget(const Job& job) const;
  void send(std::size_t number, double now);
  // Books all that ended and hands on the answers; what is left is to be asked again or given up.
  std::vector<Unanswered> receive(std::vector<std::pair<std::size_t, HttpResult>> ended);
  void book(const Job& job, const LlmReply& reply, const HttpResult& result);
  void accept(const Job& job, const LlmReply& reply);
  void retry_or_give_up(const Unanswered& call);
  void give_up(const Job& job, const LlmReply& reply);
  void finish(const Job& job, const Completion& completion);
  double wait_before_retry(const Job& job, const LlmReply& reply, const HttpResult& result);
  // Waits for what is in flight, so that answers that are paid for are kept, and gives up the rest.
  void drain(double seconds);
  [[noreturn]] void stop(const std::string& why);
  [[noreturn]] void fail_all(const LlmReply& reply);
  void report();

  LlmState& state_;
  const Sampling& sampling_;
  const Json& more_;  // further fields of every request
  std::vector<Completion> completions_;
  std::vector<Job> jobs_;
  std::unordered_map<std::string, std::size_t> job_of_request_;
  std::deque<std::size_t> waiting_;  // jobs to send, in order
  LlmSpent reserved_;                // the most that the calls in flight may cost
  std::size_t done_ = 0;             // requests with a completion
};

}  // namespace tripost
