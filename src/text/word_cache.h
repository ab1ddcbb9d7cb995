// Words already encoded, so that ordinary text costs one look-up a word.
//
// Bounded (some MB): a part that is full starts over, which follows a text that changes its
// subject. Thread-safe; it holds only what encoding would give again, so it never changes a result.
#pragma once

#include <array>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/tokenizer.h"

namespace tripost {

class WordCache {
 public:
  // Longer words are rare and large.
  static constexpr std::size_t kLongestWord = 128;

  // Appends the ids of `word` and returns true when it is known.
  bool append(std::string_view word, std::vector<TokenId>& ids);
  void insert(std::string_view word, const TokenId* begin, const TokenId* end);

 private:
  static constexpr std::size_t kParts = 64;  // a lock each
  static constexpr std::size_t kWordsPerPart = 1024;

  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  struct Part {
    std::mutex mutex;
    std::unordered_map<std::string, std::vector<TokenId>, Hash, std::equal_to<>> words;
  };

  Part& part_of(std::string_view word) { return parts_[Hash()(word) % kParts]; }

  std::array<Part, kParts> parts_;
};

}  // namespace tripost
