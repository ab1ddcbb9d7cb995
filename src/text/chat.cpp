#include "text/chat.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "text/prompt.h"
#include "text/quote.h"
#include "text/tokenizer_file.h"

namespace tripost {
namespace {

constexpr const char* kStart = "<|im_start|>";
constexpr const char* kEnd = "<|im_end|>";
constexpr const char* kHeader = "<|start_header_id|>";
constexpr const char* kHeaderEnd = "<|end_header_id|>\n\n";
constexpr const char* kTurnEnd = "<|eot_id|>";
constexpr const char* kTextEnd = "</s>";

bool holds(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

// What templates do to the texts of the Llama 3 and [INST] layouts.
std::string trimmed(const std::string& text) {
  constexpr const char* kBlanks = " \t\n\r\v\f";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(kBlanks) + 1 - first);
}

// The system message that a ChatML template adds by itself: a string of its own there, without
// anything put in.
std::string default_system(const std::string& chat_template) {
  const std::string opening = "'<|im_start|>system";
  for (auto found = chat_template.find(opening); found != std::string::npos;
       found = chat_template.find(opening, found + 1)) {
    const std::string_view rest = std::string_view(chat_template).substr(found + opening.size());
    const std::size_t newline = rest.starts_with("\\n") ? 2 : 1;  // as an escape, or itself
    const std::size_t end = std::min(rest.find(kEnd), rest.size());
    const std::string_view text = rest.substr(std::min(newline, end), end - std::min(newline, end));
    const bool is_whole = end < rest.size() && text.find_first_of("'{}\\") == text.npos;
    if (is_whole && (newline == 2 || rest.front() == '\n')) return std::string(text);
  }
  return "";
}

// The id of a text that is one special token.
std::optional<TokenId> special_token(const Tokenizer& tokenizer, const std::string& text) {
  const std::vector<TokenId> ids = tokenizer.encode(text);
  if (ids.size() != 1 || !tokenizer.bytes_of(ids[0]).empty()) return std::nullopt;
  return ids[0];
}

std::string without_newlines(const std::string& text) {
  const auto first = text.find_first_not_of('\n');
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of('\n') + 1 - first);
}

void check_role(const ChatMessage& message, bool is_right, std::size_t place,
                const char* expected) {
  if (is_right) return;
  fail("messages[{}]: role {} where {}", place, quote(message.role), expected);
}

void check_known_role(const ChatMessage& message, std::size_t place) {
  const bool is_known =
      message.role == "system" || message.role == "user" || message.role == "assistant";
  check_role(message, is_known, place, "\"system\", \"user\" or \"assistant\" was expected");
}

}  // namespace

ChatLayout::ChatLayout(const Tokenizer& tokenizer, std::string lead_in, std::string chat_template)
    : tokenizer_(tokenizer), lead_in_(std::move(lead_in)), template_(std::move(chat_template)) {
  const auto fits = [&](const char* part, const char* end) {
    end_ = special_token(tokenizer, end);
    return holds(template_, part) && end_;
  };
  if (special_token(tokenizer, kStart) && (template_.empty() || holds(template_, kStart))) {
    end_ = special_token(tokenizer, kEnd);
    if (end_) kind_ = Kind::kChatml;
  } else if (fits(kHeader, kTurnEnd)) {
    kind_ = Kind::kLlama3;
  } else if (fits("[INST]", kTextEnd)) {
    kind_ = holds(template_, "<<SYS>>") ? Kind::kLlama2 : Kind::kMistral;
  }
  if (is_document()) end_.reset();
}

const char* ChatLayout::name() const {
  switch (kind_) {
    case Kind::kChatml:
      return "chatml";
    case Kind::kLlama3:
      return "llama3";
    case Kind::kLlama2:
      return "llama2";
    case Kind::kMistral:
      return "mistral";
    case Kind::kDocument:
      break;
  }
  return "document";
}

Prompt ChatLayout::prompt(const std::vector<ChatMessage>& messages) const {
  for (std::size_t i = 0; i < messages.size(); ++i) {
    for (const TokenId id : tokenizer_.encode(messages[i].content)) {
      if (tokenizer_.bytes_of(id).empty())
        fail("messages[{}]: its text holds one of the model's special tokens", i);
    }
  }
  if (is_document()) return document(messages);
  if (kind_ == Kind::kChatml) return {chatml(messages), {}};
  return {kind_ == Kind::kLlama3 ? llama3(messages) : instructions(messages), {}};
}

std::vector<std::string> ChatLayout::stops() const {
  if (!is_document()) return {};
  return {kFeedbackLabel, kUpdateLabel, "\nQ:"};
}

