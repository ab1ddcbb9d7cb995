#include "text/byte_pair.h"

#include <algorithm>
#include <queue>
#include <unordered_set>

#include "base/error.h"
#include "text/byte_level.h"
#include "text/quote.h"
#include "text/utf8.h"

namespace tripost {
namespace {

void refuse_field(const TokenizerJson& model, const char* key, const std::string& where) {
  const auto field = model.find(key);
  if (field == model.end() || field->is_null() || *field == "" || *field == false || *field == 0.0)
    return;
  fail("{}: {} = {} is not supported; only BPE without it is", where, key,
       quote(field->dump(-1, ' ', true)));
}

}  // namespace

std::pair<std::string, std::string> merge_parts(const TokenizerJson& entry,
                                                const std::string& where) {
  if (entry.is_array() && entry.size() == 2 && entry[0].is_string() && entry[1].is_string()) {
    return {entry[0].get<std::string>(), entry[1].get<std::string>()};
  }
  if (entry.is_string()) {
    const std::string text = entry.get<std::string>();
    const std::size_t blank = text.find(' ');
    if (blank != std::string::npos && text.find(' ', blank + 1) == std::string::npos) {
      return {text.substr(0, blank), text.substr(blank + 1)};
    }
  }
  fail("{}: a merge should be \"a b\" or [\"a\", \"b\"], found {}", where,
       entry.dump(-1, ' ', true).substr(0, 80));
}

// A node of the linked list of a word's tokens.
struct BytePair::Symbol {
  TokenId id;        // -1: swallowed by a merge
  int32_t previous;  // -1: none
  int32_t next;      // -1: none
};

struct BytePair::Candidate {
  uint32_t rank;
  int32_t position;  // of the left symbol
  TokenId merged;

  // std::priority_queue puts the largest first; we want the lowest rank, then the leftmost.
  bool operator<(const Candidate& other) const {
    return rank != other.rank ? rank > other.rank : position > other.position;
  }
};

BytePair::BytePair(const TokenizerJson& model, Symbols symbols, const std::string& where)
    : symbols_(symbols) {
  if (!model.is_object()) fail("{}: the model is missing", where);
  const std::string type = text_of(model, "type", "BPE", where);
  if (type != "BPE") fail_unsupported(where, type, "BPE");
  for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix", "dropout"}) {
    refuse_field(model, key, where);
  }
  if (symbols == Symbols::kBytes) refuse_field(model, "byte_fallback", where);
  read_vocabulary(model, where);
  read_merges(model, where);
  read_unknown(model, where);
  read_byte_tokens(model, where);
  find_where_blanks_stand();
}

void BytePair::read_vocabulary(const TokenizerJson& model, const std::string& where) {
  const auto vocabulary = model.find("vocab");
  if (vocabulary == model.end() || !vocabulary->is_object()) {
    fail("{}: the field \"vocab\" should be an object of tokens and ids", where);
  }
  const bool ignores_merges = flag_of(model, "ignore_merges", false, where);
  byte_ids_.fill(-1);
  std::unordered_map<TokenId, std::string> owner;
  for (const auto& [entry, value] : vocabulary->items()) {
    const TokenId id = id_of(value, entry, where + ": vocab");
    const auto [other, is_new] = owner.try_emplace(id, entry);
    if (!is_new)
      fail("{}: vocab: {} and {} have the same id {}", where, quote(other->second), quote(entry),
           id);
    vocabulary_.emplace(entry, id);
    if (symbols_ == Symbols::kCharacters) {
      if (!entry.empty() && utf8_length_at(entry, 0) == entry.size())
        characters_.emplace(entry, id);
      if (ignores_merges) whole_words_.emplace(entry, id);
      continue;
    }
    const std::optional<std::string> bytes = from_byte_level(entry);
    if (bytes && bytes->size() == 1) byte_ids_[static_cast<uint8_t>(bytes->front())] = id;
    if (bytes && ignores_merges) whole_words_.emplace(*bytes, id);
  }
}

void BytePair::read_merges(const TokenizerJson& model, const std::string& where) {
  const std::string here = where + ": merges";
  uint32_t rank = 0;
  for (const TokenizerJson& entry : list_of(model, "merges", where)) {
    const auto [left, right] = merge_parts(entry, here);
    const auto known = [&](const std::string& token) {
      const auto found = find(token);
      if (!found)
        fail("{}: merge {} needs {}, which is not in the vocabulary", here, rank, quote(token));
      return *found;
    };
    const TokenId left_id = known(left);
    const TokenId right_id = known(right);
    merges_.insert_or_assign(pair_key(left_id, right_id), Merge{rank, known(left + right)});
    ++rank;
  }
}

void BytePair::read_unknown(const TokenizerJson& model, const std::string& where) {
  fuses_unknown_ = flag_of(model, "fuse_unk", false, where);
  const std::string token = text_of(model, "unk_token", "", where);
  if (token.empty()) return;
  const auto found = find(token);
  if (!found) fail("{}: unk_token {} is not in the vocabulary", where, quote(token));
  unknown_ = *found;
}

