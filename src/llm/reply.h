// What an endpoint's answer means: text, or which fault, and whether asking again can help. Pure.
//
// A cut answer, one that a content filter stopped and a refusal are answers: they would come again.
// A body that cannot be read is none.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "llm/endpoint.h"
#include "llm/transfer.h"
#include "text/generate.h"

namespace tripost {

// Everything that can be wrong with one call, each counted by its own name.
enum class LlmFault {
  kNone,
  kCut,            // finish_reason "length": the text hit its token limit
  kContentFilter,  // the endpoint withheld the text
  kRefusal,        // the model refused
  kConnection,     // no connection: name, route, refusal, TLS
  kBroken,         // the connection broke during the answer
  kTimeout,
  kRateLimit,
  kServer,       // 5xx, 409
  kMalformed,    // 200 with a body that is not JSON, or of wrong types, or without choices
  kContentType,  // 200 with a body that does not claim to be JSON
  kEmpty,        // 200 without text
  kTooLarge,
  kRejected,  // another 4xx
  kTooLong,   // the prompt exceeds the model's context
  kQuota,     // the account has no money left
  kKey,       // 401, 403
  kNotFound,  // 404: wrong URL or model
  kRedirect,
};
inline constexpr std::size_t kNumLlmFaults = 19;

const char* name_of(LlmFault fault);  // "connection", ...

// The endpoint has answered, for better or worse: the answer is worth keeping.
bool is_answer(LlmFault fault);
// Every other call would end the same way: key, address or account are wrong.
bool is_hopeless(LlmFault fault);

struct LlmUsage {
  int64_t prompt_tokens = 0;
  int64_t completion_tokens = 0;
  bool reported = false;  // by the endpoint
};

struct LlmReply {
  LlmFault fault = LlmFault::kNone;
  std::string why;        // for every fault, one line: the provider's message among it
  Completion completion;  // text and finish reason, where is_answer
  LlmUsage usage;
  bool retry = false;  // asking again may help
};

// What a cache keeps of text that was withheld by an error status: a body of status 200, of either
// API, that is read as kContentFilter with the same `why`.
std::string body_of_filtered(const std::string& why);

LlmReply read_reply(const HttpResult& result, LlmApi api);

}  // namespace tripost
