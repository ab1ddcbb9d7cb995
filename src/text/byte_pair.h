// The byte-pair model of tokenizer.json: a vocabulary, and merges that build a word's tokens from
// its bytes or its characters.
//
// In a vocabulary of bytes (GPT-2's way) entries are written in the byte-level alphabet; here they
// are plain bytes. In one of characters (SentencePiece's way) entries are text as it is; a
// character that it lacks becomes the tokens of its bytes ("<0x0A>") where the file has them. The
// time to encode a word is n log n in its length. Thread-safe after construction.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "text/tokenizer_file.h"

namespace tripost {

// U+2581, which SentencePiece writes for a blank.
inline constexpr std::string_view kBlankMark = "\xE2\x96\x81";

// The two entries of a merge, as the file writes it: "a b" or ["a", "b"].
std::pair<std::string, std::string> merge_parts(const TokenizerJson& entry,
                                                const std::string& where);

class BytePair {
 public:
  enum class Symbols { kBytes, kCharacters };

  BytePair(const TokenizerJson& model, Symbols symbols, const std::string& where);

  // Appends the ids of `word`, any bytes. What the vocabulary lacks becomes the unknown token, or
  // nothing when there is none. Returns how many merge candidates were looked at: the work done.
  std::size_t encode(std::string_view word, std::vector<TokenId>& ids) const;

  // True when no token holds a blank mark behind another character: then encoding a text is
  // encoding the parts that begin with blank marks, one by one.
  bool blanks_open_tokens() const { return blanks_open_tokens_; }
  Symbols symbols() const { return symbols_; }

  // The id of an entry, as the file writes it.
  std::optional<TokenId> find(const std::string& entry) const;
  const std::unordered_map<std::string, TokenId>& vocabulary() const { return vocabulary_; }

 private:
  struct Merge {
    uint32_t rank;
    TokenId merged;
  };
  struct Symbol;
  struct Candidate;

  void read_vocabulary(const TokenizerJson& model, const std::string& where);
  void read_merges(const TokenizerJson& model, const std::string& where);
  void read_unknown(const TokenizerJson& model, const std::string& where);
  void read_byte_tokens(const TokenizerJson& model, const std::string& where);
  void find_where_blanks_stand();
  TokenId id_of_unit(std::string_view unit) const;
  std::vector<Symbol> symbols_of(std::string_view word) const;
  const Merge* merge_of(TokenId left, TokenId right) const;

  static uint64_t pair_key(TokenId left, TokenId right) {
    return static_cast<uint64_t>(static_cast<uint32_t>(left)) << 32 | static_cast<uint32_t>(right);
  }
  struct PairHash {
    std::size_t operator()(uint64_t key) const {
      key *= 0x9E3779B97F4A7C15ull;
      return key ^ (key >> 32);
    }
  };

  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  Symbols symbols_;
  std::unordered_map<std::string, TokenId> vocabulary_;
  std::unordered_map<std::string, TokenId, TextHash, std::equal_to<>> characters_;
  std::unordered_map<uint64_t, Merge, PairHash> merges_;
  std::array<TokenId, 256> byte_ids_;  // -1: not in the vocabulary
  bool has_byte_tokens_ = false;       // "<0x00>" to "<0xFF>"
  bool blanks_open_tokens_ = false;
  std::unordered_map<std::string, TokenId> whole_words_;  // bytes to id, with ignore_merges only
  TokenId unknown_ = -1;
  bool fuses_unknown_ = false;
};

}  // namespace tripost