// With byte_fallback: what any byte becomes.
void BytePair::read_byte_tokens(const TokenizerJson& model, const std::string& where) {
  has_byte_tokens_ = flag_of(model, "byte_fallback", false, where);
  for (int byte = 0; has_byte_tokens_ && byte < 256; ++byte) {
    const std::string token = byte_token(static_cast<uint8_t>(byte));
    const auto found = find(token);
    if (!found) fail("{}: byte_fallback needs {}, which is not in the vocabulary", where, token);
    byte_ids_[static_cast<std::size_t>(byte)] = *found;
  }
}

void BytePair::find_where_blanks_stand() {
  if (symbols_ != Symbols::kCharacters || !find(std::string(kBlankMark))) return;
  blanks_open_tokens_ = whole_words_.empty();
  std::unordered_set<TokenId> merged;
  for (const auto& [pair, merge] : merges_) merged.insert(merge.merged);
  for (const auto& [entry, id] : vocabulary_) {
    std::size_t opening = 0;
    while (entry.compare(opening, kBlankMark.size(), kBlankMark) == 0) opening += kBlankMark.size();
    if (entry.find(kBlankMark, opening) != std::string::npos && merged.contains(id))
      blanks_open_tokens_ = false;
  }
}

std::optional<TokenId> BytePair::find(const std::string& entry) const {
  const auto found = vocabulary_.find(entry);
  if (found == vocabulary_.end()) return std::nullopt;
  return found->second;
}

const BytePair::Merge* BytePair::merge_of(TokenId left, TokenId right) const {
  const auto found = merges_.find(pair_key(left, right));
  return found == merges_.end() ? nullptr : &found->second;
}

// The id of a byte or a character; -1 when the vocabulary lacks it.
TokenId BytePair::id_of_unit(std::string_view unit) const {
  if (symbols_ == Symbols::kBytes) return byte_ids_[static_cast<uint8_t>(unit.front())];
  const auto found = characters_.find(unit);
  return found == characters_.end() ? -1 : found->second;
}

std::vector<BytePair::Symbol> BytePair::symbols_of(std::string_view word) const {
  std::vector<Symbol> symbols;
  symbols.reserve(word.size());
  const auto add = [&](TokenId id) {
    const auto position = static_cast<int32_t>(symbols.size());
    symbols.push_back({id, position - 1, position + 1});
  };
  bool after_unknown = false;
  for (std::size_t i = 0; i < word.size();) {
    // A byte that is not UTF-8 is a unit of its own.
    const std::size_t length =
        symbols_ == Symbols::kBytes ? 1 : std::max<std::size_t>(utf8_length_at(word, i), 1);
    const std::string_view unit = word.substr(i, length);
    i += length;
    const TokenId id = id_of_unit(unit);
    const bool is_unknown = id < 0 && !has_byte_tokens_;
    if (id >= 0) {
      add(id);
    } else if (has_byte_tokens_) {
      for (const char byte : unit) add(byte_ids_[static_cast<uint8_t>(byte)]);
    } else if (unknown_ >= 0 && !(after_unknown && fuses_unknown_)) {
      add(unknown_);
    }
    after_unknown = is_unknown;
  }
  if (!symbols.empty()) symbols.back().next = -1;
  return symbols;
}

std::size_t BytePair::encode(std::string_view word, std::vector<TokenId>& ids) const {
  if (!whole_words_.empty()) {
    if (const auto found = whole_words_.find(std::string(word)); found != whole_words_.end()) {
      ids.push_back(found->second);
      return 1;
    }
  }
  std::vector<Symbol> symbols = symbols_of(word);
  std::vector<Candidate> waiting;
  waiting.reserve(symbols.size());
  for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
    if (const Merge* merge = merge_of(symbols[i].id, symbols[i + 1].id)) {
      waiting.push_back({merge->rank, static_cast<int32_t>(i), merge->merged});
    }
  }
  std::size_t looked_at = 0;
  std::priority_queue<Candidate> queue(std::less<Candidate>(), std::move(waiting));
  const auto offer = [&](int32_t left, int32_t right) {
    if (left < 0 || right < 0) return;
    if (const Merge* merge = merge_of(symbols[left].id, symbols[right].id)) {
      queue.push({merge->rank, left, merge->merged});
    }
  };
  for (; !queue.empty(); ++looked_at) {
    const Candidate best = queue.top();
    queue.pop();
    Symbol& left = symbols[best.position];
    if (left.id < 0 || left.next < 0) continue;
    const int32_t swallowed = left.next;
    // Earlier merges may have changed either side; the pair counts if it still makes the same
    // token.
    const Merge* merge = merge_of(left.id, symbols[swallowed].id);
    if (merge == nullptr || merge->merged != best.merged) continue;
    left.id = best.merged;
    left.next = symbols[swallowed].next;
    symbols[swallowed].id = -1;
    if (left.next >= 0) symbols[left.next].previous = best.position;
    offer(left.previous, best.position);
    offer(best.position, left.next);
  }
  for (const Symbol& symbol : symbols) {
    if (symbol.id >= 0) ids.push_back(symbol.id);
  }
  return looked_at;
}

}  // namespace tripost
