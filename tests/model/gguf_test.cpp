#include "model/gguf.h"

#include <ATen/ops/equal.h>
#include <gmock/gmock.h>

#include <fstream>
#include <functional>

#include "model/fixture.h"
#include "model/gguf_model.h"
#include "model/loader.h"
#include "model/safetensors.h"

namespace tripost {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// Made by scripts/make_gguf_fixtures.py with the `gguf` package.
fs::path gguf_fixture(const std::string& name) {
  return fs::path(TRIPOST_SOURCE_DIR) / "tests/data/gguf" / name;
}

TEST(GgufBlocks, EveryTypeIsDequantisedAsTheGgufPackageDoes) {
  const GgufFile file(gguf_fixture("blocks.gguf"));
  const SafetensorsFile expected(gguf_fixture("blocks.safetensors"));
  EXPECT_EQ(file.entries().size(), 12u);
  for (const auto& entry : file.entries()) {
    EXPECT_TRUE(at::equal(file.read(entry), expected.read(*expected.find(entry.name))))
        << entry.name;
  }
}

TEST(GgufBlocks, Q8_0IsQuantisedAsTheGgufPackageDoes) {
  const GgufFile file(gguf_fixture("blocks.gguf"));
  const SafetensorsFile expected(gguf_fixture("blocks.safetensors"));
  const std::string bytes = pack_blocks(expected.read(*expected.find("numbers")), GgufType::kQ8_0);
  const GgufFile::Entry& entry = *file.find("packed");
  std::string stored(entry.size, '\0');
  InputFile(file.path()).read(stored.data(), entry.size, entry.begin);
  EXPECT_TRUE(bytes == stored);
}

// Without the syncs of write_file_atomically, which thousands of files would wait for.
void write_bytes(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

class GgufModel : public ::testing::Test {
 protected:
  fs::path path(const std::string& name = "model.gguf") const { return scratch_.path() / name; }
  Scratch scratch_;
};

// A byte-level tokenizer of three tokens, and a chat template.
Companions tokenizer() {
  return {{"tokenizer.json",
           R"json({"version": "1.0", "normalizer": null, "post_processor": null,
                   "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false,
                                     "trim_offsets": false, "use_regex": true},
                   "added_tokens": [{"id": 2, "content": "<end>", "special": true}],
                   "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 3},
                             "merges": [["a", "b"]]}})json"},
          {"tokenizer_config.json",
           R"({"bos_token": null, "eos_token": {"content": "<end>"}, "chat_template": "{{x}}"})"}};
}

void expect_same_model(Transformer& a, Transformer& b) {
  EXPECT_TRUE(at::equal(a.values(), b.values()));
  EXPECT_EQ(a.config().rope.theta, b.config().rope.theta);
  EXPECT_EQ(a.config().rope.scaling, b.config().rope.scaling);
  EXPECT_EQ(a.config().rms_norm_eps, b.config().rms_norm_eps);
  EXPECT_EQ(a.config().max_position_embeddings, b.config().max_position_embeddings);
  EXPECT_EQ(a.config().eos_token_ids, b.config().eos_token_ids);
}

TEST_F(GgufModel, AFileOfLlamaCppsConverterIsTheModelItCameFrom) {
  for (const char* name : {"tiny-llama", "tiny-qwen2"}) {
    const auto from_gguf =
        load_model(gguf_fixture(std::string(name) + ".gguf"), at::kCPU, at::kFloat);
    const auto from_folder = load_model(fixture(name), at::kCPU, at::kFloat);
    expect_same_model(*from_gguf, *from_folder);
    EXPECT_EQ(from_gguf->config().architecture, from_folder->config().architecture);
  }
}

TEST_F(GgufModel, EveryArchitectureComesBackEqualFromF32AndBF16) {
  for (const char* name :
       {"tiny-llama", "tiny-llama3", "tiny-llama-bias", "tiny-qwen2", "tiny-qwen3"}) {
    const auto model = load_model(fixture(name), at::kCPU, at::kFloat);
    for (const GgufType type : {GgufType::kF32, GgufType::kBF16}) {
      save_gguf_model(*model, path(), tokenizer(), type);
      expect_same_model(*load_model(path(), at::kCPU, at::kFloat), *model);
    }
  }
}

TEST_F(GgufModel, RowsThatAreNoWholeBlocksOfQ8_0AreF16) {
  const auto model = load_model(fixture("tiny-qwen2"), at::kCPU, at::kFloat);
  save_gguf_model(*model, path(), tokenizer(), GgufType::kQ8_0);
  const GgufFile file(path());
  EXPECT_STREQ(file.find("blk.0.attn_q.weight")->blocks->name, "Q8_0");
  EXPECT_STREQ(file.find("blk.0.ffn_down.weight")->blocks->name, "F16");  // 40 columns
  EXPECT_STREQ(file.find("blk.0.attn_q.bias")->blocks->name, "F32");
}

