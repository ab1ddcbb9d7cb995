// Answers as the JSON of OpenAI's API, whole or in the chunks of a stream.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "serve/answer.h"
#include "text/tokenizer.h"

namespace tripost {

// What every message of one answer repeats.
struct ReplyHead {
  std::string id;       // "chatcmpl-..." or "cmpl-..."
  int64_t created = 0;  // seconds since 1970
  std::string model;
  bool is_chat = false;
  bool log_probabilities = false;
};

struct Usage {
  int64_t prompt_tokens = 0, completion_tokens = 0;
};

Json to_json(const Usage& usage);

// `parts`: one for each completion, in order, each the whole of it.
Json whole_reply(const ReplyHead& head, const std::vector<AnswerPart>& parts, const Usage& usage,
                 const Tokenizer& tokenizer);

// `usage_field`: the stream will end in a chunk with the usage, so others have it as null.
Json stream_chunk(const ReplyHead& head, const AnswerPart& part, bool usage_field,
                  const Tokenizer& tokenizer);
Json usage_chunk(const ReplyHead& head, const Usage& usage);

// A server-sent event.
std::string event_of(const Json& value);

}  // namespace tripost
