#include "text/sentence_piece_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "base/error.h"
#include "base/random.h"
#include "text/fixtures.h"

namespace tripost {
namespace {

const fs::path kFolder = kTextData / "llama2";

std::string model_bytes() { return read_file(kFolder / "tokenizer.model"); }

// A field of a protocol buffer: its tag and its bytes.
std::string field(int number, const std::string& content) {
  std::string bytes(1, static_cast<char>(number << 3 | 2));
  for (std::size_t left = content.size();; left >>= 7) {
    bytes += static_cast<char>((left & 0x7F) | (left > 0x7F ? 0x80 : 0));
    if (left <= 0x7F) break;
  }
  return bytes + content;
}

std::string error_of(const std::string& model, const std::string& config = "{}") {
  try {
    const TokenizerJson file = tokenizer_of_sentence_pieces(model, config, "x.model");
    Tokenizer::parse(file.dump(), "{}", "x.model");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(SentencePieceModel, GivesTheIdsOfTheSentencePieceLibrary) {
  TemporaryFolder folder;
  write_file_atomically(folder.path() / "tokenizer.model", model_bytes());
  const Tokenizer tokenizer = Tokenizer::load(folder.path());
  const auto texts = adversarial_strings();
  const auto expected = lines_of(kFolder / "sentencepiece.txt");
  ASSERT_EQ(texts.size(), expected.size());
  int compared = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (expected[i] == "-") continue;
    ++compared;
    ASSERT_EQ(hash_of(tokenizer.encode(texts[i])), expected[i]) << to_line(Json(texts[i]));
  }
  EXPECT_GT(compared, 1500);
}

TEST(SentencePieceModel, IsTheTokenizerJsonThatHuggingFaceMakesOfIt) {
  TemporaryFolder folder;
  write_file_atomically(folder.path() / "tokenizer.model", model_bytes());
  const Tokenizer ours = Tokenizer::load(folder.path()), theirs = Tokenizer::load(kFolder);
  for (const std::string& text : adversarial_strings())
    ASSERT_EQ(ours.encode(text, true), theirs.encode(text, true)) << to_line(Json(text));
}

TEST(SentencePieceModel, TheTokenizersConfigDecidesWhatStandsAroundATextAndWhereBlanksAreAdded) {
  TemporaryFolder folder;
  write_file_atomically(folder.path() / "tokenizer.model", model_bytes());
  const auto ids_with = [&](const Json& config, const std::string& text) {
    write_file_atomically(folder.path() / "tokenizer_config.json", to_line(config));
    return Tokenizer::load(folder.path()).encode(text, true);
  };
  const auto plain = ids_with({{"add_bos_token", false}}, "the");
  EXPECT_THAT(ids_with(Json::object(), "the"), testing::ElementsAre(1, plain[0]));
  EXPECT_THAT(ids_with({{"add_eos_token", true}}, "the"), testing::ElementsAre(1, plain[0], 2));
  // "</s>the": the blank before "the" is there unless "legacy" is false.
  EXPECT_THAT(ids_with({{"legacy", true}}, "</s>the"), testing::ElementsAre(1, 2, plain[0]));
  EXPECT_NE(ids_with({{"legacy", false}}, "</s>the").back(), plain[0]);
  EXPECT_THAT(ids_with({{"legacy", false}}, "the"), testing::ElementsAre(1, plain[0]));
}

TEST(SentencePieceModel, StreamedBytesKeepTheBlanksAndWholeTextsLoseTheAddedOne) {
  const Tokenizer tokenizer = Tokenizer::load(kFolder);
  const auto ids = tokenizer.encode("the the\n\xE6\x97\xA5\xFF");
  std::string streamed;
  for (const TokenId id : ids) streamed += tokenizer.bytes_of(id);
  EXPECT_EQ(streamed, " the the\n\xE6\x97\xA5\xFF");
  EXPECT_EQ(tokenizer.decode(ids), "the the\n\xE6\x97\xA5\xFF");
}

TEST(SentencePieceModel, AnEmptyOrStrangeFileIsOneError) {
  EXPECT_THAT(error_of(""), testing::HasSubstr("there are no pieces"));
  EXPECT_THAT(error_of("{\"version\": 1}"), testing::HasSubstr("x.model: "));
  EXPECT_THAT(error_of(std::string("\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", 10)),
              testing::HasSubstr("9223372036854775807 bytes long, 0 are left"));
  EXPECT_THAT(error_of(std::string(11, '\xFF')), testing::HasSubstr("has no end"));
  EXPECT_THAT(error_of("\x0B"), testing::HasSubstr("a field of kind 3"));
}

TEST(SentencePieceModel, WhatWouldChangeIdsIsAnErrorThatNamesIt) {
  const std::string model = model_bytes();
  ASSERT_EQ(error_of(model), "");
  EXPECT_THAT(error_of(model + field(1, field(1, "the"))), testing::HasSubstr("twice"));
  EXPECT_THAT(error_of(model + field(1, field(1, ""))), testing::HasSubstr("is empty"));
  EXPECT_THAT(error_of(model + field(1, field(1, "\xFF"))), testing::HasSubstr("not UTF-8"));
  EXPECT_THAT(error_of(model + field(1, field(1, std::string(300, 'a')))),
              testing::HasSubstr("has 300 bytes"));
  EXPECT_THAT(error_of(model + field(1, field(1, "zzq") + "\x18\x09")),
              testing::HasSubstr("is of type 9"));
  EXPECT_THAT(error_of(model + field(1, field(1, "zzq") + std::string("\x15\x00\x00\xC0\x7F", 5))),
              testing::HasSubstr("score"));
  EXPECT_THAT(error_of(model + field(2, "\x18\x01")), testing::HasSubstr("model type 1"));
  EXPECT_THAT(error_of(model + field(2, "\xC0\x01\x01")),
              testing::HasSubstr("treat_whitespace_as_suffix"));
  EXPECT_THAT(error_of(model + field(3, field(2, "rules"))),
              testing::HasSubstr("precompiled_charsmap"));
  EXPECT_THAT(error_of(model + field(3, "\x20\x01")),
              testing::HasSubstr("remove_extra_whitespaces"));
  EXPECT_THAT(error_of(model, "[]"), testing::HasSubstr("tokenizer_config.json"));
}

TEST(SentencePieceModel, AFileCutShortAnywhereIsOneErrorOrAWholeTokenizer) {
  const std::string model = model_bytes();
  Random random(1);
  for (int i = 0; i < 100; ++i) {
    const std::string error = error_of(model.substr(0, random.below(model.size())));
    EXPECT_NE(error, "");
    EXPECT_EQ(error.find('\n'), std::string::npos) << error;
  }
}

// For a GGUF file.
TEST(SentencePieces, GoToATokenizerJsonAndBackWithTheSameIds) {
  const TokenizerJson file = parse_tokenizer_json(read_file(kFolder / "tokenizer.json"), "file");
  SentencePieces pieces = sentence_pieces_of(file, "file");
  EXPECT_TRUE(pieces.adds_blank);
  EXPECT_EQ(pieces.pieces[0].type, SentencePiece::kUnknown);
  EXPECT_EQ(pieces.pieces[1].type, SentencePiece::kControl);
  pieces.before = {"<s>"};
  const Tokenizer back =
      Tokenizer::parse(tokenizer_of_sentence_pieces(pieces, "back").dump(), "{}", "back");
  const Tokenizer whole = Tokenizer::load(kFolder);
  for (const std::string& text : adversarial_strings())
    ASSERT_EQ(back.encode(text, true), whole.encode(text, true)) << to_line(Json(text));
}

TEST(SentencePieces, RefuseMergesThatScoresCannotSay) {
  const TokenizerJson file = parse_tokenizer_json(read_file(kFolder / "tokenizer.json"), "file");
  const auto error_after = [&](const std::function<void(TokenizerJson&)>& change) {
    TokenizerJson changed = file;
    change(changed);
    try {
      sentence_pieces_of(changed, "file");
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(error_after([](TokenizerJson&) {}), "");
  EXPECT_THAT(error_after([](TokenizerJson& f) { f["model"]["merges"].erase(100); }),
              testing::HasSubstr("not all that its vocabulary allows"));
  EXPECT_THAT(error_after([](TokenizerJson& f) {
                f["normalizer"] = {{"type", "NFC"}};
              }),
              testing::HasSubstr("handling of blanks"));
}

}  // namespace
}  // namespace tripost
