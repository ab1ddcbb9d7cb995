// Learns byte-pair merges from counted words: the inner part of byte_pair_trainer.h.
//
// Counts of pairs are kept up to date word by word, and a heap gives the next merge, so the time
// hardly depends on how many merges are learnt. The result depends on the words alone.
#pragma once

#include <array>
#include <cstdint>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "text/tokenizer.h"

namespace tripost {

class MergeLearner {
 public:
  using Pair = std::pair<TokenId, TokenId>;

  // Tokens start as `special_tokens` and the 256 bytes, in this order.
  MergeLearner(const std::vector<std::string>& special_tokens, int max_token_length);

  void count_word(std::string_view word);
  // Adds the most frequent pair, of equals the one with the lowest ids, until there are
  // `vocab_size` tokens.
  void learn(int vocab_size);

  const std::vector<std::string>& tokens() const {
    return tokens_;
  }                                                            // by id, in the byte-level alphabet
  const std::vector<Pair>& merges() const { return merges_; }  // in the order learnt

 private:
  struct PairHash {
    std::size_t operator()(const Pair& pair) const {
      const uint64_t key =
          static_cast<uint64_t>(pair.first) << 32 | static_cast<uint32_t>(pair.second);
      return (key * 0x9E3779B97F4A7C15ull) >> 16;
    }
  };

  // A pair that may be merged. The count may be out of date; it is compared with the true one when
  // its turn comes.
  struct Candidate {
    int64_t count;
    Pair pair;
    std::vector<std::size_t> words;  // where the pair may occur

    // std::priority_queue puts the largest first: the most frequent, of equals the lowest ids.
    bool operator<(const Candidate& other) const {
      return count != other.count ? count < other.count : pair > other.pair;
    }
  };

  struct Word {
    std::vector<TokenId> symbols;
    int64_t count;
  };

  using Places = std::unordered_map<Pair, std::vector<std::size_t>, PairHash>;

  TokenId add_token(const std::string& token);
  void offer_all();
  void change(Places& places, Pair pair, int64_t count, std::size_t word);
  void offer(Places& places);
  void merge(const Candidate& best);
  void merge_in_word(std::size_t index, Pair pair, TokenId merged, Places& places);

  int max_token_length_;
  std::vector<std::string> tokens_;
  std::vector<int> lengths_;  // in bytes
  std::unordered_map<std::string, TokenId> ids_;
  std::array<TokenId, 256> byte_ids_;
  std::vector<Word> words_;
  std::unordered_map<std::string, std::size_t> word_places_;
  std::unordered_map<Pair, int64_t, PairHash> pair_counts_;
  std::priority_queue<Candidate> queue_;
  std::vector<Pair> merges_;
};

}  // namespace tripost
