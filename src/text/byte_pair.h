// The byte-pair model of tokenizer.json: a vocabulary, and merges that build a word's tokens from
// its bytes.
//
// Vocabulary entries are written in the byte-level alphabet; here they are plain bytes. The time to
// encode a word is n log n in its length. Thread-safe after construction.
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

class BytePair {
 public:
  BytePair(const TokenizerJson& model, const std::string& where);

  // Appends the ids of `word`, any bytes. A byte that the vocabulary lacks becomes the unknown
  // token, or nothing when there is none. Returns how many merge candidates were looked at: the
  // work done.
  std::size_t encode(std::string_view word, std::vector<TokenId>& ids) const;

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

  std::unordered_map<std::string, TokenId> vocabulary_;
  std::unordered_map<uint64_t, Merge, PairHash> merges_;
  std::array<TokenId, 256> byte_ids_;                     // -1: not in the vocabulary
  std::unordered_map<std::string, TokenId> whole_words_;  // bytes to id, with ignore_merges only
  TokenId unknown_ = -1;
  bool fuses_unknown_ = false;
};

}  // namespace tripost
