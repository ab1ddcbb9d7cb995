#include "model/gguf_tokenizer.h"

#include <optional>
#include <set>

#include "base/error.h"
#include "base/log.h"
#include "model/gguf_pre_tokenizer.h"
#include "model/gguf_sentence_pieces.h"
#include "text/sentence_piece_model.h"

namespace tripost {
namespace {

// Not base's Json: its ordered objects search linearly, and a vocabulary has 150,000 entries.
using nlohmann::json;

// llama.cpp's types of tokens.
enum TokenType : int64_t { kNormal = 1, kControl = 3, kUserDefined = 4, kUnused = 5 };

constexpr const char* kPrefix = "tokenizer.ggml.";

const GgufPreTokenizer& pre_tokenizer_of(const GgufFile& file) {
  const std::string where = file.path().string();
  const auto name = file.value<std::string>("tokenizer.ggml.pre").value_or("default");
  for (const GgufPreTokenizer& known : gguf_pre_tokenizers()) {
    if (name == known.name) return known;
  }
  fail("{}: the pre-tokenizer \"{}\" is not supported; supported: {}", where, name.substr(0, 80),
       gguf_pre_tokenizer_names());
}

// A token that the metadata name by its id.
struct Named {
  int64_t id;
  std::string content;
};

std::optional<Named> named_token(const GgufFile& file, const std::vector<std::string>& tokens,
                                 const std::string& name) {
  const auto id = file.value<int64_t>(kPrefix + name);
  if (!id) return std::nullopt;
  if (*id < 0 || *id >= static_cast<int64_t>(tokens.size())) {
    fail("{}: \"{}{}\" is {}, but there are {} tokens", file.path().string(), kPrefix, name, *id,
         tokens.size());
  }
  return Named{*id, tokens[static_cast<std::size_t>(*id)]};
}

json added_token(int64_t id, const std::string& content, bool special) {
  return {{"id", id},        {"content", content},  {"single_word", false}, {"lstrip", false},
          {"rstrip", false}, {"normalized", false}, {"special", special}};
}

// The vocabulary and the added tokens.
void add_tokens(const GgufFile& file, const std::vector<std::string>& tokens, json& tokenizer) {
  const std::string where = file.path().string();
  const auto types = file.value<std::vector<int64_t>>("tokenizer.ggml.token_type")
                         .value_or(std::vector<int64_t>(tokens.size(), kNormal));
  if (types.size() != tokens.size()) {
    fail("{}: there are {} tokens but {} token types", where, tokens.size(), types.size());
  }
  json vocabulary = json::object(), added = json::array();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto id = static_cast<int64_t>(i);
    if (types[i] == kUnused) continue;
    if (!vocabulary.emplace(tokens[i], id).second) {
      fail("{}: token {} stands twice in the vocabulary: ids {} and {}", where,
           json(tokens[i]).dump(-1, ' ', true, json::error_handler_t::replace),
           vocabulary[tokens[i]].get<int64_t>(), id);
    }
    if (types[i] == kControl || types[i] == kUserDefined) {
      added.push_back(added_token(id, tokens[i], types[i] == kControl));
    } else if (types[i] != kNormal) {
      fail(
          "{}: token {} is of type {}; supported: 1 (normal), 3 (control), 4 (user-defined), 5 "
          "(unused)",
          where, id, types[i]);
    }
  }
  tokenizer["model"]["vocab"] = std::move(vocabulary);
  tokenizer["added_tokens"] = std::move(added);
}

json special_piece(const std::string& token) {
  return {{"SpecialToken", {{"id", token}, {"type_id", 0}}}};
}

// BOS before and EOS after a text, where the file asks for them.
json post_processor(const std::optional<Named>& before, const std::optional<Named>& after) {
  if (!before && !after) return nullptr;
  json single = json::array(), pair = json::array(), special = json::object();
  const auto add = [&](const std::optional<Named>& token) {
    if (!token) return;
    single.push_back(special_piece(token->content));
    pair.push_back(special_piece(token->content));
    special[token->content] = {
        {"id", token->content}, {"ids", {token->id}}, {"tokens", {token->content}}};
  };
  add(before);
  single.push_back({{"Sequence", {{"id", "A"}, {"type_id", 0}}}});
  pair.push_back({{"Sequence", {{"id", "A"}, {"type_id", 0}}}});
  pair.push_back({{"Sequence", {{"id", "B"}, {"type_id", 0}}}});
  add(after);
  return {{"type", "TemplateProcessing"},
          {"single", single},
          {"pair", pair},
          {"special_tokens", special}};
}

std::string text_of(const json& value, const std::string& where) {
  try {
    return value.dump(1, ' ', false) + "\n";
  } catch (const json::exception&) {
    fail("{}: its tokenizer holds text that is not UTF-8", where);
  }
}

// What a token of tokenizer_config.json is called: a text, or an object that holds it.
std::optional<std::string> token_named(const json& config, const char* key) {
  if (!config.contains(key)) return std::nullopt;
  const json& value = config.at(key);
  if (value.is_string()) return value.get<std::string>();
  if (value.is_object() && value.contains("content") && value["content"].is_string()) {
    return value["content"].get<std::string>();
  }
  return std::nullopt;
}

json parsed(const Companions& companions, const char* name, const std::string& where) {
  const auto found = companions.find(name);
  if (found == companions.end()) return json::object();
  try {
    return json::parse(found->second);
  } catch (const json::exception&) {
    fail("{}: {} is not valid JSON", where, name);
  }
}

// The tokens and types of a tokenizer.json by id, filled up to the rows of the embedding.
struct TokenTable {
  std::vector<std::string> tokens;
  std::vector<int64_t> types;
  std::map<std::string, int64_t> ids;

