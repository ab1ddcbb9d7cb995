// A model that answers by rule: a test gives it completions for prompts that end in or hold a text.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "text/generate.h"

namespace tripost {

// Answers each request with the completion of the first rule whose key the prompt ends with;
// remembers what it was asked. A prompt without a rule is a failure that says so. Stop strings are
// honoured, as an engine would.
struct FakeModel {
  std::vector<std::pair<std::string, Completion>> rules;
  std::vector<std::vector<Request>> batches;
  std::vector<Sampling> samplings;

  void answer(const std::string& prompt_end, const std::string& text) {
    Completion completion;
    completion.text = text;
    completion.num_tokens = static_cast<int>(text.size());
    completion.log_probability = -1.5;
    rules.emplace_back(prompt_end, completion);
  }
  void answer(const std::string& prompt_end, FinishReason reason, const std::string& text) {
    answer(prompt_end, text);
    rules.back().second.finish_reason = reason;
    rules.back().second.error = reason == FinishReason::kError ? text : "";
  }

  Generate generate() {
    return [this](const std::vector<Request>& requests, const Sampling& sampling) {
      batches.push_back(requests);
      samplings.push_back(sampling);
      std::vector<Completion> completions;
      for (const Request& request : requests)
        completions.push_back(complete(request.prompt, sampling));
      return completions;
    };
  }

 private:
  Completion complete(const std::string& prompt, const Sampling& sampling) const {
    for (const auto& [end, completion] : rules) {
      if (!prompt.ends_with(end)) continue;
      Completion stopped = completion;
      for (const auto& stop : sampling.stop)
        stopped.text = stopped.text.substr(0, stopped.text.find(stop));
      return stopped;
    }
    Completion unknown;
    unknown.finish_reason = FinishReason::kError;
    unknown.error = "no rule for: " + prompt;
    return unknown;
  }
};

}  // namespace tripost