TEST_F(GgufModel, RefusesWhatLlamaCppCouldNotCompute) {
  const auto windowed = load_model(fixture("tiny-mistral"), at::kCPU, at::kFloat);
  EXPECT_THAT(error_of([&] { save_gguf_model(*windowed, path(), tokenizer(), GgufType::kF16); }),
              HasSubstr("sliding_window"));
  const auto model = load_model(fixture("tiny-qwen2"), at::kCPU, at::kFloat);
  model->layers()[0].down.value.fill_(70000.0f);
  EXPECT_THAT(error_of([&] { save_gguf_model(*model, path(), tokenizer(), GgufType::kF16); }),
              AllOf(HasSubstr("down_proj"), HasSubstr("bfloat16")));
  Companions odd = tokenizer();
  odd["tokenizer.json"] =
      R"({"model": {"type": "BPE", "vocab": {}, "merges": []}, "pre_tokenizer": null})";
  EXPECT_THAT(error_of([&] { save_gguf_model(*model, path(), odd, GgufType::kBF16); }),
              AllOf(HasSubstr("pre-tokenizer"), HasSubstr("smollm")));
  odd["tokenizer.json"] = R"({"model": {"type": "BPE", "vocab": 7}})";
  EXPECT_THAT(error_of([&] { save_gguf_model(*model, path(), odd, GgufType::kBF16); }),
              HasSubstr("tokenizer.json"));
  EXPECT_FALSE(fs::exists(path()));
}

TEST_F(GgufModel, TheTokenizerComesBackWithItsSpecialTokensAndTemplate) {
  const auto model = load_model(fixture("tiny-qwen2"), at::kCPU, at::kFloat);
  save_gguf_model(*model, path(), tokenizer(), GgufType::kBF16);
  const Companions back = companions_of(path());
  const Json file = parse_json(back.at("tokenizer.json"), "");
  EXPECT_EQ(file["model"]["vocab"], Json::parse(R"({"<end>": 2, "a": 0, "ab": 3, "b": 1})"));
  EXPECT_EQ(file["model"]["merges"], Json::parse(R"(["a b"])"));
  EXPECT_EQ(file["added_tokens"].size(), 1u);
  EXPECT_EQ(file["added_tokens"][0]["content"], "<end>");
  const Json config = parse_json(back.at("tokenizer_config.json"), "");
  EXPECT_EQ(config["eos_token"], "<end>");
  EXPECT_EQ(config["chat_template"], "{{x}}");
  EXPECT_TRUE(config["bos_token"].is_null());
  const GgufFile gguf(path());
  EXPECT_EQ(gguf.need<std::vector<std::string>>("tokenizer.ggml.tokens")[63], "[PAD63]");
}

TEST_F(GgufModel, TheTokenThatOpensATextIsNamedThoughNoConfigNamesIt) {
  const auto model = load_model(fixture("tiny-qwen2"), at::kCPU, at::kFloat);
  Companions given = tokenizer();
  Json json = parse_json(given["tokenizer.json"], "");
  const Json text = {{"Sequence", {{"id", "A"}, {"type_id", 0}}}};
  json["post_processor"] = {
      {"type", "TemplateProcessing"},
      {"single", {{{"SpecialToken", {{"id", "<end>"}, {"type_id", 0}}}}, text}},
      {"pair", Json::array()},
      {"special_tokens", {{"<end>", {{"id", "<end>"}, {"ids", {2}}, {"tokens", {"<end>"}}}}}}};
  given["tokenizer.json"] = json.dump();
  save_gguf_model(*model, path(), given, GgufType::kBF16);
  const GgufFile file(path());
  EXPECT_EQ(file.need<int64_t>("tokenizer.ggml.bos_token_id"), 2);
  EXPECT_TRUE(file.need<bool>("tokenizer.ggml.add_bos_token"));
}

// Bytes of a small GGUF file, each part of which a test may spoil.
struct Bytes {
  std::string text;
  template <class T>
  Bytes& number(T value) {
    text.append(reinterpret_cast<const char*>(&value), sizeof(value));
    return *this;
  }
  Bytes& string(const std::string& value) {
    number<uint64_t>(value.size());
    text += value;
    return *this;
  }
};

struct Info {
  std::string name = "a";
  uint32_t dimensions = 2;
  std::vector<uint64_t> sizes = {4, 2};
  uint32_t type = 0;
  uint64_t offset = 0;
};

struct Head {
  std::string magic = "GGUF";
  uint32_t version = 3;
  uint64_t num_tensors = 2, num_values = 1;
  std::string values =
      Bytes().string("general.alignment").number<uint32_t>(4).number<uint32_t>(32).text;
  std::vector<Info> infos = {{}, {"b", 1, {8}, 1, 32}};
  std::size_t data_bytes = 64;

