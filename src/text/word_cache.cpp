#include "text/word_cache.h"

namespace tripost {

bool WordCache::append(std::string_view word, std::vector<TokenId>& ids) {
  if (word.size() > kLongestWord) return false;
  Part& part = part_of(word);
  const std::lock_guard lock(part.mutex);
  const auto found = part.words.find(word);
  if (found == part.words.end()) return false;
  ids.insert(ids.end(), found->second.begin(), found->second.end());
  return true;
}

void WordCache::insert(std::string_view word, const TokenId* begin, const TokenId* end) {
  if (word.size() > kLongestWord) return;
  Part& part = part_of(word);
  const std::lock_guard lock(part.mutex);
  if (part.words.size() >= kWordsPerPart) part.words.clear();
  part.words.try_emplace(std::string(word), begin, end);
}

}  // namespace tripost