std::string ChatLayout::chatml(const std::vector<ChatMessage>& messages) const {
  std::string text;
  const std::string system = default_system(template_);
  if (!system.empty() && (messages.empty() || messages[0].role != "system"))
    text = kStart + ("system\n" + system) + kEnd + "\n";
  for (std::size_t i = 0; i < messages.size(); ++i) {
    check_known_role(messages[i], i);
    text += kStart + messages[i].role + "\n" + messages[i].content + kEnd + "\n";
  }
  return text + kStart + "assistant\n";
}

// Llama 3.1 and later open with a system message that tells two dates. The second is the template's
// own where the caller gives none.
std::string ChatLayout::llama3(const std::vector<ChatMessage>& messages) const {
  const bool has_system = !messages.empty() && messages[0].role == "system";
  const auto message = [](const std::string& role, const std::string& content) {
    return kHeader + role + kHeaderEnd + content + kTurnEnd;
  };
  std::string text;
  std::size_t next = 0;
  if (holds(template_, "Cutting Knowledge Date")) {
    text = message("system", "Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n" +
                                 (has_system ? trimmed(messages[0].content) : ""));
    next = has_system ? 1 : 0;
  }
  for (; next < messages.size(); ++next) {
    check_known_role(messages[next], next);
    text += message(messages[next].role, trimmed(messages[next].content));
  }
  return text + kHeader + "assistant" + kHeaderEnd;
}

// The system message is part of the first instruction. Templates differ in one blank, which their
// text shows.
std::string ChatLayout::instructions(const std::vector<ChatMessage>& messages) const {
  const bool is_llama = kind_ == Kind::kLlama2;
  const char* const close = is_llama || holds(template_, " [/INST]") ? " [/INST]" : "[/INST]";
  std::string text, preface;
  std::size_t next = 0;
  if (!messages.empty() && messages[0].role == "system") {
    preface = is_llama ? "<<SYS>>\n" + messages[0].content + "\n<</SYS>>\n\n"
                       : messages[0].content + "\n\n";
    next = 1;
  }
  const std::size_t first = next;
  for (; next < messages.size(); ++next) {
    const ChatMessage& message = messages[next];
    const bool is_user = (next - first) % 2 == 0;
    check_role(message, message.role == (is_user ? "user" : "assistant"), next,
               "user and assistant take turns");
    if (is_user) {
      if (is_llama && next != first) text += "<s>";
      text += "[INST] " + trimmed(preface + message.content) + close;
      preface.clear();
    } else {
      text += (is_llama ? " " + trimmed(message.content) + " " : message.content) + kTextEnd;
    }
  }
  if (messages.empty() || messages.back().role != "user")
    fail("messages: the last one must be the user's");
  return text;
}

Prompt ChatLayout::document(const std::vector<ChatMessage>& messages) const {
  std::string preface;
  std::size_t next = 0;
  if (!messages.empty() && messages[0].role == "system")
    preface = without_newlines(messages[next++].content) + "\n\n";
  if (next == messages.size()) fail("messages: there is no user message to answer");
  check_role(messages[next], messages[next].role == "user", next,
             "the question of a \"user\" was expected");
  Conversation conversation{.question = messages[next++].content, .lead_in = lead_in_};
  while (next < messages.size()) {
    check_role(messages[next], messages[next].role == "assistant", next,
               "the \"assistant\" was expected: roles take turns");
    Turn turn{.attempt = without_newlines(messages[next++].content)};
    if (next == messages.size()) fail("messages: the last one must be the user's");
    check_role(messages[next], messages[next].role == "user", next,
               "the feedback of a \"user\" was expected: roles take turns");
    turn.feedback = messages[next].content;
    if (turn.feedback.empty() || turn.feedback.find('\n') != std::string::npos) {
      fail(
          "messages[{}]: a later user message is feedback on the answer, which this model reads as "
          "one line",
          next);
    }
    ++next;
    conversation.turns.push_back(std::move(turn));
  }
  Prompt prompt = prompt_for_attempt(conversation);
  prompt.text.insert(0, preface);
  for (std::size_t& border : prompt.borders) border += preface.size();
  return prompt;
}

std::string chat_template_in(std::string_view tokenizer_config, const std::string& template_file,
                             const std::string& where) {
  if (!template_file.empty()) return template_file;
  const TokenizerJson config = parse_tokenizer_json(tokenizer_config, where);
  if (!config.is_object() || !config.contains("chat_template")) return "";
  const TokenizerJson& value = config["chat_template"];
  if (!value.is_array()) return text_of(config, "chat_template", "", where);
  for (const TokenizerJson& entry : value) {
    if (text_of(entry, "name", "", where) == "default")
      return text_of(entry, "template", "", where);
  }
  return "";
}

}  // namespace tripost
