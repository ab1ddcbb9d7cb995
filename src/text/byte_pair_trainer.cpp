#include "text/byte_pair_trainer.h"

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "base/file.h"
#include "text/byte_level.h"
#include "text/merge_learner.h"
#include "text/pre_tokenizer.h"
#include "text/quote.h"
#include "text/utf8.h"

namespace tripost {
namespace {

Json model_of(const MergeLearner& learner) {
  const std::vector<std::string>& tokens = learner.tokens();
  Json vocabulary = Json::object();
  // Appended to the object's vector directly: insertion would look for the key among all others.
  auto& entries = static_cast<Json::object_t::Container&>(vocabulary.get_ref<Json::object_t&>());
  entries.reserve(tokens.size());
  for (std::size_t id = 0; id < tokens.size(); ++id) entries.emplace_back(tokens[id], id);
  Json merges = Json::array();
  for (const auto& [left, right] : learner.merges())
    merges.push_back({tokens[left], tokens[right]});
  Json model;
  model["type"] = "BPE";
  for (const char* key :
       {"dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix"}) {
    model[key] = nullptr;
  }
  for (const char* key : {"fuse_unk", "byte_fallback", "ignore_merges"}) model[key] = false;
  model["vocab"] = std::move(vocabulary);
  model["merges"] = std::move(merges);
  return model;
}

void check(const BytePairTraining& options) {
  const std::size_t least = 256 + options.special_tokens.size();
  if (options.vocab_size < static_cast<int>(least)) {
    fail_usage(
        "a vocabulary of {} tokens cannot hold the 256 bytes and {} special tokens; {} is the "
        "least",
        options.vocab_size, options.special_tokens.size(), least);
  }
  for (std::size_t i = 0; i < options.special_tokens.size(); ++i) {
    const std::string& token = options.special_tokens[i];
    const auto end = options.special_tokens.begin() + static_cast<std::ptrdiff_t>(i);
    const auto bytes = from_byte_level(token);
    if ((bytes && bytes->size() < 2) ||
        std::find(options.special_tokens.begin(), end, token) != end) {
      fail_usage("the special token {} is empty, a single byte or stands twice", quote(token));
    }
  }
}

Json byte_level() {
  return {{"type", "ByteLevel"},
          {"add_prefix_space", false},
          {"trim_offsets", false},
          {"use_regex", false}};
}

Json pre_tokenizer_for(const std::string& pattern) {
  Json split = {{"type", "Split"},
                {"pattern", {{"Regex", pattern}}},
                {"behavior", "Isolated"},
                {"invert", false}};
  Json config;
  config["type"] = "Sequence";
  config["pretokenizers"] = Json::array({std::move(split), byte_level()});
  return config;
}

Json added_tokens_for(const std::vector<std::string>& special_tokens) {
  Json list = Json::array();
  for (std::size_t id = 0; id < special_tokens.size(); ++id) {
    list.push_back({{"id", id},
                    {"content", special_tokens[id]},
                    {"single_word", false},
                    {"lstrip", false},
                    {"rstrip", false},
                    {"normalized", false},
                    {"special", true}});
  }
  return list;
}

// Calls `visit` for each piece of the valid UTF-8 in `text`; the tokenizer makes other bytes words
// of their own.
void for_each_piece(PreTokenizer::Splitter& splitter, std::string_view text,
                    const PreTokenizer::Splitter::Sink& visit) {
  std::size_t run = 0;
  const auto split_to = [&](std::size_t end) {
    splitter.split(text.substr(run, end - run),
                   run == 0 ? TextPlace::kOpens : TextPlace::kAfterToken, visit);
  };
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length_at(text, i);
    if (length == 0) {
      split_to(i);
      run = i + 1;
    }
    i += std::max<std::size_t>(length, 1);
  }
  split_to(text.size());
}

}  // namespace

Json train_byte_pair(const std::vector<std::string>& texts, const BytePairTraining& options) {
  check(options);
  const Json pre_tokenizer = pre_tokenizer_for(options.pattern);
  const PreTokenizer pieces(TokenizerJson(parse_tokenizer_json(pre_tokenizer.dump(), "--pattern")),
                            "--pattern");
  PreTokenizer::Splitter splitter(pieces);
  MergeLearner learner(options.special_tokens, options.max_token_length);
  for (const std::string& text : texts) {
    for_each_piece(splitter, text, [&](std::string_view piece) { learner.count_word(piece); });
  }
  learner.learn(options.vocab_size);
  Json file;
  file["version"] = "1.0";
  file["truncation"] = nullptr;
  file["padding"] = nullptr;
  file["added_tokens"] = added_tokens_for(options.special_tokens);
  file["normalizer"] = nullptr;
  file["pre_tokenizer"] = pre_tokenizer;
  file["post_processor"] = nullptr;
  file["decoder"] = byte_level();
  file["model"] = model_of(learner);
  return file;
}

void write_tokenizer(const std::filesystem::path& folder, const Json& tokenizer,
                     const std::string& eos_token) {
  constexpr int64_t kNoLimit =
      1'000'000'000'000'000'000;  // the limit is the model's, in config.json
  const Json& tokens = tokenizer.at("added_tokens");
  if (std::none_of(tokens.begin(), tokens.end(),
                   [&](const Json& token) { return token.at("content") == eos_token; })) {
    fail_usage("the end token {} is not one of the special tokens", quote(eos_token));
  }
  Json config;
  config["tokenizer_class"] = "PreTrainedTokenizerFast";
  config["bos_token"] = nullptr;
  config["eos_token"] = eos_token;
  config["model_max_length"] = kNoLimit;
  config["clean_up_tokenization_spaces"] = false;
  Json map;
  map["eos_token"] = eos_token;
  write_file_atomically(folder / "tokenizer.json", tokenizer.dump(1) + "\n");
  write_file_atomically(folder / "tokenizer_config.json", config.dump(2) + "\n");
  write_file_atomically(folder / "special_tokens_map.json", map.dump(2) + "\n");
}

}  // namespace tripost
