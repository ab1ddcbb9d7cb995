#include <gtest/gtest.h>

#include "base/file.h"
#include "model/companions.h"
#include "text/tokenizer.h"

namespace tripost {
namespace {

const fs::path kData = fs::path(TRIPOST_SOURCE_DIR) / "tests/data";

struct Named {
  const char* folder;    // of tests/data/text
  TokenId first_normed;  // added tokens from here on are matched after normalising, which GGUF
                         // cannot say
};

class GgufTokenizer : public ::testing::TestWithParam<Named> {};
INSTANTIATE_TEST_SUITE_P(PreTokenizers, GgufTokenizer,
                         ::testing::Values(Named{"smollm2", 1 << 30}, Named{"llama3", 1 << 30},
                                           Named{"qwen", 1004}, Named{"gpt2", 1 << 30},
                                           Named{"llama2", 1 << 30}),
                         [](const auto& info) { return std::string(info.param.folder); });

// The folders' ids are those of Hugging Face `tokenizers` (tests/text/tokenizer_test.cpp).
TEST_P(GgufTokenizer, GivesTheIdsOfTheTokenizerJsonItCameFrom) {
  const Tokenizer expected = Tokenizer::load(kData / "text" / GetParam().folder);
  const Companions files =
      companions_of(kData / "gguf" / (std::string("tokenizer-") + GetParam().folder + ".gguf"));
  const Tokenizer actual =
      Tokenizer::parse(files.at("tokenizer.json"), files.at("tokenizer_config.json"), "gguf");
  int compared = 0;
  for_each_json_line(kData / "text/strings.jsonl", [&](Json line, const std::string& where) {
    const auto text = line["text"].get<std::string>();
    const std::vector<TokenId> ids = expected.encode(text, true);
    for (const TokenId id : ids) {
      if (id >= GetParam().first_normed) return;
    }
    EXPECT_EQ(actual.encode(text, true), ids) << where;
    EXPECT_EQ(actual.decode(ids), expected.decode(ids)) << where;
    ++compared;
  });
  EXPECT_GT(compared, 1800);
}

}  // namespace
}  // namespace tripost
