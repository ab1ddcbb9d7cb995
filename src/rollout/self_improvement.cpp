#include "rollout/self_improvement.h"

#include <cassert>
#include <optional>

#include "base/random.h"
#include "rollout/attempt.h"
#include "rollout/rollout.h"
#include "text/prompt.h"
#include "trajectory/update_end.h"

namespace tripost {
namespace {

// The generations of one round differ in this part of their seeds.
enum class Part : uint64_t { kFeedback = 1, kUpdate = 2 };

class SelfImprovement {
 public:
  SelfImprovement(std::vector<Exchange>& exchanges, const Task& task, const Generate& generate,
                  const SelfImprovementConfig& config)
      : task_(task), generate_(generate), config_(config) {
    for (Exchange& exchange : exchanges) {
      assert(exchange.steps.size() == 1);
      if (exchange.stop == StopReason::kFailed) continue;
      if (exchange.steps[0].attempt.complete) {
        active_.push_back(&exchange);
      } else {
        exchange.stop = StopReason::kIncomplete;
      }
    }
  }

  void run() {
    for (int round = 0; !active_.empty(); ++round) {
      ask_for_feedback(round);
      if (round == config_.max_updates) {
        for (Exchange* exchange : active_) exchange->stop = StopReason::kMaxUpdates;
        return;
      }
      ask_for_updates(round);
    }
  }

 private:
  Request request_for(const Exchange& exchange, int round, Part part) const;
  void ask_for_feedback(int round);
  void ask_for_updates(int round);
  // Sends one request per active exchange; those that fail leave. `use` says whether an exchange
  // ends, and why.
  template <class Use>
  void advance(int round, Part part, const Sampling& sampling, Use use);

  const Task& task_;
  const Generate& generate_;
  const SelfImprovementConfig& config_;
  std::vector<Exchange*> active_;
};

Request SelfImprovement::request_for(const Exchange& exchange, int round, Part part) const {
  const Problem& problem = exchange.problem;
  const Step& last = exchange.steps.back();
  Conversation conversation{
      problem.question, problem.lead_in, {{last.attempt.text, last.feedback.text}}};
  const uint64_t own =
      seed_of_exchange({1, {}, config_.seed, config_.iteration}, problem, exchange.sample);
  const uint64_t seed = seed_from({own, static_cast<uint64_t>(round), static_cast<uint64_t>(part)});
  Prompt prompt = part == Part::kFeedback ? prompt_for_feedback(conversation)
                                          : prompt_for_attempt(conversation);
  return {std::move(prompt.text), seed, std::move(prompt.borders)};
}

template <class Use>
void SelfImprovement::advance(int round, Part part, const Sampling& sampling, Use use) {
  if (active_.empty()) return;
  std::vector<Request> requests;
  for (const Exchange* exchange : active_) requests.push_back(request_for(*exchange, round, part));
  const std::vector<Completion> completions = generate_(requests, sampling);
  assert(completions.size() == requests.size());
  std::vector<Exchange*> still_active;
  for (std::size_t i = 0; i < active_.size(); ++i) {
    Exchange& exchange = *active_[i];
    std::optional<StopReason> stop = StopReason::kFailed;
    if (completions[i].finish_reason == FinishReason::kError) {
      exchange.failure = completions[i].error;
    } else {
      stop = use(exchange, completions[i]);
    }
    if (stop) {
      exchange.stop = *stop;
    } else {
      still_active.push_back(&exchange);
    }
  }
  active_ = std::move(still_active);
}

void SelfImprovement::ask_for_feedback(int round) {
  advance(round, Part::kFeedback, until_end_of_line(config_.feedback),
          [&](Exchange& exchange, const Completion& completion) -> std::optional<StopReason> {
            const Feedback& feedback = exchange.steps.back().feedback =
                feedback_from(completion, task_);
            if (!feedback.review.error.empty()) return StopReason::kNoGrammar;
            if (feedback.review.correct) return StopReason::kSaidCorrect;
            return std::nullopt;
          });
}

void SelfImprovement::ask_for_updates(int round) {
  advance(round, Part::kUpdate, until_end_of_attempt(config_.update),
          [&](Exchange& exchange, const Completion& completion) {
            exchange.steps.push_back({attempt_from(completion, exchange.problem, task_), {}});
            return end_of_update(exchange);
          });
}

}  // namespace

std::vector<Exchange> self_improve(std::vector<Exchange> exchanges, const Task& task,
                                   const Generate& generate, const SelfImprovementConfig& config) {
  SelfImprovement(exchanges, task, generate, config).run();
  return exchanges;
}

}  // namespace tripost
