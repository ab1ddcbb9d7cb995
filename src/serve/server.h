// The OpenAI-compatible API over a live model: /v1/chat/completions, /v1/completions, /v1/models,
// /health and /metrics.
//
// Promises: a request's text depends on what it asks and its seed only, not on what runs beside it;
// work ends soon after its client has gone; what the server cannot do is refused with the field
// named. Answers run from construction to drain(). docs/serve.md is for its users.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/json.h"
#include "serve/http.h"
#include "text/generate.h"
#include "text/live.h"
#include "text/tokenizer.h"

namespace tripost {

// A chat's last question, answered by the model in several turns with itself.
struct ImprovedAnswer {
  std::string text;             // its last attempt
  Json trajectory;              // every attempt and what the model said of it
  std::string error;            // why there is no answer; empty otherwise
  bool is_no_question = false;  // the error is the question's: the task cannot read it
};
using SelfImprove =
    std::function<ImprovedAnswer(const std::string& question, const Generate& generate,
                                 const Sampling& sampling, uint64_t seed)>;

struct ServerOptions {
  HttpOptions http;
  std::string key;         // that every request but /health must bring; empty: none
  std::string model_name;  // as clients call it
  std::string lead_in = "Let's think step by step.", chat_template;  // text/chat.h
  int max_sequences = 512;   // that run or wait; more is 429
  SelfImprove self_improve;  // empty: not offered
};

class ApiServer {
 public:
  // Model and tokenizer must outlive it. A UsageError when the address is not loopback and there is
  // no key.
  ApiServer(const ServerOptions& options, LiveModel& model, const Tokenizer& tokenizer);
  ~ApiServer();

  int port() const;

  // Refuses new requests, waits up to `grace` for those that run and ends the rest with an error.
  void drain(std::chrono::milliseconds grace);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tripost
