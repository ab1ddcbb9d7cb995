// sentence_pieces_of: the way back from a tokenizer.json to scored pieces.
#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "base/error.h"
#include "text/added_tokens.h"
#include "text/byte_level.h"
#include "text/byte_pair.h"
#include "text/metaspace.h"
#include "text/quote.h"
#include "text/sentence_piece_model.h"

namespace tripost {
namespace {

using Merges = std::vector<std::pair<std::string, std::set<std::string>>>;  // piece, left halves

TokenizerJson part_of(const TokenizerJson& file, const char* key) {
  const auto found = file.find(key);
  return found == file.end() ? TokenizerJson() : *found;
}

// The merges by the piece that they make, in the file's order; an Error when those of one piece do
// not stand together.
Merges grouped(const TokenizerJson& list, const std::string& where) {
  Merges groups;
  std::set<std::string> made;
  for (const TokenizerJson& entry : list) {
    const auto [left, right] = merge_parts(entry, where);
    const std::string piece = left + right;
    if (groups.empty() || groups.back().first != piece) {
      if (!made.insert(piece).second) {
        fail("{}: the merges that make {} do not stand together; scores cannot say that", where,
             quote(piece));
      }
      groups.push_back({piece, {}});
    }
    groups.back().second.insert(left);
  }
  return groups;
}

void read_blank_handling(const TokenizerJson& tokenizer, SentencePieces& pieces,
                         const std::string& where) {
  const TokenizerJson pre = part_of(tokenizer, "pre_tokenizer");
  const TokenizerJson normalizer = part_of(tokenizer, "normalizer");
  if (normalizer.is_null() && pre.is_object() && pre.value("type", "") == "Metaspace") {
    const Metaspace metaspace(pre, where + ": pre_tokenizer");
    pieces.adds_blank = metaspace.prepends();
    pieces.adds_blank_once = pre.value("prepend_scheme", "") == "first";
    if (!metaspace.splits()) return;
  }
  TokenizerJson steps = TokenizerJson::array({normalizer});
  if (normalizer.is_object() && normalizer.value("type", "") == "Sequence")
    steps = part_of(normalizer, "normalizers");
  const std::string mark(kBlankMark);
  const TokenizerJson prepend = {{"type", "Prepend"}, {"prepend", mark}};
  const TokenizerJson replace = {
      {"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", mark}};
  pieces.adds_blank = steps == TokenizerJson::array({prepend, replace});
  if (pre.is_null() && (pieces.adds_blank || steps == TokenizerJson::array({replace}))) return;
  fail("{}: its normalizer and pre_tokenizer do more than SentencePiece's handling of blanks",
       where);
}

void read_pieces(const TokenizerJson& tokenizer, SentencePieces& result, const std::string& where) {
  const TokenizerJson& model = tokenizer.at("model");
  const std::vector<AddedToken> added =
      read_added_tokens(part_of(tokenizer, "added_tokens"), where + ": added_tokens");
  std::map<TokenId, SentencePiece> pieces;
  for (const auto& [text, value] : model.at("vocab").items()) {
    const TokenId id = id_of(value, text, where + ": vocab");
    const bool is_byte = from_byte_token(text).has_value();
    pieces[id] = {text, 0, is_byte ? SentencePiece::kByte : SentencePiece::kNormal};
  }
  for (const AddedToken& token : added) {
    pieces[token.id] = {token.content, 0,
                        token.special ? SentencePiece::kControl : SentencePiece::kUserDefined};
  }
  const std::string unknown = text_of(model, "unk_token", "", where);
  for (const auto& [id, piece] : pieces) {
    // Ids that nothing has are unused pieces; the file's vocabulary has been checked to be dense.
    const auto place = static_cast<std::size_t>(id);
    while (result.pieces.size() < place) {
      result.pieces.push_back(
          {"[PAD" + std::to_string(result.pieces.size()) + "]", 0, SentencePiece::kUnused});
    }
    result.pieces.push_back(piece);
    if (piece.text == unknown) result.pieces.back().type = SentencePiece::kUnknown;
  }
}

}  // namespace

SentencePieces sentence_pieces_of(const TokenizerJson& tokenizer, const std::string& where) {
  Tokenizer::parse(tokenizer.dump(), "{}", where);  // every rule of the file itself
  SentencePieces result;
  read_blank_handling(tokenizer, result, where);
  read_pieces(tokenizer, result, where);
  const Merges merges = grouped(tokenizer.at("model").at("merges"), where + ": merges");
  std::unordered_map<std::string, float> scores;
  for (std::size_t i = 0; i < merges.size(); ++i) scores[merges[i].first] = -static_cast<float>(i);
  for (SentencePiece& piece : result.pieces) {
    if (piece.type != SentencePiece::kNormal) continue;
    const auto found = scores.find(piece.text);
    piece.score = found != scores.end() ? found->second : -static_cast<float>(merges.size());
  }
  const TokenizerJson again = tokenizer_of_sentence_pieces(result, where);
  if (grouped(again["model"]["merges"], where) != merges) {
    fail(
        "{}: its merges are not all that its vocabulary allows, so that scored pieces would give "
        "other tokens",
        where);
  }
  return result;
}

}  // namespace tripost