  TokenTable(const json& tokenizer, int64_t vocab_size, const std::string& where)
      : tokens(static_cast<std::size_t>(vocab_size)),
        types(static_cast<std::size_t>(vocab_size), kUnused) {
    for (const auto& [token, id] : tokenizer.at("model").at("vocab").items()) {
      put(id.get<int64_t>(), token, kNormal, where);
    }
    for (const json& token : tokenizer.value("added_tokens", json::array())) {
      put(token.at("id").get<int64_t>(), token.at("content").get<std::string>(),
          token.value("special", false) ? kControl : kUserDefined, where);
    }
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (types[i] == kUnused) tokens[i] = "[PAD" + std::to_string(i) + "]";
    }
  }

  void put(int64_t id, const std::string& token, TokenType type, const std::string& where) {
    if (id < 0 || id >= static_cast<int64_t>(tokens.size())) {
      fail("{}: the tokenizer has id {}, the model's vocabulary ends at {}", where, id,
           tokens.size() - 1);
    }
    tokens[static_cast<std::size_t>(id)] = token;
    types[static_cast<std::size_t>(id)] = type;
    ids[token] = id;
  }

  // The id of a token that tokenizer_config.json names.
  std::optional<int64_t> id_of(const json& config, const char* key) const {
    const auto name = token_named(config, key);
    return name ? id_of(*name) : std::nullopt;
  }

  std::optional<int64_t> id_of(const std::string& token) const {
    const auto found = ids.find(token);
    return found == ids.end() ? std::nullopt : std::optional<int64_t>(found->second);
  }
};

std::vector<std::string> merges_of(const json& model) {
  std::vector<std::string> merges;
  for (const json& merge : model.at("merges")) {
    merges.push_back(merge.is_string()
                         ? merge.get<std::string>()
                         : merge.at(0).get<std::string>() + " " + merge.at(1).get<std::string>());
  }
  return merges;
}

