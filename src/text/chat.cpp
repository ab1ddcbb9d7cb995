#include "text/chat.h"

#include <utility>

#include "base/error.h"
#include "text/prompt.h"
#include "text/quote.h"

namespace tripost {
namespace {

constexpr const char* kStart = "<|im_start|>";
constexpr const char* kEnd = "<|im_end|>";

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

}  // namespace

ChatLayout::ChatLayout(const Tokenizer& tokenizer, std::string lead_in)
    : tokenizer_(tokenizer), lead_in_(std::move(lead_in)) {
  if (special_token(tokenizer, kStart)) end_ = special_token(tokenizer, kEnd);
}

std::string ChatLayout::prompt(const std::vector<ChatMessage>& messages) const {
  for (std::size_t i = 0; i < messages.size(); ++i) {
    for (const TokenId id : tokenizer_.encode(messages[i].content)) {
      if (tokenizer_.bytes_of(id).empty())
        fail("messages[{}]: its text holds one of the model's special tokens", i);
    }
  }
  return is_chatml() ? chatml(messages) : document(messages);
}

std::vector<std::string> ChatLayout::stops() const {
  if (is_chatml()) return {};
  return {kFeedbackLabel, kUpdateLabel, "\nQ:"};
}

std::string ChatLayout::chatml(const std::vector<ChatMessage>& messages) const {
  std::string text;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const ChatMessage& message = messages[i];
    const bool is_known =
        message.role == "system" || message.role == "user" || message.role == "assistant";
    check_role(message, is_known, i, "\"system\", \"user\" or \"assistant\" was expected");
    text += kStart + message.role + "\n" + message.content + kEnd + "\n";
  }
  return text + kStart + "assistant\n";
}

std::string ChatLayout::document(const std::vector<ChatMessage>& messages) const {
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
  return preface + prompt_for_attempt(conversation);
}

}  // namespace tripost
