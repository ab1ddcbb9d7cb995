#include "rollout/rollout.h"

#include <cassert>

#include "base/random.h"
#include "rollout/attempt.h"
#include "text/prompt.h"

namespace tripost {
namespace {

Exchange first_exchange(const Problem& problem, int sample, const Completion& completion,
                        const Task& task) {
  Exchange exchange;
  exchange.problem = problem;
  exchange.sample = sample;
  Step step;
  if (completion.finish_reason == FinishReason::kError) {
    exchange.stop = StopReason::kFailed;
    exchange.failure = completion.error;
    step.attempt.complete = false;
    step.attempt.verdict.error = "generation failed: " + completion.error;
  } else {
    step.attempt = attempt_from(completion, problem, task);
  }
  exchange.steps.push_back(std::move(step));
  return exchange;
}

}  // namespace

uint64_t seed_of_exchange(const RolloutConfig& config, const Problem& problem, int sample) {
  return seed_from(
      {config.seed, config.iteration, hash_text(problem.id), static_cast<uint64_t>(sample)});
}

std::vector<Exchange> rollout(const std::vector<Problem>& problems, const Task& task,
                              const Generate& generate, const RolloutConfig& config) {
  std::vector<Request> requests;
  for (const Problem& problem : problems) {
    const Prompt prompt = prompt_for_attempt({problem.question, problem.lead_in, {}});
    for (int sample = 0; sample < config.samples; ++sample) {
      requests.push_back({prompt.text, seed_of_exchange(config, problem, sample), prompt.borders});
    }
  }
  const std::vector<Completion> completions =
      generate(requests, until_end_of_attempt(config.sampling));
  assert(completions.size() == requests.size());

  std::vector<Exchange> exchanges;
  auto completion = completions.begin();
  for (const Problem& problem : problems) {
    for (int sample = 0; sample < config.samples; ++sample) {
      exchanges.push_back(first_exchange(problem, sample, *completion++, task));
    }
  }
  return exchanges;
}

}  // namespace tripost