// The special token that the post-processor puts before a text, and whether one comes after it.
struct Ends {
  std::string before;  // empty: none
  bool after = false;
};
Ends ends_of(const json& tokenizer) {
  Ends ends;
  json processor = tokenizer.value("post_processor", json());
  if (processor.is_object() && processor.contains("processors")) {
    for (const json& part : json(processor["processors"])) {
      if (part.value("type", "") == "TemplateProcessing") processor = part;
    }
  }
  if (!processor.is_object() || !processor.contains("single")) return ends;
  bool seen_text = false;
  for (const json& piece : processor["single"]) {
    if (piece.contains("Sequence")) seen_text = true;
    if (!piece.contains("SpecialToken")) continue;
    if (seen_text) {
      ends.after = true;
    } else if (ends.before.empty()) {
      ends.before = piece["SpecialToken"].at("id").get<std::string>();
    }
  }
  return ends;
}

std::vector<std::pair<std::string, GgufValue>> byte_level_metadata(const json& tokenizer,
                                                                   const TokenTable& table,
                                                                   const std::string& where) {
  const GgufPreTokenizer* pre = find_gguf_pre_tokenizer(tokenizer);
  if (!pre) {
    fail(
        "{}: llama.cpp knows pre-tokenizers by name, and that of tokenizer.json is none of {}; a "
        "GGUF file would give other tokens",
        where, gguf_pre_tokenizer_names());
  }
  return {{"tokenizer.ggml.model", std::string("gpt2")},
          {"tokenizer.ggml.pre", std::string(pre->name)},
          {"tokenizer.ggml.tokens", table.tokens},
          {"tokenizer.ggml.token_type", table.types},
          {"tokenizer.ggml.merges", merges_of(tokenizer["model"])}};
}

// tokenizer.json, or what tokenizer.model says in its place.
json tokenizer_in(const Companions& companions, const std::string& where) {
  const auto pieces = companions.find("tokenizer.model");
  if (companions.contains("tokenizer.json") || pieces == companions.end())
    return parsed(companions, "tokenizer.json", where);
  const auto config = companions.find("tokenizer_config.json");
  return tokenizer_of_sentence_pieces(pieces->second,
                                      config == companions.end() ? "{}" : config->second, where);
}

std::vector<std::pair<std::string, GgufValue>> metadata_of(const Companions& companions,
                                                           int64_t vocab_size,
                                                           const std::vector<int64_t>& eos_ids,
                                                           const std::string& where) {
  const json tokenizer = tokenizer_in(companions, where);
  const json config = parsed(companions, "tokenizer_config.json", where);
  if (!tokenizer.contains("model") || tokenizer["model"].value("type", "") != "BPE") {
    fail("{}: a GGUF file needs a BPE tokenizer.json beside the model", where);
  }
  const TokenTable table(tokenizer, vocab_size, where);
  const Ends ends = ends_of(tokenizer);
  // Only SentencePiece's vocabularies fall back to bytes; llama.cpp's always do.
  auto metadata = tokenizer["model"].value("byte_fallback", false)
                      ? gguf_pieces_of(tokenizer, vocab_size, where)
                      : byte_level_metadata(tokenizer, table, where);
  metadata.emplace_back("tokenizer.ggml.add_bos_token", !ends.before.empty());
  metadata.emplace_back("tokenizer.ggml.add_eos_token", ends.after);
  const auto add_id = [&](const char* key, std::optional<int64_t> id) {
    if (id) metadata.emplace_back(std::string(kPrefix) + key, *id);
  };
  const auto eos = table.id_of(config, "eos_token");
  const auto bos = table.id_of(config, "bos_token");
  add_id("bos_token_id", bos ? bos : table.id_of(ends.before));
  add_id("eos_token_id", !eos_ids.empty() ? eos_ids.front() : eos);
  if (eos_ids.size() > 1) add_id("eot_token_id", eos_ids[1]);
  if (eos_ids.size() > 2) {
    log_warning("{}: a GGUF file names two tokens that end a text; {} more are left out", where,
                eos_ids.size() - 2);
  }
  add_id("padding_token_id", table.id_of(config, "pad_token"));
  const auto chat_file = companions.find("chat_template.jinja");
  if (chat_file != companions.end()) {
    metadata.emplace_back("tokenizer.chat_template", chat_file->second);
  } else if (config.contains("chat_template") && config["chat_template"].is_string()) {
    metadata.emplace_back("tokenizer.chat_template", config["chat_template"].get<std::string>());
  }
  return metadata;
}

