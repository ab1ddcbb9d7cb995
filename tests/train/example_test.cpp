#include "train/example.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "text/prompt.h"
#include "train/temporary_directory.h"

namespace tripost {
namespace {

// Byte-level BPE over "a" and "b" with the merge "ab", a BOS before every prompt and, unless left
// out, an EOS.
constexpr const char* kTokenizer = R"({
  "added_tokens": [
    {"id": 3, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true},
    {"id": 4, "content": "</s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}],
  "normalizer": null,
  "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
  "post_processor": {"type": "TemplateProcessing",
    "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
    "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
    "special_tokens": {"<s>": {"id": "<s>", "ids": [3], "tokens": ["<s>"]}}},
  "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
  "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
    "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false,
    "vocab": {"a": 0, "b": 1, "ab": 2, "<s>": 3, "</s>": 4}, "merges": ["a b"]}
})";

Tokenizer load_tokenizer(bool with_eos = true) {
  const TemporaryDirectory folder;
  write_file_atomically(folder.path() / "tokenizer.json", kTokenizer);
  write_file_atomically(
      folder.path() / "tokenizer_config.json",
      with_eos ? R"({"bos_token": "<s>", "eos_token": "</s>"})" : R"({"bos_token": "<s>"})");
  return Tokenizer::load(folder.path());
}

Record record_of(const std::string& text, std::vector<WeightedSection> sections, bool ends) {
  Record record;
  record.text = text;
  record.sections = std::move(sections);
  record.ends = ends;
  return record;
}

using Ids = std::vector<int32_t>;
using Weights = std::vector<float>;

TEST(MakeExample, TokensCarryTheWeightOfTheirSectionAndTheEndThatOfTheLast) {
  const Example example =
      make_example(record_of("abba", {{0, 2, 0.5f}, {2, 4, 1.5f}}, true), load_tokenizer());
  EXPECT_EQ(example.ids, (Ids{3, 2, 1, 0, 4}));
  EXPECT_EQ(example.weights, (Weights{0.5f, 0.5f, 1.5f, 1.5f, 1.5f}));
}

TEST(MakeExample, NoTokenCrossesASectionBorder) {
  // "ab" is one token, unless a section, where generation starts or stops, begins between its
  // letters.
  const Tokenizer tokenizer = load_tokenizer();
  EXPECT_EQ(make_example(record_of("ab", {{0, 2, 1}}, false), tokenizer).ids, (Ids{3, 2}));
  EXPECT_EQ(make_example(record_of("ab", {{0, 1, 1}, {1, 2, 1}}, false), tokenizer).ids,
            (Ids{3, 0, 1}));
}

TEST(MakeExample, OneAuthorsTextIsTokenisedInOneGoWhateverItsWeights) {
  const Tokenizer tokenizer = load_tokenizer();
  const Example example = make_example(
      record_of("abab", {{0, 1, 1, "attempt"}, {1, 3, 2, "attempt"}, {3, 4, 3, "feedback"}}, false),
      tokenizer);
  EXPECT_EQ(example.ids, (Ids{3, 2, 0, 1}));          // "ab", "a" before the feedback's "b"
  EXPECT_EQ(example.weights, (Weights{1, 1, 2, 3}));  // a token weighs what its first byte does
}

TEST(MakeExample, SpecialTokensStandBeforeTheFirstSectionThatHasText) {
  const Example example = make_example(
      record_of("ba", {{0, 0, 9}, {0, 1, 1}, {1, 1, 9}, {1, 2, 2}}, false), load_tokenizer());
  EXPECT_EQ(example.ids, (Ids{3, 1, 0}));
  EXPECT_EQ(example.weights, (Weights{1, 1, 2}));
}

TEST(MakeExample, ADocumentThatGoesOnGetsNoEndToken) {
  EXPECT_EQ(make_example(record_of("b", {{0, 1, 1}}, false), load_tokenizer(false)).ids,
            (Ids{3, 1}));
}

TEST(MakeExample, ATextBeforeTheTasksUntrainedWordsIsTaughtToEnd) {
  const std::vector<WeightedSection> sections{
      {0, 1, 0, "task"}, {1, 3, 2, "attempt"}, {3, 4, 0, "task"}, {4, 5, 3, "feedback"}};
  const Example example = make_example(record_of("babab", sections, true), load_tokenizer());
  EXPECT_EQ(example.ids, (Ids{3, 1, 2, 0, 1, 4}));
  EXPECT_EQ(example.targets, (Ids{3, 1, 2, 4, 1, 4}));
  EXPECT_EQ(example.weights, (Weights{0, 0, 2, 2, 3, 3}));
}

TEST(MakeExample, NothingElseIsTaughtToEndInsideADocument) {
  const auto targets = [](float attempt, float label, const char* author) {
    return make_example(record_of("ab", {{0, 1, attempt, author}, {1, 2, label, "task"}}, false),
                        load_tokenizer())
        .targets;
  };
  EXPECT_FALSE(targets(1, 0, "attempt").empty());
  EXPECT_TRUE(targets(1, 1, "attempt").empty()) << "the model is to write the label itself";
  EXPECT_TRUE(targets(0, 0, "attempt").empty()) << "the attempt is not trained on";
  EXPECT_TRUE(targets(1, 0, "").empty()) << "nobody says that these are the task's words";
  EXPECT_TRUE(targets(1, 0, "task").empty()) << "both are the task's";
}

TEST(MakeExample, ATokenizerWithoutAnEndTokenIsAnErrorThatSaysWhatToAdd) {
  const Tokenizer tokenizer = load_tokenizer(false);
  EXPECT_THAT(
      [&] {
        make_example(record_of("b", {{0, 1, 1}}, true), tokenizer);
      },
      testing::ThrowsMessage<Error>(testing::HasSubstr("eos_token")));
}

TEST(MakeExample, ANegativeWeightIsAnError) {
  const Tokenizer tokenizer = load_tokenizer();
  EXPECT_THAT(
      [&] {
        make_example(record_of("b", {{0, 1, -1}}, true), tokenizer);
      },
      testing::ThrowsMessage<Error>(testing::HasSubstr("loss weight -1")));
}

TEST(MakeExample, ARecordWithoutTextOrEndIsAnError) {
  const Tokenizer tokenizer = load_tokenizer();
  EXPECT_THAT([&] { make_example(record_of("", {}, false), tokenizer); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("no text")));
}

class EveryTokenizer : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(MakeExample, EveryTokenizer,
                         testing::Values("models/base", "tests/data/text/gpt2",
                                         "tests/data/text/smollm2", "tests/data/text/qwen",
                                         "tests/data/text/llama3", "tests/data/text/llama2",
                                         "tests/data/text/mistral", "tests/data/text/metaspace"));

// ": " before feedback, ".\n" after a lead-in and the blank that opens a text are tokens of some
// of them.
TEST_P(EveryTokenizer, TheTokensOfAPromptAreTheFirstOfTheRecordThatTeachesIt) {
  const Tokenizer tokenizer =
      Tokenizer::load(std::filesystem::path(TRIPOST_SOURCE_DIR) / GetParam());
  Conversation conversation{"((1 + 1) * 2) =",
                            "Let's think step by step.",
                            {{"(1) It is 3.", "Let's calculate again: 1 + 1 = 2."},
                             {"(1) It is 4.\n(2) So 4.", "Step (1) is correct."}}};
  Record record;
  record.ends = false;
  for (const Piece& piece : render(conversation)) {
    const std::size_t begin = record.text.size();
    record.text += piece.text;
    record.sections.push_back({begin, record.text.size(), 1.0f});
  }
  const Ids taught = make_example(record, tokenizer).ids;
  const auto expect_opens = [&](const Prompt& prompt) {
    const Ids seen = tokenizer.encode_pieces(prompt.text, prompt.borders);
    ASSERT_LT(seen.size(), taught.size());
    EXPECT_EQ(Ids(taught.begin(), taught.begin() + static_cast<std::ptrdiff_t>(seen.size())), seen)
        << prompt.text;
  };
  conversation.turns[1].feedback.clear();
  expect_opens(prompt_for_feedback(conversation));
  conversation.turns.pop_back();
  expect_opens(prompt_for_attempt(conversation));
  conversation.turns[0].feedback.clear();
  expect_opens(prompt_for_feedback(conversation));
  conversation.turns.clear();
  expect_opens(prompt_for_attempt(conversation));
}

// A model goes on with a line break after the lead-in, not with the blank that opens a text.
TEST(MakeExample, NoBlankIsPutBetweenSections) {
  const Tokenizer tokenizer =
      Tokenizer::load(std::filesystem::path(TRIPOST_SOURCE_DIR) / "tests/data/text/llama2");
  const Ids ids = make_example(record_of("so.\nand", {{0, 3, 1}, {3, 7, 1}}, false), tokenizer).ids;
  EXPECT_EQ(tokenizer.decode(ids), "so.\nand");
}

}  // namespace
}  // namespace tripost
