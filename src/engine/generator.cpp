#include "engine/generator.h"

#include <numeric>
#include <utility>

#include "text/stop_text.h"

namespace tripost {
namespace {

Completion completion_of(const TokenCompletion& tokens, const StopText& text) {
  const auto& logs = tokens.log_probabilities;
  return {.text = text.text(),
          .num_tokens = static_cast<int>(logs.size()),
          .finish_reason = tokens.finish_reason,
          .log_probability = std::accumulate(logs.begin(), logs.end(), 0.0),
          .error = tokens.error};
}

std::vector<Completion> generate(Engine& engine, const Tokenizer& tokenizer,
                                 const Progress& progress, const std::vector<Request>& requests,
                                 const Sampling& sampling) {
  std::vector<TokenRequest> token_requests;
  token_requests.reserve(requests.size());
  for (const Request& request : requests) {
    token_requests.push_back(
        {tokenizer.encode_pieces(request.prompt, request.borders), sampling, request.seed});
  }
  std::vector<StopText> texts(requests.size(), StopText(sampling.stop));
  const auto on_token = [&](std::size_t request, int32_t id) {
    if (!sampling.ignore_eos && id == tokenizer.eos()) return false;
    return !texts[request].append(tokenizer.bytes_of(id));
  };
  int64_t done = 0;
  const auto on_done = [&](std::size_t) {
    ++done;
    if (progress)
      progress({"generate", done, static_cast<int64_t>(requests.size()), "completions", {}});
  };
  const std::vector<TokenCompletion> tokens = engine.generate(token_requests, on_token, on_done);
  std::vector<Completion> completions;
  completions.reserve(tokens.size());
  for (std::size_t i = 0; i < tokens.size(); ++i)
    completions.push_back(completion_of(tokens[i], texts[i]));
  return completions;
}

}  // namespace

Generate make_generator(Engine& engine, const Tokenizer& tokenizer, Progress progress) {
  return [&engine, &tokenizer, progress = std::move(progress)](const std::vector<Request>& requests,
                                                               const Sampling& sampling) {
    return generate(engine, tokenizer, progress, requests, sampling);
  };
}

}  // namespace tripost
