#include "model/gguf_sentence_pieces.h"

#include "base/error.h"
#include "base/log.h"
#include "text/sentence_piece_model.h"

namespace tripost {
namespace {

constexpr const char* kKeys = "tokenizer.ggml.";

template <class T>
std::vector<T> list_of(const GgufFile& file, const char* key, std::size_t count) {
  auto values = file.need<std::vector<T>>(std::string(kKeys) + key);
  if (values.size() != count) {
    fail("{}: there are {} tokens but {} {}", file.path().string(), count, values.size(), key);
  }
  return values;
}

// A special token around every text, where the file asks for it.
void add_end(const GgufFile& file, const char* flag, bool fallback, const char* id_key,
             const SentencePieces& pieces, std::vector<std::string>& side) {
  if (!file.value<bool>(std::string(kKeys) + flag).value_or(fallback)) return;
  const auto id = file.value<int64_t>(std::string(kKeys) + id_key);
  if (!id) return;
  if (*id < 0 || static_cast<std::size_t>(*id) >= pieces.pieces.size()) {
    fail("{}: \"{}{}\" is {}, but there are {} tokens", file.path().string(), kKeys, id_key, *id,
         pieces.pieces.size());
  }
  side.push_back(pieces.pieces[static_cast<std::size_t>(*id)].text);
}

}  // namespace

nlohmann::json tokenizer_of_gguf_pieces(const GgufFile& file) {
  const std::string where = file.path().string();
  const auto tokens = file.need<std::vector<std::string>>("tokenizer.ggml.tokens");
  const auto scores = list_of<double>(file, "scores", tokens.size());
  const auto types = list_of<int64_t>(file, "token_type", tokens.size());
  if (file.value<bool>("tokenizer.ggml.remove_extra_whitespaces").value_or(false))
    fail("{}: \"tokenizer.ggml.remove_extra_whitespaces\" is not supported", where);
  if (file.metadata().contains("tokenizer.ggml.precompiled_charsmap"))
    fail("{}: \"tokenizer.ggml.precompiled_charsmap\" is not supported", where);
  SentencePieces pieces;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool known = types[i] >= 1 && types[i] <= 6;
    if (!known) fail("{}: token {} is of type {}; 1 to 6 are supported", where, i, types[i]);
    pieces.pieces.push_back({tokens[i], static_cast<float>(scores[i]), static_cast<int>(types[i])});
  }
  pieces.adds_blank = file.value<bool>("tokenizer.ggml.add_space_prefix").value_or(true);
  add_end(file, "add_bos_token", true, "bos_token_id", pieces, pieces.before);
  add_end(file, "add_eos_token", false, "eos_token_id", pieces, pieces.after);
  return tokenizer_of_sentence_pieces(pieces, where);
}

std::vector<std::pair<std::string, GgufValue>> gguf_pieces_of(const nlohmann::json& tokenizer,
                                                              int64_t vocab_size,
                                                              const std::string& where) {
  SentencePieces pieces = sentence_pieces_of(tokenizer, where);
  const auto rows = static_cast<std::size_t>(vocab_size);
  if (pieces.pieces.size() > rows) {
    fail("{}: the tokenizer has {} ids, the model's vocabulary {}", where, pieces.pieces.size(),
         rows);
  }
  if (pieces.adds_blank_once) {
    log_warning(
        "{}: llama.cpp adds a blank behind special tokens too, where this tokenizer adds one only "
        "at the beginning of a text",
        where);
  }
  std::vector<std::string> tokens;
  std::vector<double> scores;
  std::vector<int64_t> types;
  for (std::size_t i = 0; i < rows; ++i) {
    const SentencePiece padding{"[PAD" + std::to_string(i) + "]", 0, SentencePiece::kUnused};
    const SentencePiece& piece = i < pieces.pieces.size() ? pieces.pieces[i] : padding;
    tokens.push_back(piece.text);
    scores.push_back(piece.score);
    types.push_back(piece.type);
  }
  return {{"tokenizer.ggml.model", std::string("llama")},
          {"tokenizer.ggml.pre", std::string("default")},
          {"tokenizer.ggml.tokens", tokens},
          {"tokenizer.ggml.scores", scores},
          {"tokenizer.ggml.token_type", types},
          {"tokenizer.ggml.add_space_prefix", pieces.adds_blank}};
}

}  // namespace tripost
