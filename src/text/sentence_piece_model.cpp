#include "text/sentence_piece_model.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/error.h"
#include "text/byte_level.h"
#include "text/byte_pair.h"
#include "text/protobuf.h"
#include "text/quote.h"
#include "text/utf8.h"

namespace tripost {
namespace {

// The work of finding merges grows with the square of a piece's length. SentencePiece's own limit
// is 16 characters unless told otherwise.
constexpr std::size_t kLongestPiece = 256;

using Ids = std::unordered_map<std::string_view, std::size_t>;

bool is_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length_at(text, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

bool merges(const SentencePiece& piece) { return piece.type == SentencePiece::kNormal; }

void check_piece(const SentencePiece& piece, std::size_t id, const std::string& where) {
  if (piece.text.empty() || !is_text(piece.text))
    fail("{}: piece {} is empty or not UTF-8: {}", where, id, quote(piece.text));
  if (!std::isfinite(piece.score)) fail("{}: the score of piece {} is not a number", where, id);
  if (merges(piece) && piece.text.size() > kLongestPiece) {
    fail("{}: piece {} has {} bytes, more than {} are not supported", where, id, piece.text.size(),
         kLongestPiece);
  }
  const bool known =
      (piece.type >= SentencePiece::kNormal && piece.type <= SentencePiece::kUnused) ||
      piece.type == SentencePiece::kByte;
  if (!known) fail("{}: piece {} is of type {}; 1 to 6 are known", where, id, piece.type);
  if (piece.type == SentencePiece::kByte && !from_byte_token(piece.text))
    fail("{}: piece {} should be a byte, like <0x0A>, found {}", where, id, quote(piece.text));
}

// Unused pieces are left out.
Ids ids_of(const std::vector<SentencePiece>& pieces, const std::string& where) {
  Ids ids;
  for (std::size_t id = 0; id < pieces.size(); ++id) {
    check_piece(pieces[id], id, where);
    if (pieces[id].type == SentencePiece::kUnused) continue;
    const auto [place, is_new] = ids.emplace(pieces[id].text, id);
    if (!is_new) {
      fail("{}: the piece {} stands twice: ids {} and {}", where, quote(pieces[id].text),
           place->second, id);
    }
  }
  return ids;
}

// SentencePiece merges any two neighbours that make a piece, the best score first. So every way to
// cut a piece into two others is a merge; in the order of Hugging Face's converter.
TokenizerJson merges_of(const std::vector<SentencePiece>& pieces, const Ids& ids) {
  std::vector<const SentencePiece*> by_score;
  for (const SentencePiece& piece : pieces) {
    if (merges(piece)) by_score.push_back(&piece);
  }
  std::stable_sort(by_score.begin(), by_score.end(),
                   [](const auto* a, const auto* b) { return a->score > b->score; });
  const auto is_part = [&](std::string_view text) {
    const auto found = ids.find(text);
    return found != ids.end() && merges(pieces[found->second]);
  };
  TokenizerJson result = TokenizerJson::array();
  for (const SentencePiece* piece : by_score) {
    const std::string_view text = piece->text;
    for (std::size_t cut = utf8_previous(text, text.size()); cut > 0;
         cut = utf8_previous(text, cut)) {
      if (is_part(text.substr(0, cut)) && is_part(text.substr(cut)))
        result.push_back({std::string(text.substr(0, cut)), std::string(text.substr(cut))});
    }
  }
  return result;
}

// Hugging Face's converter makes a Metaspace or these normalisers.
void add_blank_handling(const SentencePieces& pieces, TokenizerJson& tokenizer) {
  const std::string mark(kBlankMark);
  const TokenizerJson replace = {
      {"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", mark}};
  TokenizerJson steps = TokenizerJson::array();
  if (pieces.adds_blank) steps.push_back({{"type", "Prepend"}, {"prepend", mark}});
  steps.push_back(replace);
  if (pieces.adds_blank && pieces.adds_blank_once) {
    tokenizer["pre_tokenizer"] = {{"type", "Metaspace"},
                                  {"replacement", mark},
                                  {"prepend_scheme", "first"},
                                  {"split", false}};
  } else {
    tokenizer["normalizer"] = {{"type", "Sequence"}, {"normalizers", steps}};
  }
  TokenizerJson decoders = {
      {{"type", "Replace"}, {"pattern", {{"String", mark}}}, {"content", " "}},
      {{"type", "ByteFallback"}},
      {{"type", "Fuse"}}};
  if (pieces.adds_blank)
    decoders.push_back({{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}});
  tokenizer["decoder"] = {{"type", "Sequence"}, {"decoders", decoders}};
}

void add_pieces(const SentencePieces& model, const Ids& ids, TokenizerJson& tokenizer) {
  TokenizerJson vocabulary = TokenizerJson::object(), added = TokenizerJson::array();
  TokenizerJson unknown;
  bool has_bytes = false;
  for (std::size_t id = 0; id < model.pieces.size(); ++id) {
    const SentencePiece& piece = model.pieces[id];
    if (piece.type == SentencePiece::kUnused) continue;
    vocabulary[piece.text] = id;
    has_bytes = has_bytes || piece.type == SentencePiece::kByte;
    if (piece.type == SentencePiece::kUnknown) unknown = piece.text;
    if (piece.type == SentencePiece::kNormal || piece.type == SentencePiece::kByte) continue;
    added.push_back({{"id", id},
                     {"content", piece.text},
                     {"single_word", false},
                     {"lstrip", false},
                     {"rstrip", false},
                     {"normalized", false},
                     {"special", piece.type != SentencePiece::kUserDefined}});
  }
  tokenizer["added_tokens"] = std::move(added);
  tokenizer["model"] = {{"type", "BPE"},          {"dropout", nullptr},
                        {"unk_token", unknown},   {"continuing_subword_prefix", nullptr},
                        {"fuse_unk", true},       {"end_of_word_suffix", nullptr},
                        {"ignore_merges", false}, {"byte_fallback", has_bytes}};
  tokenizer["model"]["vocab"] = std::move(vocabulary);
  tokenizer["model"]["merges"] = merges_of(model.pieces, ids);
}

TokenizerJson post_processor_of(const SentencePieces& model, const Ids& ids,
                                const std::string& where) {
  if (model.before.empty() && model.after.empty()) return nullptr;
  TokenizerJson single = TokenizerJson::array(), second = TokenizerJson::array(),
                specials = TokenizerJson::object();
  const auto add = [&](const std::string& token) {
    const auto found = ids.find(token);
    if (found == ids.end()) fail("{}: the special token {} is no piece", where, quote(token));
    for (auto* part : {&single, &second})
      part->push_back({{"SpecialToken", {{"id", token}, {"type_id", part == &single ? 0 : 1}}}});
    specials[token] = {{"id", token}, {"ids", {found->second}}, {"tokens", {token}}};
  };
  const auto add_text = [](TokenizerJson& part, const char* name, int type) {
    part.push_back({{"Sequence", {{"id", name}, {"type_id", type}}}});
  };
  for (const std::string& token : model.before) add(token);
  add_text(single, "A", 0);
  add_text(second, "B", 1);
  for (const std::string& token : model.after) add(token);
  TokenizerJson pair = single;
  for (const TokenizerJson& part : second) pair.push_back(part);
  return {{"type", "TemplateProcessing"},
          {"single", single},
          {"pair", pair},
          {"special_tokens", specials}};
}

SentencePiece read_piece(std::string_view message, const std::string& where) {
  SentencePiece piece;
  for (ProtobufReader reader(message, where); reader.next();) {
    if (reader.field() == 1) piece.text = reader.bytes("the text of a piece");
    if (reader.field() == 2) piece.score = reader.real("the score of a piece");
    if (reader.field() == 3)
      piece.type = static_cast<int>(std::min<uint64_t>(reader.whole("the type of a piece"), 99));
  }
  return piece;
}

// What of TrainerSpec changes ids.
void read_trainer(std::string_view message, uint64_t& model_type, const std::string& where) {
  for (ProtobufReader reader(message, where); reader.next();) {
    if (reader.field() == 3) model_type = reader.whole("model_type");
    if (reader.field() == 24 && reader.flag("treat_whitespace_as_suffix"))
      fail("{}: treat_whitespace_as_suffix is not supported", where);
  }
}

void read_normalizer(std::string_view message, SentencePieces& pieces, const std::string& where) {
  bool removes_blanks = true, escapes = true;
  for (ProtobufReader reader(message, where); reader.next();) {
    if (reader.field() == 2 && !reader.bytes("precompiled_charsmap").empty()) {
      fail("{}: normalisation rules (precompiled_charsmap) are not supported; only \"identity\" is",
           where);
    }
    if (reader.field() == 3) pieces.adds_blank = reader.flag("add_dummy_prefix");
    if (reader.field() == 4) removes_blanks = reader.flag("remove_extra_whitespaces");
    if (reader.field() == 5) escapes = reader.flag("escape_whitespaces");
  }
  if (removes_blanks) fail("{}: remove_extra_whitespaces is not supported", where);
  if (!escapes) fail("{}: a model without escape_whitespaces is not supported", where);
}

SentencePieces read_model(std::string_view bytes, const std::string& where) {
  SentencePieces pieces;
  uint64_t model_type = 1;  // what a file that does not say means
  bool has_normalizer = false;
  for (ProtobufReader reader(bytes, where); reader.next();) {
    if (reader.field() == 1) pieces.pieces.push_back(read_piece(reader.bytes("a piece"), where));
    if (reader.field() == 2) read_trainer(reader.bytes("trainer_spec"), model_type, where);
    if (reader.field() == 3) {
      has_normalizer = true;
      read_normalizer(reader.bytes("normalizer_spec"), pieces, where);
    }
  }
  if (pieces.pieces.empty()) fail("{}: there are no pieces; is it a SentencePiece model?", where);
  if (model_type != 2)
    fail("{}: the model type {} is not supported; only 2 (BPE) is, not 1 (Unigram), 3 and 4", where,
         model_type);
  if (!has_normalizer) fail("{}: normalizer_spec is missing", where);
  return pieces;
}

}  // namespace

TokenizerJson tokenizer_of_sentence_pieces(const SentencePieces& pieces, const std::string& where) {
  const Ids ids = ids_of(pieces.pieces, where);
  TokenizerJson tokenizer = {{"version", "1.0"},
                             {"truncation", nullptr},
                             {"padding", nullptr},
                             {"normalizer", nullptr},
                             {"pre_tokenizer", nullptr}};
  add_blank_handling(pieces, tokenizer);
  add_pieces(pieces, ids, tokenizer);
  tokenizer["post_processor"] = post_processor_of(pieces, ids, where);
  return tokenizer;
}

TokenizerJson tokenizer_of_sentence_pieces(std::string_view model,
                                           std::string_view tokenizer_config,
                                           const std::string& where) {
  SentencePieces pieces = read_model(model, where);
  const std::string config_where = where + ": tokenizer_config.json";
  const TokenizerJson config = parse_tokenizer_json(tokenizer_config, config_where);
  pieces.adds_blank_once = !flag_of(config, "legacy", true, config_where);
  pieces.adds_blank = flag_of(config, "add_prefix_space", pieces.adds_blank, config_where);
  const auto named = [&](const char* name, const char* fallback) {
    const auto token = named_token_in(config, name, config_where);
    return token && token->content ? *token->content : std::string(fallback);
  };
  if (flag_of(config, "add_bos_token", true, config_where)) pieces.before = {named("bos", "<s>")};
  if (flag_of(config, "add_eos_token", false, config_where)) pieces.after = {named("eos", "</s>")};
  return tokenizer_of_sentence_pieces(pieces, where);
}

}  // namespace tripost
