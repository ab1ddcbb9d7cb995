#include "llm/endpoint.h"

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "base/local_host.h"

namespace tripost {
namespace {

constexpr std::size_t kBytesPerToken = 2;

struct Address {
  std::string_view scheme;
  std::string_view authority;  // "host:8000"
};

Address address_of(std::string_view url) {
  const auto colon = url.find("://");
  if (colon == std::string_view::npos) return {};
  const auto rest = url.substr(colon + 3);
  return {url.substr(0, colon), rest.substr(0, rest.find_first_of("/?#"))};
}

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const unsigned char c : text) {
    const bool plain = std::isalnum(c) || c == '-' || c == '_' || c == '.' || c == '~';
    encoded += plain ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
  }
  return encoded;
}

}  // namespace

void check_endpoint(const Endpoint& endpoint) {
  const Address address = address_of(endpoint.url);
  if ((address.scheme != "http" && address.scheme != "https") || address.authority.empty()) {
    fail_usage(
        "the LLM endpoint's URL is \"{}\": it should open with https:// or http:// and a host",
        endpoint.url);
  }
  // Not quoted: what stands before the @ or behind the ? may be a secret.
  if (address.authority.find('@') != std::string_view::npos) {
    fail_usage(
        "the LLM endpoint's URL holds a user name before its host: give the key in a file or the "
        "environment instead");
  }
  if (endpoint.url.find_first_of("?#") != std::string::npos) {
    fail_usage(
        "the LLM endpoint's URL holds a query or fragment: give the key in a file or the "
        "environment instead");
  }
  if (endpoint.url.find_first_of(" \t\r\n") != std::string::npos) {
    fail_usage("the LLM endpoint's URL \"{}\" holds a blank", endpoint.url);
  }
  check_proxy(endpoint.proxy);
  if (endpoint.model.empty())
    fail_usage("the LLM endpoint {} needs the name of a model", endpoint.url);
}

void check_proxy(const std::string& proxy) {
  // Not quoted: what stands before the @ is the secret. A password may hold any character, so where
  // the @ stands is not asked.
  if (proxy.find('@') == std::string::npos) return;
  fail_usage(
      "the LLM's proxy holds a user name or password, which a run would write down in its config "
      "and report: give its host and port alone; a proxy that wants a password is reached through "
      "a local one that adds it");
}

bool is_plain_remote(const Endpoint& endpoint) {
  const Address address = address_of(endpoint.url);
  return address.scheme == "http" && !is_local_host(address.authority);
}

std::string request_url(const Endpoint& endpoint) {
  std::string url = endpoint.url;
  while (url.ends_with('/')) url.pop_back();
  const char* const path = endpoint.api == LlmApi::kChat ? "chat/completions" : "completions";
  if (endpoint.azure_version.empty()) return fmt::format("{}/{}", url, path);
  return fmt::format("{}/openai/deployments/{}/{}?api-version={}", url,
                     percent_encoded(endpoint.model), path,
                     percent_encoded(endpoint.azure_version));
}

std::vector<std::string> request_headers(const Endpoint& endpoint) {
  // Without "Expect:" libcurl waits a second for leave to send a long body.
  std::vector<std::string> headers = {"Content-Type: application/json", "Accept: application/json",
                                      "Expect:"};
  if (endpoint.key.empty()) return headers;
  const bool azure = !endpoint.azure_version.empty();
  headers.push_back((azure ? "api-key: " : "Authorization: Bearer ") + endpoint.key.reveal());
  return headers;
}

Json request_body(const Endpoint& endpoint, const Request& request, const Sampling& sampling,
                  const Json& more) {
  Json body;
  body["model"] = endpoint.model;
  if (endpoint.api == LlmApi::kChat) {
    body["messages"] = Json::array({{{"role", "user"}, {"content", request.prompt}}});
  } else {
    body["prompt"] = request.prompt;
  }
  body["max_tokens"] = sampling.max_new_tokens;
  body["temperature"] = sampling.temperature;
  if (sampling.top_p < 1.0) body["top_p"] = sampling.top_p;
  if (sampling.top_k > 0) body["top_k"] = sampling.top_k;
  if (sampling.min_p > 0.0) body["min_p"] = sampling.min_p;
  if (sampling.repetition_penalty != 1.0) body["repetition_penalty"] = sampling.repetition_penalty;
  if (sampling.ignore_eos) body["ignore_eos"] = true;
  if (!sampling.stop.empty()) body["stop"] = sampling.stop;
  // 31 bits: what every server takes.
  if (sampling.temperature > 0.0) body["seed"] = request.seed & 0x7FFFFFFF;
  body.merge_patch(more);
  body.merge_patch(endpoint.body);  // the user has the last word
  return body;
}

int64_t most_answer_tokens(const Json& body, int otherwise) {
  // The user may have put anything there; sums of many calls stay countable.
  constexpr int64_t kMost = 10'000'000;
  const auto count = [&](const char* key) {
    const auto found = body.find(key);
    const bool is_count = found != body.end() && found->is_number_integer() && *found > 0;
    return !is_count ? int64_t{0} : *found > kMost ? kMost : found->get<int64_t>();
  };
  const int64_t limit = std::max(count("max_tokens"), count("max_completion_tokens"));
  const int64_t choices = std::max({count("n"), count("best_of"), int64_t{1}});
  return (limit > 0 ? limit : otherwise) * choices;
}

int estimated_tokens(std::size_t bytes) { return static_cast<int>(bytes / kBytesPerToken) + 1; }

std::size_t bytes_that_fit(int tokens) { return static_cast<std::size_t>(tokens) * kBytesPerToken; }

}  // namespace tripost
