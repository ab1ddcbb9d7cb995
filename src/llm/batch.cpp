#include "llm/batch.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>

#include "base/error.h"
#include "base/log.h"

namespace tripost {
namespace {

constexpr double kPollSeconds = 0.05;      // how soon a signal is noticed
constexpr double kDrainAfterSignal = 1.0;  // seconds that calls in flight get to end
constexpr double kSecondsBetweenHalvings = 1.0;

// What `tokens` cost at the budget's prices.
LlmSpent priced(int64_t prompt_tokens, int64_t completion_tokens, const LlmBudget& budget) {
  const double cost = (static_cast<double>(prompt_tokens) * budget.prompt_price +
                       static_cast<double>(completion_tokens) * budget.completion_price) /
                      1e6;
  return {1, prompt_tokens, completion_tokens, cost};
}

// May the provider charge for the call? It may once an answer has begun.
bool is_charged(const LlmReply& reply, const HttpResult& result) {
  return result.status == 200 && reply.fault != LlmFault::kContentType;
}

const char* remedy_for(LlmFault fault) {
  switch (fault) {
    case LlmFault::kKey:
      return "check the key";
    case LlmFault::kNotFound:
      return "check the URL and the name of the model";
    case LlmFault::kQuota:
      return "the account needs money";
    case LlmFault::kRedirect:
      return "give the address where the endpoint really is";
    default:
      return "check the endpoint, then run the same command again";
  }
}

}  // namespace

double monotonic_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

LlmState::LlmState(LlmConfig settings, Progress report)
    : config(std::move(settings)),
      progress(std::move(report)),
      cache(config.cache, config.run),
      transfers(config.timeouts, config.endpoint.proxy),
      requests_allowed(config.limits.requests_per_minute, monotonic_seconds()),
      tokens_allowed(config.limits.tokens_per_minute, monotonic_seconds()),
      slots(config.limits.concurrency),
      jitter(static_cast<uint64_t>(monotonic_seconds() * 1e9)) {}

std::vector<Completion> LlmBatch::run(const std::vector<Request>& requests) {
  completions_.resize(requests.size());
  state_.spent = state_.cache.spent();
  for (std::size_t place = 0; place < requests.size(); ++place) add(requests[place], place);
  run_jobs();
  return std::move(completions_);
}

void LlmBatch::add(const Request& request, std::size_t place) {
  ++state_.counts.requests;
  const Endpoint& endpoint = state_.config.endpoint;
  const Json fields = request_body(endpoint, request, sampling_, more_);
  std::string body = to_line(fields);
  const uint64_t sample = sampling_.temperature > 0 ? request.seed : 0;
  std::string whole = to_line({{"url", request_url(endpoint)}, {"sample", sample}, {"body", body}});
  if (const auto same = job_of_request_.find(whole); same != job_of_request_.end()) {
    ++state_.counts.shared;
    jobs_[same->second].places.push_back(place);
    return;
  }
  if (answer_from_cache(whole, place)) return;
  if (state_.config.offline) {
    fail("offline: the cache {} has no answer {} (prompt \"{}...\"): run once without --offline",
         state_.config.cache.string(), AnswerCache::key_of(whole), request.prompt.substr(0, 60));
  }
  Job job;
  job.most = priced(estimated_tokens(body.size()),
                    most_answer_tokens(fields, sampling_.max_new_tokens), state_.config.budget);
  job.body = std::move(body);
  job.places = {place};
  job_of_request_[whole] = jobs_.size();
  job.request = std::move(whole);
  waiting_.push_back(jobs_.size());
  jobs_.push_back(std::move(job));
}

bool LlmBatch::answer_from_cache(const std::string& request, std::size_t place) {
  const auto found = state_.cache.find(request);
  if (!found) return false;
  HttpResult stored;
  stored.status = 200;
  stored.body = *found;
  LlmReply reply = read_reply(stored, state_.config.endpoint.api);
  if (!is_answer(reply.fault)) {  // never stored like this: the file was damaged
    state_.cache.drop(request);
    ++state_.counts.bad_entries;
    return false;
  }
  ++state_.counts.cache_hits;
  ++state_.counts.faults[static_cast<std::size_t>(reply.fault)];
  completions_[place] = std::move(reply.completion);
  ++done_;
  return true;
}

void LlmBatch::run_jobs() {
  while (done_ < completions_.size()) {
    if (interrupt_requested()) {
      drain(kDrainAfterSignal);
      throw Interrupted();
    }
    const double wait = std::min(send_what_may_go(), kPollSeconds);
    const bool idle =
        !waiting_.empty() &&
        state_.transfers.in_flight() < static_cast<std::size_t>(state_.config.limits.concurrency);
    const double before = monotonic_seconds();
    auto ended = state_.transfers.wait(static_cast<int>(std::ceil(wait * 1000)));
    if (idle) state_.counts.seconds_waited += monotonic_seconds() - before;
    for (const Unanswered& call : receive(std::move(ended))) retry_or_give_up(call);
    report();
  }
}

double LlmBatch::send_what_may_go() {
  const double now = monotonic_seconds();
  double soonest = kPollSeconds;
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    if (state_.transfers.in_flight() >= static_cast<std::size_t>(state_.slots)) break;
    const Job& job = jobs_[*at];
    const double own_wait = job.not_before - now;
    if (own_wait > 0) {
      soonest = std::min(soonest, own_wait);
      ++at;
      continue;
    }
    const double wait = wait_for(job, now);
    if (wait > 0) return std::min(soonest, wait);
    if (!fits_budget(job)) {
      if (state_.transfers.in_flight() > 0) break;  // what they leave of their reserve may do
      const LlmBudget& budget = state_.config.budget;
      stop(
          fmt::format("the LLM budget is spent: {:.4f} of {:.4f} and {} of {} tokens in {} calls "
                      "(0: no limit); raise it",
                      state_.spent.cost, budget.cost,
                      state_.spent.prompt_tokens + state_.spent.completion_tokens, budget.tokens,
                      state_.spent.calls));
    }
    send(*at, now);
    at = waiting_.erase(at);
  }
  return soonest;
}

