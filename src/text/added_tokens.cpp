#include "text/added_tokens.h"

#include <algorithm>
#include <cstdint>
#include <unordered_set>

#include "base/error.h"
#include "text/quote.h"
#include "text/utf8.h"

namespace tripost {
namespace {

// Whether one character is of a class; for the neighbours of a token.
class CharacterClass {
 public:
  explicit CharacterClass(const char* pattern) : matcher_(Regex(pattern, "a character class")) {}

  bool has(std::string_view text, std::size_t position) {
    matcher_.find_all(text.substr(position, utf8_length_at(text, position)), matches_);
    return !matches_.empty();
  }

 private:
  Regex::Matcher matcher_;
  std::vector<Span> matches_;
};

bool is_word(std::string_view text, std::size_t position) {
  // What Rust's regex crate calls \w.
  thread_local CharacterClass word("[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\x{200C}\\x{200D}]");
  return word.has(text, position);
}

bool is_white(std::string_view text, std::size_t position) {
  thread_local CharacterClass white("\\s");
  return white.has(text, position);
}

bool stands_alone(std::string_view text, Span match) {
  const bool word_before = match.begin > 0 && is_word(text, utf8_previous(text, match.begin));
  const bool word_after = match.end < text.size() && is_word(text, match.end);
  return !word_before && !word_after;
}

std::size_t white_space_before(std::string_view text, std::size_t begin, std::size_t limit) {
  while (begin > limit && is_white(text, utf8_previous(text, begin)))
    begin = utf8_previous(text, begin);
  return begin;
}

std::size_t white_space_after(std::string_view text, std::size_t end) {
  while (end < text.size() && is_white(text, end)) end += utf8_length_at(text, end);
  return end;
}

}  // namespace

std::vector<AddedToken> read_added_tokens(const TokenizerJson& list, const std::string& where) {
  std::vector<AddedToken> tokens;
  if (list.is_null()) return tokens;
  if (!list.is_array()) fail("{}: should be a list, found {}", where, list.type_name());
  std::unordered_set<std::string> contents;
  std::unordered_set<TokenId> ids;
  for (const TokenizerJson& entry : list) {
    AddedToken token;
    token.content = text_of(entry, "content", "", where);
    token.id = id_of(entry.value("id", TokenizerJson()), token.content, where);
    token.special = flag_of(entry, "special", false, where);
    token.single_word = flag_of(entry, "single_word", false, where);
    token.takes_left = flag_of(entry, "lstrip", false, where);
    token.takes_right = flag_of(entry, "rstrip", false, where);
    token.normalized = flag_of(entry, "normalized", !token.special, where);
    if (token.content.empty()) fail("{}: the token with id {} has no content", where, token.id);
    if (!contents.insert(token.content).second || !ids.insert(token.id).second) {
      fail("{}: {} with id {} repeats another token's content or id; remove one", where,
           quote(token.content), token.id);
    }
    tokens.push_back(std::move(token));
  }
  return tokens;
}

void AddedTokenFinder::add(const AddedToken& token, std::string key) {
  if (key.empty()) return;
  auto& lengths = lengths_by_first_byte_[static_cast<uint8_t>(key.front())];
  const auto place = std::lower_bound(lengths.begin(), lengths.end(), key.size(), std::greater<>());
  if (place == lengths.end() || *place != key.size()) lengths.insert(place, key.size());
  tokens_.try_emplace(std::move(key), token);
}

const AddedToken* AddedTokenFinder::longest_at(std::string_view text, std::size_t position,
                                               std::size_t& length) const {
  for (const std::size_t candidate : lengths_by_first_byte_[static_cast<uint8_t>(text[position])]) {
    if (candidate > text.size() - position) continue;
    const auto found = tokens_.find(std::string(text.substr(position, candidate)));
    if (found == tokens_.end()) continue;
    length = candidate;
    return &found->second;
  }
  return nullptr;
}

void AddedTokenFinder::split(std::string_view text, const Sink& sink) const {
  std::size_t done = 0;
  std::size_t length = 0;
  for (std::size_t position = 0; position < text.size() && !tokens_.empty();) {
    const AddedToken* token = longest_at(text, position, length);
    if (token == nullptr) {
      ++position;
      continue;
    }
    Span match{position, position + length};
    position = match.end;  // a match that is refused is stepped over all the same
    if (token->single_word && !stands_alone(text, match)) continue;
    if (token->takes_left) match.begin = white_space_before(text, match.begin, done);
    if (token->takes_right) match.end = white_space_after(text, match.end);
    if (done < match.begin) sink(text.substr(done, match.begin - done), nullptr);
    sink(text.substr(match.begin, match.end - match.begin), token);
    done = match.end;
  }
  if (done < text.size()) sink(text.substr(done), nullptr);
}

}  // namespace tripost
