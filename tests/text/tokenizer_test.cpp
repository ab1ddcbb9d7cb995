#include "text/tokenizer.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <thread>

#include "base/error.h"
#include "base/file.h"
#include "text/byte_pair.h"

namespace tripost {
namespace {

const fs::path kData = fs::path(TRIPOST_SOURCE_DIR) / "tests/data/text";

std::vector<std::string> strings() {
  std::vector<std::string> texts;
  for_each_json_line(kData / "strings.jsonl",
                     [&](Json line, const std::string&) { texts.push_back(line["text"]); });
  return texts;
}

// 32-bit FNV-1a of "1 2 3 ", as scripts/make_tokenizer_fixtures.py computes it.
std::string hash_of(const std::vector<TokenId>& ids) {
  std::string text;
  for (const TokenId id : ids) text += std::to_string(id) + " ";
  uint32_t value = 0x811C9DC5u;
  for (const char byte : text) value = (value ^ static_cast<uint8_t>(byte)) * 0x01000193u;
  return fmt::format("{:08x}", value);
}

std::vector<std::string> lines_of(const fs::path& path) {
  std::vector<std::string> lines;
  const std::string content = read_file(path);
  for (std::size_t begin = 0, end; (end = content.find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    lines.push_back(content.substr(begin, end - begin));
  }
  return lines;
}

class EveryTokenizer : public testing::TestWithParam<const char*> {};

TEST_P(EveryTokenizer, GivesTheIdsOfHuggingFaceForEveryString) {
  const Tokenizer tokenizer = Tokenizer::load(kData / GetParam());
  const auto texts = strings();
  const auto expected = lines_of(kData / GetParam() / "hashes.txt");
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
                                         "next", "contiguous"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace tripost
