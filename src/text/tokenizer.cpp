#include "text/tokenizer.h"

#include <algorithm>
#include <limits>

#include "base/error.h"
#include "base/file.h"
#include "text/added_tokens.h"
#include "text/byte_pair.h"
#include "text/decoder.h"
#include "text/normalizer.h"
#include "text/post_processor.h"
#include "text/pre_tokenizer.h"
#include "text/quote.h"
#include "text/sentence_piece_model.h"
#include "text/tokenizer_file.h"
#include "text/utf8.h"
#include "text/word_cache.h"

namespace tripost {
namespace {

// "1.0" is the only version there is.
void check_version(const TokenizerJson& file, const std::string& where) {
  const std::string version = text_of(file, "version", "1.0", where);
  if (version != "1.0") fail_unsupported(where + ": version", version, "1.0");
}

const TokenizerJson& part_of(const TokenizerJson& file, const char* key) {
  static const TokenizerJson kNull;
  const auto found = file.find(key);
  return found == file.end() ? kNull : *found;
}

}  // namespace

struct Tokenizer::Impl {
  Impl(const TokenizerJson& file, const std::string& where);
  static std::unique_ptr<Impl> read(std::string_view tokenizer_json, const std::string& where);

  void add_tokens(const TokenizerJson& file, const std::string& where);
  void fill_bytes(const std::vector<AddedToken>& tokens, const std::string& where);
  void check_post_processor(const std::string& where) const;
  std::optional<TokenId> resolve(const NamedToken& named, const std::string& where) const;

  void encode(std::string_view text, TextPlace place, std::vector<TokenId>& ids) const;
  void encode_run(std::string_view run, TextPlace place, PreTokenizer::Splitter& splitter,
                  std::vector<TokenId>& ids) const;
  void encode_piece(std::string_view piece, std::vector<TokenId>& ids) const;
  void encode_word(std::string_view word, std::vector<TokenId>& ids) const;

