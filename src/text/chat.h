// A chat as the prompt that a model continues, in one of the layouts that we know.
//
// A model's own Jinja template is not run; its text tells which of these layouts it writes:
//
//   ChatML   <|im_start|>system\n...<|im_end|>\n<|im_start|>user\n...<|im_end|>\n
//            <|im_start|>assistant\n                                  (SmolLM2, Qwen)
//   Llama 3  <|start_header_id|>user<|end_header_id|>\n\n...<|eot_id|>
//            <|start_header_id|>assistant<|end_header_id|>\n\n
//   Llama 2  [INST] <<SYS>>\n...\n<</SYS>>\n\n... [/INST]
//   Mistral  [INST] ... [/INST]
//
// and a system message that ChatML's template adds when a chat has none is added too. A model with
// another template, or without one, is given
//
//   Document, the layout of text/prompt.h, which TriPosT trains: the first user message is the
//            question, each assistant message an attempt, each later user message the feedback on
//            it; a system message stands before the document, with an empty line between.
//
// except that ChatML needs no template when the tokenizer has its two tokens.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "text/prompt.h"
#include "text/tokenizer.h"

namespace tripost {

struct ChatMessage {
  std::string role;  // "system", "user" or "assistant"
  std::string content;
};

class ChatLayout {
 public:
  enum class Kind { kDocument, kChatml, kLlama3, kLlama2, kMistral };

  // The layout that fits the tokenizer, which must outlive it, and the text of the model's chat
  // template, empty when it has none. `lead_in` opens every answer of the document layout.
  ChatLayout(const Tokenizer& tokenizer, std::string lead_in, std::string chat_template = "");

  // Throws Error, opening with the message's place, when the chat does not fit the layout, or its
  // text would be read as one of the tokenizer's special tokens. A token that opens every text (a
  // BOS) is left to the tokenizer.
  Prompt prompt(const std::vector<ChatMessage>& messages) const;

  Kind kind() const { return kind_; }
  const char* name() const;  // "document", "chatml", "llama3", ...
  bool is_document() const { return kind_ == Kind::kDocument; }

  // The token that ends an answer; none in the document layout ...
  std::optional<TokenId> end_token() const { return end_; }
  // ... which ends before one of these, and may open with newlines that are no part of it.
  std::vector<std::string> stops() const;

 private:
  std::string chatml(const std::vector<ChatMessage>& messages) const;
  std::string llama3(const std::vector<ChatMessage>& messages) const;
  std::string instructions(const std::vector<ChatMessage>& messages) const;
  Prompt document(const std::vector<ChatMessage>& messages) const;

  const Tokenizer& tokenizer_;
  std::string lead_in_;
  std::string template_;
  Kind kind_ = Kind::kDocument;
  std::optional<TokenId> end_;
};

// The chat template in a tokenizer_config.json (of several the one named "default"), unless
// `template_file`, the text of a chat_template.jinja, is not empty. Empty when there is none.
std::string chat_template_in(std::string_view tokenizer_config, const std::string& template_file,
                             const std::string& where);

}  // namespace tripost
