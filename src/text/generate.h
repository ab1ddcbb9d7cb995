// The callable by which every stage reaches any model: our engine, an LLM endpoint, or a fake in a
// test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tripost {

struct Sampling {
  double temperature = 0.0;  // 0 = greedy
  int top_k = 0;             // 0 = off
  double top_p = 1.0;        // 1 = off
  double min_p = 0.0;        // 0 = off
  // The logit of every token that stands in the prompt or the text so far is divided by this where
  // it is above 0 and multiplied where it is below, before anything else (Keskar et al. 2019, as
  // transformers does it); 1 = off.
  double repetition_penalty = 1.0;
  int max_new_tokens = 1024;
  std::vector<std::string>
      stop;  // generation ends before the first of these; it is not part of the text
  std::vector<int32_t> stop_tokens;  // each ends generation as EOS does, whatever ignore_eos says
  bool ignore_eos = false;
};

struct Request {
  std::string prompt;
  uint64_t seed =
      0;  // from the request's identity (base/random.h), never from its place in a batch
  // Where the prompt's pieces end (text/prompt.h): no token of our own engine crosses one. An
  // endpoint takes the text as it is.
  std::vector<std::size_t> borders = {};
};

enum class FinishReason { kStop, kLength, kError };

struct Completion {
  std::string text;    // what the model wrote after the prompt, without stop string or EOS
  int num_tokens = 0;  // tokens generated, EOS included
  FinishReason finish_reason = FinishReason::kStop;
  double log_probability = 0.0;  // sum over the generated tokens, untempered and untruncated
  std::string error;  // why, when finish_reason is kError: the request's fault stays in its record
};

// Completions in the order of the requests. Results do not depend on how requests are batched
// together.
using Generate =
    std::function<std::vector<Completion>(const std::vector<Request>&, const Sampling&)>;

}  // namespace tripost
