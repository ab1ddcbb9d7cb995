// A model that is asked while it answers: requests join those that already run, and tokens come as
// they are made. The live counterpart of generate.h; works on token ids.
//
// Promises: the tokens of a completion depend only on its prompt, sampling and seed, as in
// generate.h. Stop strings are the listener's business.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "text/generate.h"

namespace tripost {

struct LikelyToken {
  int32_t id = 0;
  float log_probability = 0;
};

// One token as it was drawn. Log-probabilities are natural, untempered and untruncated.
struct Draw {
  int32_t id = -1;  // -1: the logits hold a NaN or infinity, or nothing finite
  float log_probability = 0;
  std::vector<LikelyToken> likeliest;  // as many as were asked for, likeliest first
};

struct LiveRequest {
  std::vector<int32_t> prompt;  // at least one token
  Sampling sampling;            // `stop` is not looked at
  std::vector<uint64_t> seeds;  // one completion for each; they share the work on the prompt
  int num_likeliest = 0;
};

// Who is told of a request's completions. Calls come from other threads than the caller's, those
// of one completion one at a time; they must not throw or block.
class LiveListener {
 public:
  virtual ~LiveListener() = default;

  // `completion` counts the request's seeds. Returning false ends it with kStop. EOS is reported
  // only when `ignore_eos` is set.
  virtual bool on_token(std::size_t completion, const Draw& draw) = 0;

  // The last call of a completion; every completion gets it once. `num_tokens` and
  // `log_probability`, their sum, count an EOS.
  virtual void on_done(std::size_t completion, FinishReason reason, int num_tokens,
                       double log_probability, const std::string& error) = 0;

  // Asked before every step: false ends what runs with kStop.
  virtual bool is_wanted() const = 0;
};

// Thread-safe.
class LiveModel {
 public:
  virtual ~LiveModel() = default;

  // Returns at once. What cannot run is done with kError.
  virtual void submit(const LiveRequest& request,
                      const std::shared_ptr<LiveListener>& listener) = 0;

  // Ends requests that wait and are not wanted any more; those that run end by themselves.
  virtual void drop_unwanted() = 0;

  // Tokens that a prompt and its completion may have together.
  virtual int64_t max_length() const = 0;

  // Why it answers nothing any more; empty while it does.
  virtual std::string failure() const = 0;
};

}  // namespace tripost
