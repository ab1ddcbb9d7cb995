#include "text/merge_learner.h"

#include "text/byte_level.h"

namespace tripost {

MergeLearner::MergeLearner(const std::vector<std::string>& special_tokens, int max_token_length)
    : max_token_length_(max_token_length) {
  for (const std::string& token : special_tokens) add_token(token);
  for (const uint8_t byte : bytes_in_alphabet_order()) {
    const std::string bytes(1, static_cast<char>(byte));
    byte_ids_[byte] = add_token(to_byte_level(bytes));
    lengths_.back() = 1;
  }
}

void MergeLearner::count_word(std::string_view word) {
  const auto [place, is_new] = word_places_.try_emplace(std::string(word), words_.size());
  if (!is_new) {
    ++words_[place->second].count;
    return;
  }
  std::vector<TokenId> symbols;
  for (const char byte : word) symbols.push_back(byte_ids_[static_cast<uint8_t>(byte)]);
  words_.push_back({std::move(symbols), 1});
}

void MergeLearner::learn(int vocab_size) {
  offer_all();
  while (static_cast<int>(tokens_.size()) < vocab_size && !queue_.empty()) {
    Candidate best = queue_.top();
    queue_.pop();
    const int64_t count = pair_counts_[best.pair];
    if (count < 1) continue;
    if (count != best.count) {
      best.count = count;
      queue_.push(std::move(best));
      continue;
    }
    merge(best);
  }
}

TokenId MergeLearner::add_token(const std::string& token) {
  const auto [place, is_new] = ids_.try_emplace(token, static_cast<TokenId>(tokens_.size()));
  if (is_new) {
    tokens_.push_back(token);
    lengths_.push_back(0);
  }
  return place->second;
}

void MergeLearner::offer_all() {
  Places places;
  for (std::size_t i = 0; i < words_.size(); ++i) {
    const auto& symbols = words_[i].symbols;
    for (std::size_t j = 0; j + 1 < symbols.size(); ++j) {
      change(places, {symbols[j], symbols[j + 1]}, words_[i].count, i);
    }
  }
  offer(places);
}

void MergeLearner::change(Places& places, Pair pair, int64_t count, std::size_t word) {
  pair_counts_[pair] += count;
  if (count < 0) return;
  auto& words = places[pair];
  if (words.empty() || words.back() != word) words.push_back(word);
}

void MergeLearner::offer(Places& places) {
  for (auto& [pair, words] : places) {
    const int64_t count = pair_counts_[pair];
    if (count > 0) queue_.push({count, pair, std::move(words)});
  }
}

void MergeLearner::merge(const Candidate& best) {
  const auto [left, right] = best.pair;
  const TokenId merged = add_token(tokens_[left] + tokens_[right]);
  lengths_[merged] = lengths_[left] + lengths_[right];
  merges_.push_back(best.pair);
  Places places;
  for (const std::size_t word : best.words) merge_in_word(word, best.pair, merged, places);
  offer(places);
}

void MergeLearner::merge_in_word(std::size_t index, Pair pair, TokenId merged, Places& places) {
  const int64_t count = words_[index].count;
  const auto may_join = [&](TokenId other) {
    return lengths_[other] + lengths_[merged] <= max_token_length_;
  };
  std::vector<TokenId>& symbols = words_[index].symbols;
  std::size_t kept = 0;  // symbols[0, kept) are done; reading goes on ahead of writing
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (symbols[i] != pair.first || i + 1 == symbols.size() || symbols[i + 1] != pair.second) {
      symbols[kept++] = symbols[i];
      continue;
    }
    if (kept > 0) {
      const TokenId before = symbols[kept - 1];
      change(places, {before, pair.first}, -count, index);
      if (may_join(before)) change(places, {before, merged}, count, index);
    }
    if (i + 2 < symbols.size()) {
      const TokenId after = symbols[i + 2];
      change(places, {pair.second, after}, -count, index);
      if (may_join(after)) change(places, {merged, after}, count, index);
    }
    symbols[kept++] = merged;
    ++i;
  }
  symbols.resize(kept);
}

}  // namespace tripost
