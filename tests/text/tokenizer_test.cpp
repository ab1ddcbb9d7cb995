#include "text/tokenizer.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <thread>

#include "base/error.h"
#include "base/random.h"
#include "text/byte_pair.h"
#include "text/fixtures.h"

namespace tripost {
namespace {

std::string repeated(const std::string& part, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += part;
  return text;
}

class EveryTokenizer : public testing::TestWithParam<const char*> {};

TEST_P(EveryTokenizer, GivesTheIdsOfHuggingFaceForEveryString) {
  const Tokenizer tokenizer = Tokenizer::load(kTextData / GetParam());
  const auto texts = adversarial_strings();
  const auto expected = lines_of(kTextData / GetParam() / "hashes.txt");
  ASSERT_EQ(texts.size(), expected.size());
  int wrong = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto ids = tokenizer.encode(texts[i], i % 2 == 1);
    if (hash_of(ids) == expected[i] || ++wrong > 5) continue;
    ADD_FAILURE() << "string " << i << " " << to_line(Json(texts[i])) << " gave "
                  << testing::PrintToString(ids);
  }
  EXPECT_EQ(wrong, 0);
}

INSTANTIATE_TEST_SUITE_P(Tokenizer, EveryTokenizer,
                         testing::Values("gpt2", "llama3", "qwen", "smollm2", "stripping",
                                         "unknown", "lacking", "isolated", "removed", "previous",
                                         "next", "contiguous", "trained", "trained_short", "llama2",
                                         "mistral", "metaspace", "phrases"),
                         [](const auto& info) { return std::string(info.param); });

// Tokenizers that lose nothing: no normaliser, no stripping, every byte known.
class LosslessTokenizer : public testing::TestWithParam<const char*> {};

TEST_P(LosslessTokenizer, DecodesWhatItEncodedToTheSameText) {
  const Tokenizer tokenizer = Tokenizer::load(kTextData / GetParam());
  for (const std::string& text : adversarial_strings()) {
    if (text.find('<') != std::string::npos)
      continue;  // special tokens are left out of decoded text
    const bool has_mark = text.find("\xE2\x96\x81") != std::string::npos;
    const bool has_added_token = text.find("  x") != std::string::npos;
    if ((has_mark || has_added_token) && GetParam() == std::string("llama2"))
      continue;  // the mark reads back as a blank, and a blank is added behind the token
    ASSERT_EQ(tokenizer.decode(tokenizer.encode(text)), text);
  }
}

TEST_P(LosslessTokenizer, DecodesAnyBytesToTheSameBytes) {
  const Tokenizer tokenizer = Tokenizer::load(kTextData / GetParam());
  Random random(3);
  for (int i = 0; i < 500; ++i) {
    std::string bytes;
    for (uint64_t length = random.below(40); bytes.size() < length;) {
      // Half of them lead or continuation bytes, so that sequences break at every place.
      bytes +=
          static_cast<char>(random.below(2) == 0 ? random.below(256) : 0x80 + random.below(128));
    }
    ASSERT_EQ(tokenizer.decode(tokenizer.encode(bytes)), bytes);
  }
}

TEST_P(LosslessTokenizer, ReadsAMegabyteOfOneKind) {
  const Tokenizer tokenizer = Tokenizer::load(kTextData / GetParam());
  for (const std::string part : {"a", " ", "\n", "1", "A", "\xF0\x9F\x99\x82", "\xCC\x81", "\xFF",
                                 "\xED\xA0\x80", "a ", " \n", "'s"}) {
    const std::string text = repeated(part, (1 << 20) / part.size());
    ASSERT_EQ(tokenizer.decode(tokenizer.encode(text)), text) << to_line(Json(part));
  }
}

INSTANTIATE_TEST_SUITE_P(Tokenizer, LosslessTokenizer,
                         testing::Values("gpt2", "llama3", "smollm2", "trained", "previous", "next",
                                         "llama2"),
                         [](const auto& info) { return std::string(info.param); });

TEST(Tokenizer, AByteThatIsNotUtf8BecomesItsByteToken) {
  const Tokenizer tokenizer = Tokenizer::load(kTextData / "gpt2");
  const auto ids = tokenizer.encode("the\xFFthe\xC3");
  const auto the = tokenizer.encode("the");
  ASSERT_EQ(ids.size(), 2 * the.size() + 2);
  EXPECT_EQ(tokenizer.bytes_of(ids[the.size()]), "\xFF");
  EXPECT_EQ(tokenizer.bytes_of(ids.back()), "\xC3");
}

TEST(Tokenizer, LeavesSpecialTokensOutOfTextAndAnswersForAnyId) {
  const Tokenizer tokenizer = Tokenizer::load(kTextData / "llama3");
  const auto ids = tokenizer.encode("a<|eot_id|>b", true);
  ASSERT_EQ(ids.size(), 4u);  // the template's first token, a, the special token, b
  EXPECT_EQ(tokenizer.bytes_of(ids[0]), "");
  EXPECT_EQ(tokenizer.bytes_of(ids[2]), "");
  EXPECT_EQ(tokenizer.decode(ids), "ab");
  for (const TokenId id : {-1, tokenizer.vocab_size(), std::numeric_limits<TokenId>::max()}) {
    EXPECT_EQ(tokenizer.bytes_of(id), "");
  }
}

TEST(Tokenizer, GivesEveryThreadTheSameIds) {
  const Tokenizer tokenizer = Tokenizer::load(kTextData / "smollm2");
  const auto texts = adversarial_strings();
  std::vector<std::vector<std::vector<TokenId>>> found(4);
  std::vector<std::thread> threads;
  for (auto& ids : found) {
    threads.emplace_back([&] {
      for (const std::string& text : texts) ids.push_back(tokenizer.encode(text));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& ids : found) EXPECT_EQ(ids, found[0]);
}

TEST(BytePair, WorkGrowsInStepWithTheWord) {
  for (const std::string name : {"gpt2", "llama3", "llama2"}) {
    const TokenizerJson file =
        parse_tokenizer_json(read_file(kTextData / name / "tokenizer.json"), name);
    const BytePair model(
        file["model"],
        name == "llama2" ? BytePair::Symbols::kCharacters : BytePair::Symbols::kBytes, name);
    for (const std::string part : {"a", " ", "the", "\xF0\x9F\x99\x82", "\xCC\x81"}) {
      std::vector<TokenId> ids;
      const std::size_t half = model.encode(repeated(part, 1 << 17), ids);
      const std::size_t whole = model.encode(repeated(part, 1 << 18), ids);
      EXPECT_LE(whole, half * 2 + half / 10) << name << " " << part;
      EXPECT_LE(whole, 3 * part.size() << 18) << name << " " << part;
    }
  }
}

// A tokenizer.json with changes, and what the error should say of it.
class TokenizerFolder {
 public:
  TokenizerFolder()
      : file(parse_json(read_file(kTextData / "lacking/tokenizer.json"), "lacking")) {}

  Tokenizer load() {
    write_file_atomically(folder.path() / "tokenizer.json", to_line(file));
    return Tokenizer::load(folder.path());
  }

  std::string error() {
    try {
      load();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  Json file;
  TemporaryFolder folder;
};

using Change = std::function<void(Json&)>;

void expect_errors(const std::vector<std::pair<Change, std::string>>& cases) {
  for (const auto& [change, expected] : cases) {
    TokenizerFolder folder;
    change(folder.file);
    const std::string error = folder.error();
    EXPECT_NE(error.find(expected), std::string::npos) << error << "\n  should say: " << expected;
    EXPECT_EQ(error.find((folder.folder.path() / "tokenizer.json").string()), 0u) << error;
    EXPECT_EQ(error.find('\n'), std::string::npos) << error;
  }
}

TEST(Tokenizer, AMalformedModelIsOneErrorThatSaysWhatAndWhere) {
  expect_errors(
      {{[](Json& f) { f["version"] = "2.0"; },
        "version: \"2.0\" is not supported; supported are 1.0"},
       {[](Json& f) { f.erase("model"); }, "model: the model is missing"},
       {[](Json& f) { f["model"]["type"] = "Unigram"; },
        "\"Unigram\" is not supported; supported are BPE"},
       {[](Json& f) { f["model"]["byte_fallback"] = true; },
        "byte_fallback = \"true\" is not supported"},
       {[](Json& f) { f["model"].erase("vocab"); }, "\"vocab\" should be an object"},
       {[](Json& f) { f["model"]["vocab"]["a"] = -1; }, "the id of \"a\" should be a whole number"},
       {[](Json& f) { f["model"]["vocab"]["a"] = 1.5; }, "should be a whole number"},
       {[](Json& f) { f["model"]["vocab"]["a"] = 99999999999; }, "should be a whole number"},
       {[](Json& f) { f["model"]["vocab"]["a"] = 2000000000; }, "the largest id is 2000000000"},
       {[](Json& f) { f["model"]["vocab"]["a"] = f["model"]["vocab"]["b"]; }, "have the same id"},
       {[](Json& f) { f["model"].erase("merges"); }, "\"merges\" should be a list"},
       {[](Json& f) { f["model"]["merges"].push_back("a b c"); }, "a merge should be"},
       {[](Json& f) { f["model"]["merges"].push_back("ab"); }, "a merge should be"},
       {[](Json& f) {
          f["model"]["merges"].push_back({"a", 1});
        },
        "a merge should be"},
       {[](Json& f) {
          f["model"]["merges"].push_back({"a", "qqq"});
        },
        "needs \"qqq\", which is not in"},
       {[](Json& f) {
          f["model"]["merges"].push_back({"q", "q"});
        },
        "needs \"qq\", which is not in"},
       {[](Json& f) { f["model"]["unk_token"] = "<no>"; },
        "unk_token \"<no>\" is not in the vocabulary"}});
}

TEST(Tokenizer, AMalformedStageIsOneErrorThatSaysWhatAndWhere) {
  expect_errors(
      {{[](Json& f) {
          f["normalizer"] = {{"type", "NFKC"}};
        },
        "normalizer: \"NFKC\" is not supported; supported are null, NFC, Prepend"},
       {[](Json& f) { f["normalizer"] = "NFC"; }, "expected a JSON object"},
       {[](Json& f) { f["pre_tokenizer"] = nullptr; },
        "decoder: \"ByteLevel\" is not supported; supported are Replace"},
       {[](Json& f) {
          f["pre_tokenizer"] = {{"type", "Metaspace"}, {"replacement", "_"}};
        },
        "replacement: \"_\" is not supported"},
       {[](Json& f) {
          f["pre_tokenizer"] = {{"type", "Metaspace"}, {"prepend_scheme", "last"}};
        },
        "prepend_scheme: \"last\" is not supported"},
       {[](Json& f) {
          f["pre_tokenizer"] = {{"type", "Whitespace"}};
        },
        "\"Whitespace\" is not supported; supported are null, Metaspace, ByteLevel, Split"},
       {[](Json& f) {
          f["pre_tokenizer"] = nullptr;
          f["decoder"] = {{"type", "Strip"}, {"content", " "}, {"start", 2}, {"stop", 0}};
        },
        "only a Strip of one leading blank"},
       {[](Json& f) {
          f["pre_tokenizer"] = nullptr;
          f["decoder"] = {{"type", "Fuse"}};
          f["model"]["byte_fallback"] = true;
        },
        "byte_fallback needs <0x00>"},
       {[](Json& f) {
          f["normalizer"] = {{"type", "Replace"}, {"pattern", {{"Regex", "a"}}}, {"content", "b"}};
        },
        "only a pattern that is {\"String\": \"...\"}"},
       {[](Json& f) {
          f["normalizer"] = {{"type", "Prepend"}, {"prepend", "more than 8 bytes"}};
        },
        "more than 8 bytes are not supported"}});
}

TEST(Tokenizer, AMalformedStageOfByteLevelIsOneErrorThatSaysWhatAndWhere) {
  expect_errors(
      {{[](Json& f) {
          f["pre_tokenizer"] = {{"type", "Digits"}};
        },
        "there is no ByteLevel"},
       {[](Json& f) {
          f["pre_tokenizer"] = {{"type", "Sequence"},
                                {"pretokenizers", {{{"type", "ByteLevel"}}, {{"type", "Digits"}}}}};
        },
        "\"Digits\" follows ByteLevel"},
       {[](Json& f) {
          f["pre_tokenizer"] = {
              {"type", "Split"}, {"pattern", {{"Regex", "a("}}}, {"behavior", "Isolated"}};
        },
        "not a valid pattern: \"a(\""},
       {[](Json& f) {
          f["pre_tokenizer"] = {
              {"type", "Split"}, {"pattern", {{"Regex", "[a&&b]"}}}, {"behavior", "Isolated"}};
        },
        "&& inside a bracket"},
       {[](Json& f) {
          f["pre_tokenizer"] = {
              {"type", "Split"}, {"pattern", {{"Regex", "a{1,3}+"}}}, {"behavior", "Isolated"}};
        },
        "+ behind a repetition count"},
       {[](Json& f) {
          f["pre_tokenizer"] = {{"type", "Split"}, {"behavior", "Isolated"}};
        },
        "Split needs a pattern"},
       {[](Json& f) {
          f["pre_tokenizer"] = {
              {"type", "Split"}, {"pattern", {{"String", "a"}}}, {"behavior", "Lost"}};
        },
        "behavior: \"Lost\" is not supported"},
       {[](Json& f) { f["pre_tokenizer"]["add_prefix_space"] = 1; },
        "\"add_prefix_space\" should be true or false, found 1"},
       {[](Json& f) {
          f["decoder"] = {{"type", "WordPiece"}};
        },
        "decoder: \"WordPiece\" is not supported; supported are null and ByteLevel"},
       {[](Json& f) {
          f["post_processor"] = {{"type", "BertProcessing"}};
        },
        "post_processor: \"BertProcessing\" is not supported"},
       {[](Json& f) {
          f["post_processor"] = {{"type", "TemplateProcessing"}, {"single", Json::array()}};
        },
        "should hold Sequence once, found 0"},
       {[](Json& f) {
          f["post_processor"] = {
              {"type", "TemplateProcessing"},
              {"single", {{{"SpecialToken", {{"id", "<s>"}}}}, {{"Sequence", {{"id", "A"}}}}}}};
        },
        "\"<s>\" is missing from special_tokens"}});
}

TEST(Tokenizer, AMalformedAddedTokenIsOneErrorThatSaysWhatAndWhere) {
  const Json token = {{"id", 900}, {"content", "<x>"}, {"special", true}};
  const auto with_token = [&](const char* key, Json value) {
    return [=](Json& file) {
      file["added_tokens"] = Json::array({token});
      file["added_tokens"][0][key] = value;
    };
  };
  expect_errors({{[](Json& f) { f["added_tokens"] = 3; }, "added_tokens: should be a list"},
                 {with_token("id", -3), "the id of \"<x>\" should be a whole number"},
                 {with_token("id", 500000000), "the largest id is 500000000"},
                 {with_token("content", ""), "has no content"},
                 {with_token("content", 7), "should be a string"},
                 {with_token("content", "a"), "\"a\" has id 900"},
                 {with_token("id", 3), "has id 3, which is"},
                 {[&](Json& f) {
                    f["added_tokens"] = {token, token};
                  },
                  "repeats another token's content or id"}});
}

TEST(Tokenizer, TextThatIsNotJsonIsOneError) {
  TemporaryFolder folder;
  for (const char* content : {"", "{", "[]", "{\"a\":1,\"a\":2}", "{\"version\":\"1.0\"", "\xFF",
                              "{\"a\":\"\\ud800\"}"}) {
    write_file_atomically(folder.path() / "tokenizer.json", content);
    EXPECT_THROW(Tokenizer::load(folder.path()), Error) << content;
  }
  write_file_atomically(folder.path() / "tokenizer.json", std::string(100000, '['));
  EXPECT_THROW(Tokenizer::load(folder.path()), Error);
  EXPECT_THROW(Tokenizer::load(folder.path() / "nothing"), Error);
}

TEST(Tokenizer, TakesFirstAndLastTokenFromTheTokenizersConfigThenTheModels) {
  TokenizerFolder folder;
  const auto id_of = [&](const char* token) {
    return folder.file["model"]["vocab"][token].get<TokenId>();
  };
  const auto write = [&](const char* name, const Json& content) {
    write_file_atomically(folder.folder.path() / name, to_line(content));
  };
  EXPECT_EQ(folder.load().bos(), std::nullopt);
  EXPECT_EQ(folder.load().eos(), std::nullopt);
  write("config.json", {{"bos_token_id", 5}, {"eos_token_id", {7, 8}}});
  EXPECT_EQ(folder.load().bos(), 5);
  EXPECT_EQ(folder.load().eos(), 7);
  write("tokenizer_config.json", {{"bos_token", nullptr}, {"eos_token", {{"content", "a"}}}});
  EXPECT_EQ(folder.load().bos(), std::nullopt);
  EXPECT_EQ(folder.load().eos(), id_of("a"));
  write("tokenizer_config.json", {{"bos_token", "b"}});
  EXPECT_EQ(folder.load().bos(), id_of("b"));
  EXPECT_EQ(folder.load().eos(), 7);
  write("tokenizer_config.json", {{"bos_token", "<no>"}});
  EXPECT_NE(folder.error().find("bos_token: \"<no>\" is not a token"), std::string::npos)
      << folder.error();
}

}  // namespace
}  // namespace tripost
