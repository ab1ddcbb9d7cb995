#include "edit/llm_attempts.h"

#include <fmt/format.h>

#include <cassert>
#include <string>

#include "base/random.h"
#include "edit/llm_reply.h"
#include "task/lines.h"

namespace tripost {
namespace {

Exchange failed(Exchange exchange, const std::string& why) {
  exchange.stop = StopReason::kFailed;
  exchange.failure = why;
  Attempt& attempt = exchange.steps.front().attempt;
  attempt.complete = false;
  attempt.verdict.error = why;
  return exchange;
}

Exchange answered(Exchange exchange, const Completion& completion, const Task& task) {
  if (completion.finish_reason == FinishReason::kError)
    return failed(std::move(exchange), completion.error);
  Attempt& attempt = exchange.steps.front().attempt;
  LlmUpdate read = read_llm_update(completion.text, {});
  attempt.text =
      read.fault.empty() ? std::move(read.attempt) : std::string(trimmed(completion.text));
  attempt.complete = completion.finish_reason == FinishReason::kStop;
  attempt.num_tokens = completion.num_tokens;
  attempt.log_probability = completion.log_probability;
  attempt.verdict = task.grade(exchange.problem, attempt.text);
  return exchange;
}

}  // namespace

std::vector<Exchange> llm_attempts(const std::vector<Problem>& problems, const Task& task,
                                   const std::filesystem::path& prompt, const Generate& generate,
                                   const LlmSourceConfig& config, int samples) {
  const PromptFile file = PromptFile::read(prompt, {"question", "lead_in"});
  std::vector<Exchange> exchanges;
  std::vector<Request> requests;
  std::vector<std::size_t> places;
  for (const Problem& problem : problems) {
    std::size_t dropped = 0;
    const auto text = file.fill({{"question", problem.question}, {"lead_in", problem.lead_in}},
                                config.max_prompt_bytes, dropped);
    for (int sample = 0; sample < samples; ++sample) {
      Exchange exchange{.problem = problem, .sample = sample, .steps = {Step()}};
      exchange.steps.front().attempt.source = Source::kLlm;
      if (text) {
        const uint64_t seed =
            seed_from({config.seed, hash_text(*text), static_cast<uint64_t>(sample)});
        places.push_back(exchanges.size());
        requests.push_back({*text, seed});
      } else {
        exchange = failed(std::move(exchange),
                          fmt::format("the prompt is longer than {} bytes without any example",
                                      config.max_prompt_bytes));
      }
      exchanges.push_back(std::move(exchange));
    }
  }
  Sampling sampling = config.sampling;
  sampling.stop = llm_stops();
  const auto completions =
      requests.empty() ? std::vector<Completion>() : generate(requests, sampling);
  assert(completions.size() == requests.size());
  for (std::size_t i = 0; i < completions.size(); ++i)
    exchanges[places[i]] = answered(std::move(exchanges[places[i]]), completions[i], task);
  return exchanges;
}

}  // namespace tripost