  Normalizer normalizer;
  PreTokenizer pre_tokenizer;
  BytePair model;
  Decoder decoder;
  PostProcessor post_processor;
  AddedTokenFinder raw_tokens;
  AddedTokenFinder normalized_tokens;
  std::unordered_map<std::string, TokenId> added_ids;
  std::vector<std::string> bytes;  // by id; empty for special tokens and ids that do not exist
  mutable WordCache cache;
  std::optional<TokenId> bos;
  std::optional<TokenId> eos;
};

Tokenizer::Impl::Impl(const TokenizerJson& file, const std::string& where)
    : normalizer(part_of(file, "normalizer"), where + ": normalizer"),
      pre_tokenizer(part_of(file, "pre_tokenizer"), where + ": pre_tokenizer"),
      model(part_of(file, "model"),
            pre_tokenizer.is_byte_level() ? BytePair::Symbols::kBytes
                                          : BytePair::Symbols::kCharacters,
            where + ": model"),
      decoder(part_of(file, "decoder"), pre_tokenizer.is_byte_level(), where + ": decoder"),
      post_processor(
          read_post_processor(part_of(file, "post_processor"), where + ": post_processor")) {
  add_tokens(file, where + ": added_tokens");
  check_post_processor(where);
}

std::unique_ptr<Tokenizer::Impl> Tokenizer::Impl::read(std::string_view tokenizer_json,
                                                       const std::string& where) {
  const TokenizerJson file = parse_tokenizer_json(tokenizer_json, where);
  if (!file.is_object()) fail("{}: expected a JSON object, found {}", where, file.type_name());
  check_version(file, where);
  return std::make_unique<Impl>(file, where);
}

void Tokenizer::Impl::add_tokens(const TokenizerJson& file, const std::string& where) {
  const std::vector<AddedToken> tokens = read_added_tokens(part_of(file, "added_tokens"), where);
  fill_bytes(tokens, where);
  for (const AddedToken& token : tokens) {
    const auto in_vocabulary = model.find(token.content);
    if (in_vocabulary && *in_vocabulary != token.id) {
      fail("{}: {} has id {}, but {} in the vocabulary", where, quote(token.content), token.id,
           *in_vocabulary);
    }
    if (token.normalized) {
      normalized_tokens.add(token, normalizer.apply(token.content));
    } else {
      raw_tokens.add(token, token.content);
    }
    added_ids.emplace(token.content, token.id);
  }
}

void Tokenizer::Impl::fill_bytes(const std::vector<AddedToken>& tokens, const std::string& where) {
  // The table is as long as the largest id: a file must not make us allocate far more than it
  // holds.
  constexpr std::size_t kSlack = 1'000'000;
  TokenId largest = -1;
  for (const auto& [entry, id] : model.vocabulary()) largest = std::max(largest, id);
  for (const AddedToken& token : tokens) largest = std::max(largest, token.id);
  const std::size_t count = model.vocabulary().size() + tokens.size();
  if (static_cast<std::size_t>(largest + 1) > count + kSlack) {
    fail("{}: the largest id is {}, but there are only {} tokens; is an id mistyped?", where,
         largest, count);
  }
  bytes.resize(static_cast<std::size_t>(largest + 1));
  std::vector<const std::string*> owner(bytes.size(), nullptr);
  for (const auto& [entry, id] : model.vocabulary()) {
    bytes[id] = decoder.bytes_of(entry);
    owner[id] = &entry;
  }
  for (const AddedToken& token : tokens) {
    if (owner[token.id] != nullptr && *owner[token.id] != token.content) {
      fail("{}: {} has id {}, which is {} in the vocabulary", where, quote(token.content), token.id,
           quote(*owner[token.id]));
    }
    bytes[token.id] = token.special ? "" : token.content;
  }
}

void Tokenizer::Impl::check_post_processor(const std::string& where) const {
  for (const auto* side : {&post_processor.before, &post_processor.after}) {
    for (const TokenId id : *side) {
      if (static_cast<std::size_t>(id) < bytes.size()) continue;
      fail("{}: post_processor: the template's id {} is not in the vocabulary", where, id);
    }
  }
}

std::optional<TokenId> Tokenizer::Impl::resolve(const NamedToken& named,
                                                const std::string& where) const {
  if (!named.content) return named.id;
  if (const auto added = added_ids.find(*named.content); added != added_ids.end())
    return added->second;
  if (const auto id = model.find(*named.content)) return id;
  fail("{}: {} is not a token of tokenizer.json", where, quote(*named.content));
}

void Tokenizer::Impl::encode(std::string_view text, TextPlace place,
                             std::vector<TokenId>& ids) const {
  constexpr std::size_t kLongest = std::numeric_limits<int32_t>::max();
  if (text.size() > kLongest)
    fail("cannot encode {} bytes at once; {} is the most", text.size(), kLongest);
  PreTokenizer::Splitter splitter(pre_tokenizer);
  // A vocabulary of characters takes other bytes as they come.
  if (!pre_tokenizer.is_byte_level() && !normalizer.reads_characters())
    return encode_run(text, place, splitter, ids);
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length_at(text, i);
    if (length > 0) {
      i += length;
      continue;
    }
    // A byte that is not UTF-8 has no character to look up anywhere: it is its own word.
    encode_run(text.substr(run, i - run), run == 0 ? place : TextPlace::kAfterToken, splitter, ids);
    encode_word(text.substr(i, 1), ids);
    run = ++i;
  }
  encode_run(text.substr(run), run == 0 ? place : TextPlace::kAfterToken, splitter, ids);
}

void Tokenizer::Impl::encode_run(std::string_view run, TextPlace place,
                                 PreTokenizer::Splitter& splitter,
                                 std::vector<TokenId>& ids) const {
  const auto word = [&](std::string_view piece) { encode_piece(piece, ids); };
  const auto normalized_part = [&](std::string_view part, const AddedToken* token) {
    if (token != nullptr) {
      ids.push_back(token->id);
    } else {
      splitter.split(part, place, word);
    }
    place = TextPlace::kAfterToken;
  };
  raw_tokens.split(run, [&](std::string_view part, const AddedToken* token) {
    if (token != nullptr) {
      ids.push_back(token->id);
      place = TextPlace::kAfterToken;
    } else if (normalizer.changes_text()) {
      normalized_tokens.split(normalizer.apply(part, place), normalized_part);
    } else {
      normalized_tokens.split(part, normalized_part);
    }
  });
}

