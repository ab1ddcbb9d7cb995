// Text to token ids and back, as tokenizer.json or SentencePiece's tokenizer.model says.
// Promises: ids equal to Hugging Face `tokenizers` on the supported components (byte-level and
// SentencePiece-style BPE, added tokens); decode(encode(x)) == x for every byte string without
// added tokens when no normaliser changes more than blanks and no character is unknown; linear
// time. An unsupported component is an Error that names it. Thread-safe after construction.
//
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tripost {

using TokenId = int32_t;

class Tokenizer {
 public:
  // Reads `folder`/tokenizer.json, else tokenizer.model, and bos/eos from (tokenizer_)config.json.
  static Tokenizer load(const std::filesystem::path& folder);
  // The same from the texts of tokenizer.json and tokenizer_config.json. `where` names their
  // source.
  static Tokenizer parse(std::string_view tokenizer_json, std::string_view tokenizer_config_json,
                         const std::string& where);

  Tokenizer(Tokenizer&&) noexcept;
  Tokenizer& operator=(Tokenizer&&) noexcept;
  ~Tokenizer();

  // Ids of `text`. Added tokens inside the text are recognised, as Hugging Face does. With
  // `special` the post-processor's special tokens (a BOS, say) are added as the model's tokenizer
  // adds them by default.
  std::vector<TokenId> encode(std::string_view text, bool special = false) const;

  // Ids of a text that goes on from another: neither special tokens nor the blank that some
  // tokenizers put before a text.
  std::vector<TokenId> encode_continuation(std::string_view text) const;

  // Ids of a text that a model is to go on from, or learn to: the special tokens that stand before
  // a text and never those behind it, and no token across a border. The first piece is encoded as a
  // text, every later one as a continuation.
  std::vector<TokenId> encode_pieces(std::string_view text,
                                     std::span<const std::size_t> borders = {}) const;

  // A whole text; without special tokens and an added first blank. May end inside a UTF-8 sequence.
  std::string decode(std::span<const TokenId> ids) const;

  // The bytes of one token, for streaming and stop strings; empty for a special token.
  const std::string& bytes_of(TokenId id) const;

  int vocab_size() const;  // largest id + 1
  std::optional<TokenId> bos() const;
  std::optional<TokenId> eos() const;

 private:
  struct Impl;
  explicit Tokenizer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tripost