double LlmBatch::wait_for(const Job& job, double now) {
  const double tokens = static_cast<double>(job.most.prompt_tokens + job.most.completion_tokens);
  return std::max({state_.resume_at - now, state_.requests_allowed.wait_for(1, now),
                   state_.tokens_allowed.wait_for(tokens, now)});
}

bool LlmBatch::fits_budget(const Job& job) const {
  const LlmBudget& budget = state_.config.budget;
  LlmSpent total = state_.spent;
  total += reserved_;
  total += job.most;
  const bool cost_fits = budget.cost <= 0 || total.cost <= budget.cost;
  return cost_fits &&
         (budget.tokens <= 0 || total.prompt_tokens + total.completion_tokens <= budget.tokens);
}

void LlmBatch::send(std::size_t number, double now) {
  Job& job = jobs_[number];
  ++job.tries;
  ++state_.counts.calls;
  reserved_ += job.most;
  state_.requests_allowed.take(1, now);
  state_.tokens_allowed.take(
      static_cast<double>(job.most.prompt_tokens + job.most.completion_tokens), now);
  state_.transfers.start(number, request_url(state_.config.endpoint),
                         request_headers(state_.config.endpoint), job.body);
}

// Answers first: a fault among what ended may stop the batch, and they are paid for.
std::vector<LlmBatch::Unanswered> LlmBatch::receive(
    std::vector<std::pair<std::size_t, HttpResult>> ended) {
  const Secret& key = state_.config.endpoint.key;
  std::vector<Unanswered> unanswered;
  for (auto& [number, result] : ended) {
    result.body = key.scrubbed(std::move(result.body));
    for (auto& [name, value] : result.headers) value = key.scrubbed(std::move(value));
    LlmReply reply = read_reply(result, state_.config.endpoint.api);
    book(jobs_[number], reply, result);
    ++state_.counts.faults[static_cast<std::size_t>(reply.fault)];
    if (is_answer(reply.fault)) {
      accept(jobs_[number], reply);
    } else {
      unanswered.push_back({number, std::move(reply), std::move(result)});
    }
  }
  return unanswered;
}

// The answer comes into the cache, with what it cost, before anybody sees it.
void LlmBatch::book(const Job& job, const LlmReply& reply, const HttpResult& result) {
  const LlmSpent& most = job.most;
  reserved_ += {-1, -most.prompt_tokens, -most.completion_tokens, -most.cost};
  LlmSpent spent;
  if (is_charged(reply, result)) {
    const LlmUsage& usage = reply.usage;
    spent = usage.reported
                ? priced(usage.prompt_tokens, usage.completion_tokens, state_.config.budget)
                : priced(most.prompt_tokens, estimated_tokens(result.body.size()),
                         state_.config.budget);
    state_.counts.usage_estimated += !usage.reported;
  }
  const int64_t unused =
      most.prompt_tokens + most.completion_tokens - spent.prompt_tokens - spent.completion_tokens;
  state_.tokens_allowed.give_back(static_cast<double>(unused));
  if (is_answer(reply.fault)) {
    // Some filters answer with an error status; what is kept is read like an answer.
    state_.cache.store(job.request,
                       result.status == 200 ? result.body : body_of_filtered(reply.why), spent);
  } else if (spent.calls > 0) {
    state_.cache.charge(spent);
  }
  state_.spent += spent;
  state_.counts.spent += spent;
}