// A vocabulary of characters leaves a text whole; its words are found again where that changes
// nothing, for the cache.
void Tokenizer::Impl::encode_piece(std::string_view piece, std::vector<TokenId>& ids) const {
  if (!model.blanks_open_tokens()) return encode_word(piece, ids);
  for (std::size_t begin = 0; begin < piece.size();) {
    std::size_t end = begin;
    while (piece.substr(end).starts_with(kBlankMark)) end += kBlankMark.size();
    end = std::min(piece.find(kBlankMark, end), piece.size());
    encode_word(piece.substr(begin, end - begin), ids);
    begin = end;
  }
}

void Tokenizer::Impl::encode_word(std::string_view word, std::vector<TokenId>& ids) const {
  if (cache.append(word, ids)) return;
  const std::size_t before = ids.size();
  model.encode(word, ids);
  cache.insert(word, ids.data() + before, ids.data() + ids.size());
}

Tokenizer::Tokenizer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;
Tokenizer::~Tokenizer() = default;

Tokenizer Tokenizer::load(const std::filesystem::path& folder) {
  const fs::path path = folder / "tokenizer.json";
  const fs::path pieces = folder / "tokenizer.model";
  std::unique_ptr<Impl> impl;
  if (fs::exists(path)) {
    impl = Impl::read(read_file(path), path.string());
  } else if (fs::exists(pieces)) {
    const fs::path config = folder / "tokenizer_config.json";
    impl = std::make_unique<Impl>(
        tokenizer_of_sentence_pieces(
            read_file(pieces), fs::exists(config) ? read_file(config) : "{}", pieces.string()),
        pieces.string());
  } else {
    fail("{}: there is no such file; a model folder needs a tokenizer.json or a tokenizer.model",
         path.string());
  }
  impl->bos = impl->resolve(read_named_token(folder, "bos"), folder.string() + ": bos_token");
  impl->eos = impl->resolve(read_named_token(folder, "eos"), folder.string() + ": eos_token");
  return Tokenizer(std::move(impl));
}

Tokenizer Tokenizer::parse(std::string_view tokenizer_json, std::string_view tokenizer_config_json,
                           const std::string& where) {
  std::unique_ptr<Impl> impl = Impl::read(tokenizer_json, where);
  const TokenizerJson config = parse_tokenizer_json(tokenizer_config_json, where);
  const auto resolve = [&](const char* name) {
    return impl->resolve(named_token_in(config, name, where).value_or(NamedToken()), where);
  };
  impl->bos = resolve("bos");
  impl->eos = resolve("eos");
  return Tokenizer(std::move(impl));
}

std::vector<TokenId> Tokenizer::encode(std::string_view text, bool special) const {
  std::vector<TokenId> ids;
  if (special) ids = impl_->post_processor.before;
  impl_->encode(text, TextPlace::kOpens, ids);
  if (special) {
    const auto& after = impl_->post_processor.after;
    ids.insert(ids.end(), after.begin(), after.end());
  }
  return ids;
}

std::vector<TokenId> Tokenizer::encode_continuation(std::string_view text) const {
  std::vector<TokenId> ids;
  impl_->encode(text, TextPlace::kContinues, ids);
  return ids;
}

std::vector<TokenId> Tokenizer::encode_pieces(std::string_view text,
                                              std::span<const std::size_t> borders) const {
  std::vector<TokenId> ids = impl_->post_processor.before;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= borders.size(); ++i) {
    const std::size_t end = i < borders.size() ? borders[i] : text.size();
    impl_->encode(text.substr(begin, end - begin),
                  i == 0 ? TextPlace::kOpens : TextPlace::kContinues, ids);
    begin = end;
  }
  return ids;
}

std::string Tokenizer::decode(std::span<const TokenId> ids) const {
  std::string text;
  for (const TokenId id : ids) text += bytes_of(id);
  if (impl_->decoder.leading_blanks() > 0 && text.starts_with(' ')) text.erase(0, 1);
  return text;
}

const std::string& Tokenizer::bytes_of(TokenId id) const {
  // A model's embedding may be larger than its vocabulary, so any id may be asked for.
  static const std::string kNothing;
  const bool is_known = id >= 0 && static_cast<std::size_t>(id) < impl_->bytes.size();
  return is_known ? impl_->bytes[static_cast<std::size_t>(id)] : kNothing;
}

int Tokenizer::vocab_size() const { return static_cast<int>(impl_->bytes.size()); }
std::optional<TokenId> Tokenizer::bos() const { return impl_->bos; }
std::optional<TokenId> Tokenizer::eos() const { return impl_->eos; }

}  // namespace tripost
