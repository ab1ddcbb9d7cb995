#include "llm/reply.h"

#include <algorithm>
#include <cassert>
#include <optional>

#include "base/error.h"

namespace tripost {
namespace {

constexpr std::array<const char*, kNumLlmFaults> kNames = {
    "none",         "cut",     "content_filter", "refusal",  "connection",
    "broken",       "timeout", "rate_limit",     "server",   "malformed",
    "content_type", "empty",   "too_large",      "rejected", "too_long",
    "quota",        "key",     "not_found",      "redirect"};
static_assert(static_cast<std::size_t>(LlmFault::kRedirect) + 1 == kNumLlmFaults);

constexpr std::size_t kLongestMessage = 300;

// Our own field of a choice (body_of_filtered).
constexpr const char* kFilteredBecause = "tripost_filtered_because";

LlmReply fault_of(LlmFault fault, std::string why, bool retry) {
  LlmReply reply;
  reply.fault = fault;
  reply.why = std::move(why);
  reply.retry = retry;
  return reply;
}

// One bounded line of a text that others wrote.
std::string one_line(std::string text) {
  if (text.size() > kLongestMessage) text = text.substr(0, kLongestMessage) + "...";
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return text;
}

std::optional<Json> json_in(const std::string& body) {
  try {
    return parse_json(body, "answer");
  } catch (const Error&) {
    return std::nullopt;
  }
}

// The member where `object` is an object that has it, else null.
const Json& member(const Json& object, const char* key) {
  static const Json null;
  if (!object.is_object()) return null;
  const auto found = object.find(key);
  return found == object.end() ? null : *found;
}

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : ""; }

std::string header(const HttpResult& result, const char* name) {
  const auto found = result.headers.find(name);
  return found == result.headers.end() ? "" : found->second;
}

// What the provider says of an error: {"error": {"message", "code"}}, or {"message"}, or bare text.
struct ProviderError {
  std::string message;
  std::string code;
};

ProviderError provider_error(const std::string& body) {
  const auto json = json_in(body);
  if (!json) return {body, ""};
  const Json& error = member(*json, "error");
  if (error.is_string()) return {error.get<std::string>(), ""};
  const Json& inside = error.is_object() ? error : *json;
  ProviderError read{text_of(member(inside, "message")), text_of(member(inside, "code"))};
  if (read.code.empty()) read.code = text_of(member(inside, "type"));
  if (read.message.empty()) read.message = body;
  return read;
}

bool holds(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

LlmFault fault_of_status(int status, const ProviderError& error) {
  if (status >= 300 && status < 400) return LlmFault::kRedirect;
  if (status == 402 || error.code == "insufficient_quota") return LlmFault::kQuota;
  if (status == 429) return LlmFault::kRateLimit;
  if (status == 401 || status == 403) return LlmFault::kKey;
  if (status == 404) return LlmFault::kNotFound;
  if (status == 408) return LlmFault::kTimeout;
  if (status == 409 || status >= 500) return LlmFault::kServer;
  if (error.code == "content_filter") return LlmFault::kContentFilter;
  if (error.code == "context_length_exceeded" || holds(error.message, "context length"))
    return LlmFault::kTooLong;
  return LlmFault::kRejected;
}

LlmReply read_error_status(const HttpResult& result) {
  const ProviderError error = provider_error(result.body);
  const LlmFault fault = fault_of_status(result.status, error);
  std::string why = fmt::format("status {}", result.status);
  if (fault == LlmFault::kRedirect) {
    why += fmt::format(", a redirect to \"{}\", which is not followed: the key is for one host",
                       one_line(header(result, "location")));
  } else if (!error.message.empty()) {
    why += ": " + one_line(error.message);
  }
  const std::string id = header(result, "x-request-id");
  if (!id.empty()) why += fmt::format(" (request {})", one_line(id));
  bool retry =
      fault == LlmFault::kRateLimit || fault == LlmFault::kTimeout || fault == LlmFault::kServer;
  const std::string wish = header(result, "x-should-retry");
  if (!is_hopeless(fault) && (wish == "true" || wish == "false")) retry = wish == "true";
  return fault_of(fault, std::move(why), retry);
}

LlmReply read_broken(const HttpResult& result) {
  using End = HttpResult::End;
  if (result.end == End::kTimeout) return fault_of(LlmFault::kTimeout, result.error, true);
  if (result.end == End::kTooLarge) return fault_of(LlmFault::kTooLarge, result.error, true);
  if (result.end == End::kBroken) return fault_of(LlmFault::kBroken, result.error, true);
  return fault_of(LlmFault::kConnection, result.error, true);
}

LlmUsage usage_in(const Json& body) {
  const Json& usage = member(body, "usage");
  const Json& prompt = member(usage, "prompt_tokens");
  const Json& completion = member(usage, "completion_tokens");
  constexpr int64_t kMost = 1'000'000'000;  // more is no count of tokens
  const auto plausible = [](const Json& count) {
    return count.is_number_integer() && count >= 0 && count <= kMost;
  };
  if (!plausible(prompt) || !plausible(completion)) return {};
  return {prompt.get<int64_t>(), completion.get<int64_t>(), true};
}

LlmReply malformed(const std::string& why) { return fault_of(LlmFault::kMalformed, why, true); }

LlmReply read_choice(const Json& choice, LlmApi api) {
  const Json& message = api == LlmApi::kChat ? member(choice, "message") : choice;
  const Json& text = member(message, api == LlmApi::kChat ? "content" : "text");
  const Json& reason = member(choice, "finish_reason");
  const std::string refusal = text_of(member(message, "refusal"));
  if (!reason.is_string()) return malformed("the answer has no finish_reason");
  if (!refusal.empty())
    return fault_of(LlmFault::kRefusal, "the model refused: " + one_line(refusal), false);
  if (reason == "content_filter") {
    const std::string why = text_of(member(choice, kFilteredBecause));
    return fault_of(LlmFault::kContentFilter,
                    why.empty() ? "the endpoint's content filter withheld the text" : why, false);
  }
  if (!text.is_null() && !text.is_string())
    return malformed(fmt::format("the answer's text is of type {}", text.type_name()));
  LlmReply reply;
  reply.completion.text = text_of(text);
  if (reason == "length") {
    reply.fault = LlmFault::kCut;
    reply.why = "the answer was cut at its token limit";
    reply.completion.finish_reason = FinishReason::kLength;
    return reply;
  }
  if (reply.completion.text.find_first_not_of(" \t\r\n") == std::string::npos) {
    return fault_of(LlmFault::kEmpty, "the answer holds no text", true);
  }
  return reply;
}

LlmReply read_answer(const HttpResult& result, LlmApi api) {
  const std::string type = header(result, "content-type");
  if (!type.empty() && !holds(type, "json")) {
    return fault_of(LlmFault::kContentType,
                    fmt::format("the answer is of type \"{}\", not JSON", one_line(type)), true);
  }
  const auto body = json_in(result.body);
  if (!body)
    return malformed(result.body.empty() ? "the answer is empty" : "the answer is not valid JSON");
  const Json& choices = member(*body, "choices");
  LlmReply reply = choices.is_array() && !choices.empty() ? read_choice(choices[0], api)
                                                          : malformed("the answer has no choices");
  reply.usage = usage_in(*body);
  reply.completion.num_tokens = static_cast<int>(reply.usage.completion_tokens);
  return reply;
}

}  // namespace

const char* name_of(LlmFault fault) { return kNames.at(static_cast<std::size_t>(fault)); }

bool is_answer(LlmFault fault) { return fault <= LlmFault::kRefusal; }

bool is_hopeless(LlmFault fault) { return fault >= LlmFault::kQuota; }

std::string body_of_filtered(const std::string& why) {
  return to_line(
      {{"choices", Json::array({{{"finish_reason", "content_filter"}, {kFilteredBecause, why}}})}});
}

LlmReply read_reply(const HttpResult& result, LlmApi api) {
  LlmReply reply = result.end != HttpResult::End::kAnswered ? read_broken(result)
                   : result.status == 200                   ? read_answer(result, api)
                                                            : read_error_status(result);
  if (reply.fault != LlmFault::kNone && reply.fault != LlmFault::kCut) {
    reply.completion.finish_reason = FinishReason::kError;
    reply.completion.error = reply.why;
  }
  return reply;
}

}  // namespace tripost