void LlmBatch::accept(const Job& job, const LlmReply& reply) {
  ++state_.counts.answered;
  state_.failures = 0;
  state_.slots =
      std::min<double>(state_.config.limits.concurrency, state_.slots + 1 / state_.slots);
  finish(job, reply.completion);
}

void LlmBatch::finish(const Job& job, const Completion& completion) {
  for (const std::size_t place : job.places) completions_[place] = completion;
  done_ += job.places.size();
}

void LlmBatch::retry_or_give_up(const Unanswered& call) {
  const auto& [number, reply, result] = call;
  Job& job = jobs_[number];
  if (is_hopeless(reply.fault)) fail_all(reply);
  const bool unreadable = result.end == HttpResult::End::kTooLarge ||
                          (result.end == HttpResult::End::kAnswered && result.status == 200);
  job.unreadable += unreadable;
  const RetryPolicy& policy = state_.config.retry;
  if (!reply.retry || job.tries >= policy.max_tries || job.unreadable >= policy.max_unreadable)
    return give_up(job, reply);
  job.not_before = monotonic_seconds() + wait_before_retry(job, reply, result);
  waiting_.push_back(number);
}

double LlmBatch::wait_before_retry(const Job& job, const LlmReply& reply,
                                   const HttpResult& result) {
  const RetryPolicy& policy = state_.config.retry;
  const double now = monotonic_seconds();
  const bool overloaded = reply.fault == LlmFault::kRateLimit || result.status == 503;
  if (overloaded && now - state_.halved_at > kSecondsBetweenHalvings) {
    state_.slots = std::max(1.0, state_.slots / 2);
    state_.halved_at = now;
  }
  const double asked = asked_wait(result, static_cast<double>(std::time(nullptr))).value_or(0);
  if (asked > policy.longest_asked) {
    stop(fmt::format("the LLM endpoint asks to wait {:.0f} s ({}), longer than {:.0f} s", asked,
                     reply.why, policy.longest_asked));
  }
  if (asked <= 0)
    return backoff(job.tries - 1, policy.first_wait, policy.longest_wait, state_.jitter);
  // The limit is the account's, not this request's: nothing else goes out either.
  if (overloaded) state_.resume_at = std::max(state_.resume_at, now + asked);
  return asked;
}

void LlmBatch::give_up(const Job& job, const LlmReply& reply) {
  ++state_.counts.failed;
  Completion completion = reply.completion;
  completion.error = fmt::format("the LLM endpoint gave no answer in {} {}: {}", job.tries,
                                 job.tries == 1 ? "call" : "calls", reply.why);
  finish(job, completion);
  // A prompt that is too long says nothing about the endpoint.
  if (reply.fault == LlmFault::kTooLong || ++state_.failures < state_.config.retry.max_failures)
    return;
  fail_all(reply);
}

void LlmBatch::drain(double seconds) {
  const double start = monotonic_seconds();
  double until = start + seconds;
  while (state_.transfers.in_flight() > 0 && monotonic_seconds() < until) {
    if (interrupt_requested()) until = std::min(until, start + kDrainAfterSignal);
    receive(state_.transfers.wait(static_cast<int>(kPollSeconds * 1000)));
  }
  state_.counts.abandoned += static_cast<int64_t>(state_.transfers.in_flight());
  state_.transfers.abandon();
}

void LlmBatch::stop(const std::string& why) {
  drain(state_.config.timeouts.total);
  log_warning("{}; what was answered is kept, the same command goes on from here", why);
  throw Interrupted();
}

void LlmBatch::fail_all(const LlmReply& reply) {
  drain(state_.config.timeouts.total);
  const Endpoint& endpoint = state_.config.endpoint;
  const std::string after =
      state_.failures > 1 ? fmt::format(" after {} failures in a row", state_.failures) : "";
  fail("the LLM endpoint {} (model {}) does not answer{}: {}; {}", endpoint.url, endpoint.model,
       after, reply.why, remedy_for(reply.fault));
}

void LlmBatch::report() {
  if (!state_.progress) return;
  state_.progress({.stage = "LLM",
                   .done = static_cast<int64_t>(done_),
                   .total = static_cast<int64_t>(completions_.size()),
                   .unit = "answers",
                   .detail = describe(state_.counts)});
}

}  // namespace tripost
