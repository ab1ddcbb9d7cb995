// An OpenAI-compatible endpoint: where it is, which model it serves, and how a request to it looks.
//
//   OpenAI, vLLM, llama.cpp, Ollama, SGLang, tripost serve   url https://host/v1, model by name
//   Azure                                     url https://name.openai.azure.com, model =
//   deployment,
//                                             azure_version = the api-version
//
// Pure functions; nothing is sent here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "llm/secret.h"
#include "text/generate.h"

namespace tripost {

enum class LlmApi { kChat, kCompletions };

struct Endpoint {
  std::string url;  // without "/chat/completions"
  std::string model;
  LlmApi api = LlmApi::kChat;
  std::string azure_version;  // "2024-06-01": Azure's way of addressing; empty: everyone else's
  Secret key;
  std::string proxy;           // used only when it stands here: the environment's proxies are not
  Json body = Json::object();  // merged into every request; null removes a field (RFC 7386)
};

// A UsageError when url, proxy or model cannot be used: another scheme than http and https, a user
// name, query or fragment in the URL, a user name in the proxy, no model.
void check_endpoint(const Endpoint& endpoint);
// The part of it that looks at the proxy, where there is no endpoint.
void check_proxy(const std::string& proxy);

// Whether requests leave this machine without encryption.
bool is_plain_remote(const Endpoint& endpoint);

std::string request_url(const Endpoint& endpoint);

// Header lines, the key's among them.
std::vector<std::string> request_headers(const Endpoint& endpoint);

// The prompt is the one message of the user (chat), or the text to continue (completions). The seed
// is sent where something is drawn at random. `more` holds fields of this request, an object.
Json request_body(const Endpoint& endpoint, const Request& request, const Sampling& sampling,
                  const Json& more = Json::object());

// The most tokens that the answer to such a body may have: the larger of max_tokens and
// max_completion_tokens, or `otherwise` where it names neither, times the choices that it asks for.
int64_t most_answer_tokens(const Json& body, int otherwise);

// Upper estimate of a text's tokens, for limits and budgets: 2 bytes a token, as dense as sums of
// small numbers come. English has about 4.
int estimated_tokens(std::size_t bytes);
std::size_t bytes_that_fit(int tokens);

}  // namespace tripost
