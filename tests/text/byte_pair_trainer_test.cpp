#include "text/byte_pair_trainer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "text/fixtures.h"
#include "text/tokenizer.h"

namespace tripost {
namespace {

const std::vector<std::string> kSpecialTokens = {"<|endoftext|>", "<|pad|>"};

// The texts that scripts/make_tokenizer_fixtures.py trains on.
std::vector<std::string> texts() {
  std::vector<fs::path> examples;
  for (const auto& entry : fs::directory_iterator(kTextData)) {
    if (entry.path().filename().string().starts_with("example_")) examples.push_back(entry.path());
  }
  std::sort(examples.begin(), examples.end());
  std::vector<std::string> texts;
  for (const fs::path& path : examples) texts.push_back(read_file(path));
  for (std::string& text : adversarial_strings()) texts.push_back(std::move(text));
  return texts;
}

Json fixture(const std::string& name) {
  const fs::path path = kTextData / name / "tokenizer.json";
  return parse_json(read_file(path), path.string());
}

void expect_equal(const Json& trained, const Json& expected) {
  for (const char* key : {"added_tokens", "pre_tokenizer", "post_processor", "normalizer"}) {
    EXPECT_EQ(nlohmann::json(trained[key]), nlohmann::json(expected[key])) << key;
  }
  const Json& merges = trained["model"]["merges"];
  const Json& expected_merges = expected["model"]["merges"];
  ASSERT_EQ(merges.size(), expected_merges.size());
  for (std::size_t i = 0; i < merges.size(); ++i) ASSERT_EQ(merges[i], expected_merges[i]) << i;
  EXPECT_EQ(trained["model"]["vocab"], expected["model"]["vocab"]);
}

TEST(BytePairTrainer, LearnsTheMergesOfHuggingFaceOnItsOwnPattern) {
  expect_equal(train_byte_pair(texts(), {.vocab_size = 700, .special_tokens = kSpecialTokens}),
               fixture("trained"));
}

TEST(BytePairTrainer, LearnsTheMergesOfHuggingFaceWithAnotherPatternAndShortTokens) {
  const Json expected = fixture("trained_short");
  const std::string pattern = expected["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"];
  expect_equal(train_byte_pair(texts(), {.vocab_size = 600,
                                         .special_tokens = kSpecialTokens,
                                         .pattern = pattern,
                                         .max_token_length = 5}),
               expected);
}

TEST(BytePairTrainer, TheResultDoesNotDependOnTheOrderOfTexts) {
  const BytePairTraining options{.vocab_size = 600, .special_tokens = kSpecialTokens};
  std::vector<std::string> reversed = texts();
  const std::string once = train_byte_pair(reversed, options).dump();
  EXPECT_EQ(train_byte_pair(reversed, options).dump(), once);
  std::reverse(reversed.begin(), reversed.end());
  EXPECT_EQ(train_byte_pair(reversed, options).dump(), once);
}

TEST(BytePairTrainer, WhatItWritesIsOpenedAgainWithItsEndToken) {
  TemporaryFolder folder;
  const Json trained =
      train_byte_pair(texts(), {.vocab_size = 700, .special_tokens = kSpecialTokens});
  write_tokenizer(folder.path(), trained, "<|endoftext|>");
  const Tokenizer tokenizer = Tokenizer::load(folder.path());
  EXPECT_EQ(tokenizer.vocab_size(), 700);
  EXPECT_EQ(tokenizer.eos(), 0);
  EXPECT_EQ(tokenizer.bos(), std::nullopt);
  EXPECT_TRUE(fs::exists(folder.path() / "special_tokens_map.json"));
  EXPECT_THROW(write_tokenizer(folder.path(), trained, "</s>"), UsageError);
}

TEST(BytePairTrainer, ItsPatternKeepsApartWhatCarriesMeaningByPlace) {
  TemporaryFolder folder;
  // Repeated until every piece is one token.
  const std::string line = "(12) Let's calculate A = ((-7 + 6) - -6) * 3 = -21, B = \"(C - D)\".\n";
  write_tokenizer(folder.path(),
                  train_byte_pair({line}, {.vocab_size = 1024, .special_tokens = kSpecialTokens}),
                  "<|endoftext|>");
  const Tokenizer tokenizer = Tokenizer::load(folder.path());
  std::vector<std::string> tokens;
  for (const TokenId id : tokenizer.encode(line)) tokens.push_back(tokenizer.bytes_of(id));
  const std::vector<std::string> expected = {"(",   "1",   "2",  ")",   " Let's calculate ",
                                             "A",   " = ", "(",  "(",   "-",
                                             "7",   " + ", "6",  ")",   " - ",
                                             "-",   "6",   ")",  " * ", "3",
                                             " = ", "-",   "2",  "1",   ", ",
                                             "B",   " = ", "\"", "(",   "C",
                                             " - ", "D",   ")",  "\"",  ".",
                                             "\n"};
  EXPECT_EQ(tokens, expected);
}

TEST(BytePairTrainer, StopsWhenNothingIsLeftToMerge) {
  const Json trained = train_byte_pair({"abab"}, {.vocab_size = 1000, .special_tokens = {}});
  EXPECT_EQ(trained["model"]["merges"], Json::parse(R"([["a","b"],["ab","ab"]])"));
  EXPECT_EQ(train_byte_pair({}, {.vocab_size = 1000})["model"]["merges"].size(), 0u);
}

std::size_t longest_token(int max_token_length) {
  const Json trained =
      train_byte_pair({"xxxxxx"}, {.vocab_size = 1000, .max_token_length = max_token_length});
  std::size_t longest = 0;
  for (const auto& [token, id] : trained["model"]["vocab"].items()) {
    if (token.starts_with('x')) longest = std::max(longest, token.size());
  }
  return longest;
}

TEST(BytePairTrainer, NoLearntTokenIsLongerThanAsked) {
  EXPECT_EQ(longest_token(6), 6u);
  EXPECT_EQ(longest_token(5), 4u);  // xx, xxxx; the next would be xxxxxx
}

TEST(BytePairTrainer, WhatCannotBeIsOneClearError) {
  EXPECT_THROW(train_byte_pair({}, {.vocab_size = 257, .special_tokens = kSpecialTokens}),
               UsageError);
  EXPECT_THROW(train_byte_pair({}, {.special_tokens = {"<a>", "<a>"}}), UsageError);
  EXPECT_THROW(train_byte_pair({}, {.special_tokens = {""}}), UsageError);
  EXPECT_THROW(train_byte_pair({}, {.special_tokens = {"a"}}), UsageError);
  EXPECT_THROW(train_byte_pair({}, {.pattern = "("}), Error);
}

}  // namespace
}  // namespace tripost