json byte_level_tokenizer(const GgufFile& file, const std::vector<std::string>& tokens,
                          const std::optional<Named>& bos, const std::optional<Named>& eos) {
  const GgufPreTokenizer& pre = pre_tokenizer_of(file);
  const bool adds_bos = file.value<bool>("tokenizer.ggml.add_bos_token").value_or(pre.adds_bos);
  const bool adds_eos = file.value<bool>("tokenizer.ggml.add_eos_token").value_or(false);

  const json byte_level = json::parse(
      R"({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true})");
  json tokenizer = {{"version", "1.0"}, {"truncation", nullptr}, {"padding", nullptr}};
  tokenizer["normalizer"] = pre.composes ? json{{"type", "NFC"}} : json();
  tokenizer["pre_tokenizer"] = json::parse(pre.json);
  tokenizer["post_processor"] =
      post_processor(adds_bos ? bos : std::nullopt, adds_eos ? eos : std::nullopt);
  tokenizer["decoder"] = byte_level;
  tokenizer["model"] = {{"type", "BPE"}, {"ignore_merges", pre.ignores_merges}};
  tokenizer["model"]["merges"] = file.need<std::vector<std::string>>("tokenizer.ggml.merges");
  add_tokens(file, tokens, tokenizer);
  return tokenizer;
}

}  // namespace

Companions tokenizer_from_gguf(const GgufFile& file) {
  const std::string where = file.path().string();
  const auto tokens = file.need<std::vector<std::string>>("tokenizer.ggml.tokens");
  const auto bos = named_token(file, tokens, "bos_token_id");
  const auto eos = named_token(file, tokens, "eos_token_id");
  const auto end_of_turn = named_token(file, tokens, "eot_token_id");
  const auto model = file.need<std::string>("tokenizer.ggml.model");
  if (model != "gpt2" && model != "llama") {
    fail(
        "{}: the tokenizer model \"{}\" is not supported; supported: \"gpt2\" (byte-level BPE) and "
        "\"llama\" (SentencePiece's BPE)",
        where, model.substr(0, 80));
  }
  const json tokenizer = model == "llama" ? tokenizer_of_gguf_pieces(file)
                                          : byte_level_tokenizer(file, tokens, bos, eos);
  json config = {{"tokenizer_class", "PreTrainedTokenizerFast"},
                 {"clean_up_tokenization_spaces", false}};
  json generation = {{"eos_token_id", json::array()}};
  config["bos_token"] = bos ? json(bos->content) : json();
  config["eos_token"] = eos ? json(eos->content) : json();
  if (const auto pad = named_token(file, tokens, "padding_token_id")) {
    config["pad_token"] = pad->content;
    generation["pad_token_id"] = pad->id;
  }
  if (const auto chat = file.value<std::string>("tokenizer.chat_template")) {
    config["chat_template"] = *chat;
  }
  if (bos) generation["bos_token_id"] = bos->id;
  if (eos) generation["eos_token_id"].push_back(eos->id);
  if (end_of_turn && (!eos || end_of_turn->id != eos->id)) {
    generation["eos_token_id"].push_back(end_of_turn->id);
  }
  return {{"tokenizer.json", text_of(tokenizer, where)},
          {"tokenizer_config.json", text_of(config, where)},
          {"generation_config.json", text_of(generation, where)}};
}

std::vector<std::pair<std::string, GgufValue>> tokenizer_to_gguf(
    const Companions& companions, int64_t vocab_size, const std::vector<int64_t>& eos_ids,
    const std::string& where) {
  try {
    return metadata_of(companions, vocab_size, eos_ids, where);
  } catch (const json::exception&) {
    fail("{}: tokenizer.json or tokenizer_config.json is not as Hugging Face writes it", where);
  }
}

}  // namespace tripost
