#include "trajectory/exchange.h"

#include <cassert>

#include "trajectory/fields.h"

namespace tripost {
namespace {

constexpr fields::Names<StopReason, 8> kStopReasons{{{StopReason::kNotAsked, "not_asked"},
                                                     {StopReason::kSaidCorrect, "said_correct"},
                                                     {StopReason::kUnchanged, "unchanged"},
                                                     {StopReason::kRepeated, "repeated"},
                                                     {StopReason::kNoGrammar, "no_grammar"},
                                                     {StopReason::kIncomplete, "incomplete"},
                                                     {StopReason::kMaxUpdates, "max_updates"},
                                                     {StopReason::kFailed, "failed"}}};

}  // namespace

const char* name_of(StopReason reason) { return fields::name_in(kStopReasons, reason); }

const Attempt& final_attempt(const Exchange& exchange) {
  assert(!exchange.steps.empty());
  for (auto step = exchange.steps.rbegin(); step != exchange.steps.rend(); ++step) {
    if (step->attempt.complete && step->attempt.verdict.error.empty()) return step->attempt;
  }
  return exchange.steps.front().attempt;
}

Json to_json(const Exchange& exchange) {
  return {{"problem", to_json(exchange.problem)},
          {"sample", exchange.sample},
          {"stop", name_of(exchange.stop)},
          {"failure", exchange.failure},
          {"steps", to_json(exchange.steps)}};
}

Exchange exchange_from_json(const Json& value, const std::string& where) {
  Exchange exchange;
  exchange.problem = problem_from_json(fields::member(value, "problem", where), where);
  exchange.sample = fields::small_integer(value, "sample", where);
  exchange.stop = fields::value_in(kStopReasons, value, "stop", where);
  exchange.failure = string_field(value, "failure", where);
  exchange.steps = steps_from_json(fields::member(value, "steps", where), where);
  if (exchange.steps.empty())
    fail("{}: \"steps\" is empty; an exchange has at least one attempt", where);
  return exchange;
}

}  // namespace tripost
