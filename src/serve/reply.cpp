#include "serve/reply.h"

#include <fmt/format.h>

#include "text/utf8.h"

namespace tripost {
namespace {

Json finish_reason_of(const AnswerPart& part) {
  if (!part.is_last) return nullptr;
  return part.finish_reason == FinishReason::kLength ? "length" : "stop";
}

Json bytes_as_numbers(const std::string& bytes) {
  Json numbers = Json::array();
  for (const char byte : bytes) numbers.push_back(static_cast<unsigned char>(byte));
  return numbers;
}

bool is_utf8(const std::string& bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = utf8_length_at(bytes, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

// Parts of characters are written in hexadecimal, as OpenAI does, so that they stay apart as keys.
std::string token_text(const std::string& bytes) {
  if (is_utf8(bytes)) return bytes;
  std::string text = "bytes:";
  for (const char byte : bytes) text += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
  return text;
}

Json chat_token(const std::string& bytes, float log_probability) {
  return {{"token", token_text(bytes)},
          {"logprob", log_probability},
          {"bytes", bytes_as_numbers(bytes)}};
}

Json chat_log_probabilities(const std::vector<AnswerToken>& tokens, const Tokenizer& tokenizer) {
  Json content = Json::array();
  for (const AnswerToken& token : tokens) {
    Json entry = chat_token(token.bytes, token.log_probability);
    Json likeliest = Json::array();
    for (const LikelyToken& likely : token.likeliest)
      likeliest.push_back(chat_token(tokenizer.bytes_of(likely.id), likely.log_probability));
    entry["top_logprobs"] = std::move(likeliest);
    content.push_back(std::move(entry));
  }
  return {{"content", std::move(content)}, {"refusal", nullptr}};
}

Json completion_log_probabilities(const std::vector<AnswerToken>& tokens,
                                  const Tokenizer& tokenizer) {
  Json texts = Json::array(), values = Json::array(), likeliest = Json::array(),
       offsets = Json::array();
  bool has_likeliest = false;
  for (const AnswerToken& token : tokens) {
    texts.push_back(token_text(token.bytes));
    values.push_back(token.log_probability);
    offsets.push_back(token.start);
    Json map = Json::object();
    for (const LikelyToken& likely : token.likeliest) {
      map.emplace(token_text(tokenizer.bytes_of(likely.id)), likely.log_probability);
      has_likeliest = true;
    }
    likeliest.push_back(std::move(map));
  }
  return {{"tokens", std::move(texts)},
          {"token_logprobs", std::move(values)},
          {"top_logprobs", has_likeliest ? std::move(likeliest) : Json()},
          {"text_offset", std::move(offsets)}};
}

Json log_probabilities_of(const ReplyHead& head, const AnswerPart& part,
                          const Tokenizer& tokenizer) {
  if (!head.log_probabilities) return nullptr;
  return head.is_chat ? chat_log_probabilities(part.tokens, tokenizer)
                      : completion_log_probabilities(part.tokens, tokenizer);
}

Json frame(const ReplyHead& head, const char* object) {
  return {{"id", head.id}, {"object", object}, {"created", head.created}, {"model", head.model}};
}

const char* chunk_object(const ReplyHead& head) {
  return head.is_chat ? "chat.completion.chunk" : "text_completion";
}

}  // namespace

Json to_json(const Usage& usage) {
  return {{"prompt_tokens", usage.prompt_tokens},
          {"completion_tokens", usage.completion_tokens},
          {"total_tokens", usage.prompt_tokens + usage.completion_tokens}};
}

Json whole_reply(const ReplyHead& head, const std::vector<AnswerPart>& parts, const Usage& usage,
                 const Tokenizer& tokenizer) {
  Json reply = frame(head, head.is_chat ? "chat.completion" : "text_completion");
  Json choices = Json::array();
  for (const AnswerPart& part : parts) {
    Json choice = {{"index", part.completion}};
    if (head.is_chat) {
      choice["message"] = {{"role", "assistant"}, {"content", part.text}, {"refusal", nullptr}};
    } else {
      choice["text"] = part.text;
    }
    choice["logprobs"] = log_probabilities_of(head, part, tokenizer);
    choice["finish_reason"] = finish_reason_of(part);
    choices.push_back(std::move(choice));
  }
  reply["choices"] = std::move(choices);
  reply["usage"] = to_json(usage);
  return reply;
}

Json stream_chunk(const ReplyHead& head, const AnswerPart& part, bool usage_field,
                  const Tokenizer& tokenizer) {
  Json chunk = frame(head, chunk_object(head));
  Json choice = {{"index", part.completion}};
  if (head.is_chat) {
    Json delta = Json::object();
    if (part.is_first) delta["role"] = "assistant";
    if (!part.text.empty() || part.is_first) delta["content"] = part.text;
    choice["delta"] = std::move(delta);
  } else {
    choice["text"] = part.text;
  }
  choice["logprobs"] = log_probabilities_of(head, part, tokenizer);
  choice["finish_reason"] = finish_reason_of(part);
  chunk["choices"] = Json::array({std::move(choice)});
  if (usage_field) chunk["usage"] = nullptr;
  return chunk;
}

Json usage_chunk(const ReplyHead& head, const Usage& usage) {
  Json chunk = frame(head, chunk_object(head));
  chunk["choices"] = Json::array();
  chunk["usage"] = to_json(usage);
  return chunk;
}

std::string event_of(const Json& value) { return "data: " + to_line(value) + "\n\n"; }

}  // namespace tripost
