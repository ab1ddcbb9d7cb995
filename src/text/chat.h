// A chat as the prompt that a model continues, in one of two layouts.
//
// ChatML, for models whose tokenizer has its two tokens:
//
//   <|im_start|>system\n...<|im_end|>\n<|im_start|>user\n...<|im_end|>\n<|im_start|>assistant\n
//
// Document, for all others: the layout of text/prompt.h, which TriPosT trains. The first user
// message is the question, each assistant message an attempt, each later user message the feedback
// on it; a system message stands before the document, with an empty line between. A model's own
// Jinja template is not run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "text/tokenizer.h"

namespace tripost {

struct ChatMessage {
  std::string role;  // "system", "user" or "assistant"
  std::string content;
};

class ChatLayout {
 public:
  // The layout that fits the tokenizer, which must outlive it. `lead_in` opens every answer of the
  // document layout.
  ChatLayout(const Tokenizer& tokenizer, std::string lead_in);

  // Throws Error, opening with the message's place, when the chat does not fit the layout, or its
  // text would be read as one of the tokenizer's special tokens.
  std::string prompt(const std::vector<ChatMessage>& messages) const;

  bool is_chatml() const { return end_.has_value(); }

  // The token that ends an answer; none in the document layout ...
  std::optional<TokenId> end_token() const { return end_; }
  // ... which ends before one of these, and may open with newlines that are no part of it.
  std::vector<std::string> stops() const;

 private:
  std::string chatml(const std::vector<ChatMessage>& messages) const;
  std::string document(const std::vector<ChatMessage>& messages) const;

  const Tokenizer& tokenizer_;
  std::string lead_in_;
  std::optional<TokenId> end_;
};

}  // namespace tripost
