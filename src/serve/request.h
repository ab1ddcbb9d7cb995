// The body of a completion or chat request, read field by field.
//
// A field that is not known, or that would change the answer in a way the server cannot, is a 400
// that names it; docs/serve.md lists every field. Limits are checked here, so that no number of a
// client's becomes an amount of memory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "serve/api_error.h"
#include "text/chat.h"
#include "text/generate.h"

namespace tripost {

struct ApiRequest {
  bool is_chat = false;
  std::string model;  // empty: not named

  std::vector<ChatMessage> messages;                                     // of a chat
  std::vector<std::variant<std::string, std::vector<TokenId>>> prompts;  // of a completion

  Sampling sampling{.temperature = 1.0};  // all but max_new_tokens
  std::optional<int> max_tokens;
  int n = 1;  // completions of each prompt
  std::optional<uint64_t> seed;

  bool stream = false;
  bool stream_usage = false;  // a last chunk with the usage
  bool log_probabilities = false;
  int num_likeliest = 0;

  bool self_improve = false;  // answer with the model's last attempt after its own feedback
  bool trajectory = false;    // and say what came before it
};

// Throws ApiError.
ApiRequest read_request(const std::string& body, bool is_chat);

}  // namespace tripost