  std::string bytes() const {
    Bytes all{magic};
    all.number(version).number(num_tensors).number(num_values);
    all.text += values;
    for (const Info& info : infos) {
      all.string(info.name).number(info.dimensions);
      for (const uint64_t size : info.sizes) all.number(size);
      all.number(info.type).number(info.offset);
    }
    all.text.append((32 - all.text.size() % 32) % 32, '\0');
    all.text.append(data_bytes, '\0');
    return all.text;
  }
};

std::string value_bytes(const std::string& key, uint32_t type, const std::string& value) {
  return Bytes().string(key).number(type).text + value;
}

struct BadFile {
  const char* what;
  std::function<void(Head&)> spoil;
  std::vector<std::string> said;
};

const std::vector<BadFile> kBadFiles = {
    {"magic", [](Head& h) { h.magic = "GGML"; }, {"not a GGUF file"}},
    {"version", [](Head& h) { h.version = 1; }, {"version 1"}},
    {"big-endian", [](Head& h) { h.version = 0x03000000; }, {"little-endian"}},
    {"absurd tensors", [](Head& h) { h.num_tensors = UINT64_MAX; }, {"number of tensors"}},
    {"many tensors", [](Head& h) { h.num_tensors = 7; }, {"number of tensors"}},
    {"absurd values", [](Head& h) { h.num_values = uint64_t{1} << 40; }, {"metadata values"}},
    {"10 GB key",
     [](Head& h) { h.values = Bytes().number<uint64_t>(10'000'000'000).text + h.values; },
     {"10000000000 bytes long"}},
    {"no key", [](Head& h) { h.values = value_bytes("", 4, "abcd"); }, {"key of 0 bytes"}},
    {"value type", [](Head& h) { h.values = value_bytes("k", 99, "abcd"); }, {"\"k\"", "99"}},
    {"absurd list",
     [](Head& h) {
       h.values = value_bytes("k", 9, Bytes().number<uint32_t>(5).number<uint64_t>(1 << 30).text);
     },
     {"length of a list", "1073741824"}},
    {"list of lists",
     [](Head& h) {
       h.values = value_bytes("k", 9, Bytes().number<uint32_t>(9).number<uint64_t>(1).text);
     },
     {"\"k\"", "type 9"}},
    {"large integer",
     [](Head& h) { h.values = value_bytes("k", 10, Bytes().number<uint64_t>(UINT64_MAX).text); },
     {"\"k\"", "18446744073709551615"}},
    {"same key",
     [](Head& h) {
       h.values += h.values;
       h.num_values = 2;
     },
     {"general.alignment", "twice"}},
    {"alignment 0",
     [](Head& h) {
       h.values = value_bytes("general.alignment", 4, Bytes().number<uint32_t>(0).text);
     },
     {"general.alignment", "power of two"}},
    {"alignment 24",
     [](Head& h) {
       h.values = value_bytes("general.alignment", 4, Bytes().number<uint32_t>(24).text);
     },
     {"24", "power of two"}},
    {"alignment a text",
     [](Head& h) { h.values = value_bytes("general.alignment", 8, Bytes().string("32").text); },
     {"general.alignment", "a text"}},
    {"same tensor", [](Head& h) { h.infos[1].name = "a"; }, {"\"a\"", "twice"}},
    {"no dimension", [](Head& h) { h.infos[0].dimensions = 0; }, {"0 dimensions"}},
    {"five dimensions", [](Head& h) { h.infos[0].dimensions = 5; }, {"5 dimensions"}},
    {"dimension 0", [](Head& h) { h.infos[0].sizes[1] = 0; }, {"dimensions is 0"}},
    {"overflow",
     [](Head& h) {
       h.infos[0].sizes = {uint64_t{1} << 40, uint64_t{1} << 40};
     },
     {"\"a\"", "overflows"}},
    {"bytes overflow",
     [](Head& h) {
       h.infos[0].sizes = {uint64_t{1} << 40, uint64_t{1} << 22};
     },
     {"\"a\"", "overflows"}},
    {"type Q2_K", [](Head& h) { h.infos[0].type = 10; }, {"Q2_K", "supported: F32"}},
    {"type 4444", [](Head& h) { h.infos[0].type = 4444; }, {"type 4444"}},
    {"half a block", [](Head& h) { h.infos[0].type = 8; }, {"whole blocks of 32", "Q8_0"}},
    {"overlap", [](Head& h) { h.infos[1].offset = 0; }, {"overlap"}},
    {"hole", [](Head& h) { h.infos[1].offset = 64; }, {"hole"}},
    {"far offset", [](Head& h) { h.infos[1].offset = UINT64_MAX - 31; }, {"\"b\"", "hole"}},
    {"unaligned", [](Head& h) { h.infos[1].offset = 33; }, {"\"b\"", "33"}},
    {"cut data", [](Head& h) { h.data_bytes = 40; }, {"\"b\"", "cut short"}},
    {"large tensor", [](Head& h) { h.infos[1].sizes[0] = 1 << 30; }, {"\"b\"", "cut short"}},
    {"more data", [](Head& h) { h.data_bytes = 128; }, {"follow the last tensor"}},
};

class BadGguf : public GgufModel {
 protected:
  std::string error_for(const std::string& bytes) {
    write_bytes(path(), bytes);
    return error_of([&] { GgufFile file(path()); });
  }
};

TEST_F(BadGguf, EveryRuleThatIsBrokenIsOneLineThatNamesIt) {
  write_bytes(path(), Head().bytes());
  EXPECT_EQ(GgufFile(path()).entries().size(), 2u);
  for (const BadFile& bad : kBadFiles) {
    Head head;
    bad.spoil(head);
    const std::string error = error_for(head.bytes());
    EXPECT_THAT(error, HasSubstr(path().string())) << bad.what;
    for (const std::string& part : bad.said) EXPECT_THAT(error, HasSubstr(part)) << bad.what;
  }
}

TEST_F(BadGguf, AFileCutAnywhereIsAnError) {
  const std::string whole = read_file(gguf_fixture("tiny-qwen2.gguf"));
  const std::size_t head = 2500;
  for (std::size_t length = 0; length < whole.size(); length += length < head ? 7 : 997) {
    error_for(whole.substr(0, length));
  }
}

// Whatever bytes a file has: an Error or a file, never a crash or a large allocation.
TEST_F(BadGguf, NoChangedByteOfTheHeadCrashes) {
  const std::string whole = read_file(gguf_fixture("tiny-qwen2.gguf"));
  int errors = 0;
  for (std::size_t place = 0; place < 2500; place += 2) {
    std::string bytes = whole;
    bytes[place] = static_cast<char>(bytes[place] ^ (1 << place / 2 % 8 | 0x80));
    write_bytes(path(), bytes);
    try {
      load_model(path(), at::kCPU, at::kFloat);
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
      ++errors;
    }
  }
  EXPECT_GT(errors, 500);
}

// The error of loading tiny-qwen2.gguf after replacing a text in its head by one as long.
class ChangedGguf : public GgufModel {
 protected:
  std::string error_after(const std::string& from, const std::string& to) {
    std::string bytes = read_file(gguf_fixture("tiny-qwen2.gguf"));
    for (std::size_t at = bytes.find(from); at != std::string::npos;
         at = bytes.find(from, at + to.size())) {
      bytes.replace(at, from.size(), to);
    }
    write_bytes(path(), bytes);
    return error_of([&] { load_model(path(), at::kCPU, at::kFloat); });
  }
};

TEST_F(ChangedGguf, WhatMayChangeNumbersIsNamed) {
  EXPECT_THAT(error_after("qwen2", "gpt42"), AllOf(HasSubstr("gpt42"), HasSubstr("llama, qwen2")));
  EXPECT_THAT(error_after("qwen2.rope.freq_base", "qwen2.rope.freq_baze"),
              HasSubstr("qwen2.rope.freq_baze"));
  EXPECT_THAT(error_after("qwen2.block_count", "other.block_count"),
              HasSubstr("qwen2.block_count"));
  EXPECT_THAT(error_after("blk.1.ffn_up.weight", "blk.1.ffn_xx.weight"),
              AllOf(HasSubstr("blk.1.ffn_up.weight"), HasSubstr("missing")));
  EXPECT_THAT(error_after("blk.0.attn_k.bias", "blk.0.attn_k.bism"), HasSubstr("attn_k.bias"));
}

TEST_F(ChangedGguf, ShapesThatDoNotFitAreToldWithBothShapes) {
  const std::string key = "qwen2.feed_forward_length";
  const auto value = [&](uint32_t number) {
    return key + Bytes().number<uint32_t>(4).number(number).text;
  };
  EXPECT_THAT(error_after(value(40), value(41)),
              AllOf(HasSubstr("[40, 32]"), HasSubstr("[41, 32]")));
}

TEST_F(ChangedGguf, AnUnknownTokenizerIsNamed) {
  std::string bytes = read_file(gguf_fixture("tokenizer-smollm2.gguf"));
  bytes.replace(bytes.find("smollm"), 6, "smollx");
  write_bytes(path(), bytes);
  EXPECT_THAT(error_of([&] { companions_of(path()); }),
              AllOf(HasSubstr("smollx"), HasSubstr("llama-bpe")));
}

}  // namespace
}  // namespace tripost
